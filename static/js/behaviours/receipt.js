/**
 * “You’re in” on the event’s page, which is the same for everybody: this device alone knows.
 *
 * data-receipt says what to do here: keep (after a pledge), offer to forget, show, or drop (once
 * somebody else has pledged on the device, or once it was withdrawn). What is to be seen stays hidden until something is kept.
 */

import { make } from "../lib/dom.js";
import { forgetNonce } from "../lib/nonces.js";
import { forgetParticipant } from "../lib/participant.js";
import { adoptReceipt, deviceStore, forgetReceipt, keepReceipt, receiptOf } from "../lib/receipts.js";

const KEPT = "&kept";

/** True once: coming back to a page of thanks later must not undo what was kept or forgotten since. */
function isFirstTime() {
  const { pathname, search } = window.location;
  if (search.endsWith(KEPT)) return false;
  window.history.replaceState(null, "", `${pathname}${search}${KEPT}`);
  return true;
}

/** Forget who said “I’m in” to an event: the next who does so on this device is somebody else. */
function forgetPerson(store, { event, moment }) {
  forgetReceipt(store, event);
  forgetNonce(store, event);
  forgetParticipant(store, moment);
}

/** Forget a pledge that does not count any more, unless another was made since: who made it is the same. */
function forgetPledge(store, { event, token }) {
  const kept = receiptOf(store, event);
  if (kept && kept !== token) return;
  forgetReceipt(store, event);
  forgetNonce(store, event);
}

const acts = {
  keep(element, store, { event, token }) {
    if (isFirstTime()) keepReceipt(store, event, token);
    acts.offer(element, store, { event, token });
  },
  offer(element, store, { event, token }) {
    element.hidden = receiptOf(store, event) !== token;
  },
  drop(_element, store, dataset) {
    if (dataset.token) forgetPledge(store, dataset);
    else if (isFirstTime()) forgetPerson(store, dataset);
  },
  show(element, store, { event, merged = "", address }) {
    adoptReceipt(store, event, merged.split(" "));
    const token = receiptOf(store, event);
    element.hidden = !token;
    // The address ends in a stroke where the receipt’s own end belongs.
    if (token) element.querySelector("a").href = address.replace(/-$/, () => token);
  },
};

function forget(button, store, dataset) {
  forgetPerson(store, dataset);
  const said = make("b", { tabindex: "-1" }, dataset.forgotten);
  button.parentElement.replaceChildren(said);
  said.focus();
}

/** Do what the element says; `store` is the device’s own, but in tests. */
export function start(element, store = deviceStore()) {
  const { dataset } = element;
  const act = () => acts[dataset.receipt](element, store, dataset);
  act();
  const button = element.querySelector("button");
  button?.addEventListener("click", () => forget(button, store, dataset));
  // The back button may bring the page back as it was left, before the pledge.
  window.addEventListener("pageshow", ({ persisted }) => persisted && act());
}
