/**
 * Who takes part in a moment, as far as this device can tell: a random number that stays on it, so
 * that somebody who says “I’m in” to two events is counted as one person. It says nothing else, and
 * another moment has another one.
 */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const keyFor = (moment) => `participant ${moment}`;

/** The number kept for a moment, made now where there is none; "" where nothing can be kept. */
export function participantOf(store, moment, random) {
  try {
    const kept = store.getItem(keyFor(moment));
    if (kept && UUID.test(kept)) return kept;
    const made = random();
    store.setItem(keyFor(moment), made);
    return store.getItem(keyFor(moment)) === made ? made : "";
  } catch {
    return "";
  }
}

/** Forget the number kept for a moment: whoever takes part next on this device is somebody else. */
export function forgetParticipant(store, moment) {
  try {
    store.removeItem(keyFor(moment));
  } catch {
    // Where nothing can be kept, nothing was.
  }
}

/** The number of this device; browsers make one on safe pages alone, and may forbid the store. */
export function thisParticipant(moment) {
  try {
    return participantOf(window.localStorage, moment, () => window.crypto.randomUUID());
  } catch {
    return "";
  }
}
