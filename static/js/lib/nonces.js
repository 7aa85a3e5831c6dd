/**
 * The nonce that this device sent last for an event. Somebody who taps again, in another tab or the
 * other language as well, sends the same one, which the ledger takes for what it is: the same pledge.
 */

/** Shorter than a nonce is valid for, so that one from the store is not refused. */
const KEEP_MILLISECONDS = 30 * 60 * 1000;

const keyFor = (event) => `nonce ${event}`;

/** The nonce kept for an event, or null. A browser may forbid the store: then nothing is kept. */
export function keptNonce(store, event, now) {
  try {
    const { nonce, at } = JSON.parse(store.getItem(keyFor(event))) ?? {};
    return nonce && now - at < KEEP_MILLISECONDS ? nonce : null;
  } catch {
    return null;
  }
}

/** Keep a nonce, and return it; where another tab has kept one meanwhile, that one. */
export function keepNonce(store, event, nonce, now) {
  const kept = keptNonce(store, event, now);
  if (kept) return kept;
  try {
    store.setItem(keyFor(event), JSON.stringify({ nonce, at: now }));
  } catch {
    // Without a store a second tap is a second nonce; the server still sees one device.
  }
  return nonce;
}

/** Forget an event’s nonce: the next tap is another pledge. */
export function forgetNonce(store, event) {
  try {
    store.removeItem(keyFor(event));
  } catch {
    // Where nothing can be kept, nothing was.
  }
}
