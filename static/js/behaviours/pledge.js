/**
 * “I’m in” in one tap: fetch a nonce, then send a real form, so that the answer is a page.
 */

import { getJson } from "../lib/api.js";
import { make } from "../lib/dom.js";
import { keepNonce, keptNonce } from "../lib/nonces.js";
import { thisParticipant } from "../lib/participant.js";
import { deviceStore } from "../lib/receipts.js";

const NONCE_TIMEOUT_MILLISECONDS = 5000;

async function nonceFor({ event, nonceUrl }) {
  const kept = keptNonce(deviceStore(), event, Date.now());
  if (kept) return kept;
  const { nonce } = await getJson(nonceUrl, { fresh: true, timeout: NONCE_TIMEOUT_MILLISECONDS });
  if (!nonce) throw new Error("The answer has no nonce.");
  return keepNonce(deviceStore(), event, nonce, Date.now());
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
    const { moment, postUrl } = form.dataset;
    const { party, via } = form.elements;
    try {
      const nonce = await nonceFor(form.dataset);
      send(postUrl, given({ nonce, party: party.value, participant: thisParticipant(moment), via: via?.value, leave_empty: trap.value }));
    } catch {
      trap.remove();
      form.submit();
    }
  });
  // The back button may bring the page back as it was left: half-way through sending.
  window.addEventListener("pageshow", ({ persisted }) => persisted && setSending(false));
}
