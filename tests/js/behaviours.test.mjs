/** The parts of the behaviours that decide something. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressAt } from "../../static/js/behaviours/locate.js";
import { readSettings } from "../../static/js/behaviours/map.js";
import { announcement, typedPoint } from "../../static/js/behaviours/pin.js";
import { given } from "../../static/js/behaviours/pledge.js";
import { stepped } from "../../static/js/behaviours/stepper.js";
import { forgetNonce, keepNonce, keptNonce } from "../../static/js/lib/nonces.js";
import { stepFor } from "../../static/js/map/pin-map.js";

function fakeStore() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

test("a nonce is kept for its own event, for half an hour or until it is forgotten", () => {
  const store = fakeStore();
  assert.equal(keepNonce(store, "a", "n1", NOW), "n1");
  assert.equal(keptNonce(store, "a", NOW + 29 * MINUTE), "n1");
  assert.equal(keptNonce(store, "b", NOW), null);
  assert.equal(keptNonce(store, "a", NOW + 31 * MINUTE), null);
  forgetNonce(store, "a");
  assert.equal(keptNonce(store, "a", NOW), null);
});

test("of two tabs that fetched a nonce at once, both send the one that was kept first", () => {
  const store = fakeStore();
  keepNonce(store, "a", "n1", NOW);
  assert.equal(keepNonce(store, "a", "n2", NOW + MINUTE), "n1");
  assert.equal(keepNonce(store, "a", "n2", NOW + 31 * MINUTE), "n2");
});

test("a browser that forbids the store, or has nonsense in it, keeps nothing and breaks nothing", () => {
  const refuse = () => { throw new Error("full"); };
  for (const store of [{ getItem: () => "{", setItem: refuse, removeItem: refuse }, null]) {
    assert.equal(keepNonce(store, "a", "n1", NOW), "n1");
    forgetNonce(store, "a");
    assert.equal(keptNonce(store, "a", NOW), null);
  }
});

test("a pledge sends what there is: who takes part and who sent them, if known", () => {
  assert.deepEqual(given({ nonce: "n", party: "2", participant: "", via: undefined }), { nonce: "n", party: "2" });
  assert.deepEqual(given({ nonce: "n", party: "2", via: "shop" }), { nonce: "n", party: "2", via: "shop" });
});

const LIMITS = { min: 1, max: 12 };
for (const [text, step, next] of [["1", 1, 2], ["12", 1, 12], ["1", -1, 1], ["99", -1, 12], ["", 1, 1], ["x", -1, 1]]) {
  test(`“${text}” and ${step} make ${next}`, () => assert.equal(stepped(text, step, LIMITS), next));
}

test("a shared position is coarse: two decimals", () => {
  const address = addressAt("/events?moment=x", { latitude: 53.612345, longitude: -2.158765 });
  assert.equal(address, "/events?moment=x&lat=53.61&lon=-2.16");
  assert.equal(addressAt("/events", { latitude: 50, longitude: 0.1 }), "/events?lat=50.00&lon=0.10");
});

for (const [latitude, longitude, point] of [
  ["53.61", " -2.16 ", { latitude: 53.61, longitude: -2.16 }],
  ["-2.16", "53.61", null],
  ["", "-2.16", null],
  ["NaN", "-2.16", null],
  ["Infinity", "-2.16", null],
  ["53.61", "abc", null],
  ["48.85", "2.35", null],
]) {
  test(`typed ${latitude}, ${longitude} puts ${point ? "the" : "no"} pin`, () => {
    assert.deepEqual(typedPoint(latitude, longitude), point);
  });
}

test("the pin says where it is, and near what once the names are here", () => {
  const texts = { pinAt: "Pin at {latitude}, {longitude}", near: "Near: {place}" };
  const point = { latitude: 53.6123, longitude: -2.1587 };
  assert.equal(announcement(point, "Rochdale", texts), "Pin at 53.61, -2.16. Near: Rochdale");
  assert.equal(announcement(point, "", texts), "Pin at 53.61, -2.16");
});

test("arrows move the pin, with Shift further; other keys do not", () => {
  const [[x], [far]] = [stepFor({ key: "ArrowRight" }), stepFor({ key: "ArrowRight", shiftKey: true })];
  assert.ok(far > x && x > 0);
  assert.ok(stepFor({ key: "ArrowUp" })[1] < 0);
  assert.equal(stepFor({ key: "a" }), null);
});

test("a map shows what its page knows itself, and nothing where it knows nothing", () => {
  const feature = { geometry: { coordinates: [-2.16, 53.62] }, properties: { id: "preview" } };
  assert.deepEqual(readSettings({ dataset: { shown: JSON.stringify([feature]) } }).shown, [feature]);
  assert.deepEqual(readSettings({ dataset: {} }).shown, []);
});
