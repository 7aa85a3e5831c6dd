/** One number for each moment and device, and none where nothing can be kept. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { participantOf } from "../../static/js/lib/participant.js";

const ONE = "0f0e8a1c-1111-4222-8333-444455556666";
const OTHER = "1f0e8a1c-1111-4222-8333-444455556666";

function fakeStore(entries = []) {
  const kept = new Map(entries);
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

test("it stays the same for a moment, and another moment has another", () => {
  const store = fakeStore();
  assert.equal(participantOf(store, "june", () => ONE), ONE);
  assert.equal(participantOf(store, "june", () => OTHER), ONE);
  assert.equal(participantOf(store, "july", () => OTHER), OTHER);
});

test("what somebody has put in its place is replaced", () => {
  assert.equal(participantOf(fakeStore([["participant june", "<b>"]]), "june", () => ONE), ONE);
});

test("where nothing can be kept there is none", () => {
  const full = { getItem: () => null, setItem: () => { throw new Error("full"); } };
  assert.equal(participantOf(full, "june", () => ONE), "");
  assert.equal(participantOf(null, "june", () => ONE), "");
  assert.equal(participantOf({ getItem: () => null, setItem: () => {} }, "june", () => ONE), "");
});
