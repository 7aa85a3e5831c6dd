/**
 * Which events somebody said “I’m in” to on this device: the secret end of each receipt’s address.
 * It never leaves the device but in that address.
 */

const TOKEN = /^[\w.-]{20,300}$/;

const keyFor = (event) => `receipt ${event}`;

/** The receipt kept for an event, or "". */
export function receiptOf(store, event) {
  try {
    const kept = store.getItem(keyFor(event)) ?? "";
    return TOKEN.test(kept) ? kept : "";
  } catch {
    return "";
  }
}

/** Keep a receipt, and tell whether that was possible. */
export function keepReceipt(store, event, token) {
  try {
    store.setItem(keyFor(event), token);
  } catch {
    // A browser may forbid it or be full: then the link on the page is all there is, as it says.
  }
  return receiptOf(store, event) === token;
}

/** Forget an event’s receipt. */
export function forgetReceipt(store, event) {
  try {
    store.removeItem(keyFor(event));
  } catch {
    // Where nothing can be kept, nothing was.
  }
}

/** Keep under an event what was kept under a listing that was merged into it, unless it has its own. */
export function adoptReceipt(store, event, listings) {
  for (const listing of listings) {
    const token = receiptOf(store, listing);
    if (token && !receiptOf(store, event) && keepReceipt(store, event, token)) forgetReceipt(store, listing);
  }
}

/** The device’s store, or null: reading the property itself throws where storage is forbidden. */
export function deviceStore() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
