/**
 * “I’m in” in one tap: fetch a nonce, then send a real form, so that the answer is a page.
 *
 * The nonce stays in the tab after it is sent. Somebody who comes back and taps again sends the
 * same one, which the ledger takes for what it is: the same pledge.
 */

import { getJson } from "../lib/api.js";
import { make } from "../lib/dom.js";
import { thisParticipant } from "../lib/participant.js";

const NONCE_TIMEOUT_MILLISECONDS = 5000;

/** Shorter than a nonce is valid for, so that one from the store is not refused. */
const KEEP_MILLISECONDS = 30 * 60 * 1000;

const keyFor = (url) => `nonce ${url}`;

/** The nonce kept for an address, or null. A browser may forbid the store: then nothing is kept. */
export function keptNonce(store, url, now) {
  try {
    const { nonce, at } = JSON.parse(store.getItem(keyFor(url))) ?? {};
    return nonce && now - at < KEEP_MILLISECONDS ? nonce : null;
  } catch {
    return null;
  }
}

/** Keep a nonce for this tab. */
export function keepNonce(store, url, nonce, now) {
  try {
    store.setItem(keyFor(url), JSON.stringify({ nonce, at: now }));
  } catch {
    // Without a store a second tap is a second nonce; the server still sees one device.
  }
}

/** Reading the property itself throws where storage is forbidden. */
function tabStore() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

async function nonceFor(url) {
  const kept = keptNonce(tabStore(), url, Date.now());
  if (kept) return kept;
  const { nonce } = await getJson(url, { fresh: true, timeout: NONCE_TIMEOUT_MILLISECONDS });
  if (!nonce) throw new Error("The answer has no nonce.");
  keepNonce(tabStore(), url, nonce, Date.now());
  return nonce;
}

/** The fields that have something in them. */
export const given = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value));

function send(url, fields) {
  const inputs = Object.entries(fields).map(([name, value]) => make("input", { type: "hidden", name, value }));
  const form = make("form", { method: "post", action: url, hidden: "" }, ...inputs);
  document.body.append(form);
  form.submit();
}

/** Take over the form's submit; where anything fails, the form goes the way it would have gone. */
export function start(form) {
  let isSending = false;
  const button = form.querySelector("[type=submit], button:not([type])");
  // No person sees or fills it; a program that fills in whatever it finds does.
  const trap = make("input", { name: "leave_empty", hidden: "", tabindex: "-1", autocomplete: "off" });
  form.append(trap);
  const setSending = (value) => {
    isSending = value;
    button?.setAttribute("aria-disabled", String(value));
    form.setAttribute("aria-busy", String(value));
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    setSending(true);
    const { moment, nonceUrl, postUrl } = form.dataset;
    const { party, via } = form.elements;
    try {
      const nonce = await nonceFor(nonceUrl);
      send(postUrl, given({ nonce, party: party.value, participant: thisParticipant(moment), via: via?.value, leave_empty: trap.value }));
    } catch {
      trap.remove();
      form.submit();
    }
  });
  // The back button may bring the page back as it was left: half-way through sending.
  window.addEventListener("pageshow", ({ persisted }) => persisted && setSending(false));
}
