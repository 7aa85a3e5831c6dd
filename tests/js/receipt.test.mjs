/** What a device remembers of pledges, and that nothing breaks where it may not. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { start } from "../../static/js/behaviours/receipt.js";
import { keepNonce, keptNonce } from "../../static/js/lib/nonces.js";
import { participantOf } from "../../static/js/lib/participant.js";
import { deviceStore, forgetReceipt, keepReceipt, receiptOf } from "../../static/js/lib/receipts.js";

const TOKEN = "WzEsIjBmMGU4YTFjIl0.abc_DEF-123";
const OTHER = "WzEsIjFmMGU4YTFjIl0.abc_DEF-456";
const PERSON = "0b5e3c1e-9d3f-4c7a-8f63-0d7f4c2a1b90";

function fakeStore() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

const forbid = () => { throw new Error("forbidden"); };
const forbidden = { getItem: forbid, setItem: forbid, removeItem: forbid };

/** An element of a page with what it holds. */
function element(receipt, more = {}) {
  const link = {};
  const dataset = { receipt, event: "abc", moment: "tea", address: "/cy/pledges/-", ...more };
  return { hidden: true, dataset, link, querySelector: (tag) => (tag === "a" ? link : null) };
}

beforeEach(() => {
  const location = { pathname: "/pledges/x", search: "?thanks=1" };
  const history = { replaceState: (_state, _title, url) => { location.search = url.slice(url.indexOf("?")); } };
  globalThis.window = { location, history, addEventListener: () => {} };
});

test("a receipt is kept for its own event until it is forgotten", () => {
  const store = fakeStore();
  assert.equal(keepReceipt(store, "abc", TOKEN), true);
  assert.deepEqual([receiptOf(store, "abc"), receiptOf(store, "def")], [TOKEN, ""]);
  forgetReceipt(store, "abc");
  assert.equal(receiptOf(store, "abc"), "");
});

test("what somebody has put in its place is no receipt", () => {
  for (const odd of ["", "x", "//evil.example/aaaaaaaaaaaaaaaaaaa", "javascript:alert(1)//aaaaaaaaaaaaaa", "a".repeat(301)]) {
    const store = fakeStore();
    keepReceipt(store, "abc", odd);
    assert.equal(receiptOf(store, "abc"), "");
  }
});

test("where storage is forbidden nothing is kept, shown or broken", () => {
  for (const store of [forbidden, null]) {
    assert.equal(keepReceipt(store, "abc", TOKEN), false);
    for (const act of ["keep", "offer", "drop", "show"]) {
      const made = element(act, { token: TOKEN });
      start(made, store);
      assert.equal(made.hidden, true);
    }
  }
  globalThis.window = Object.defineProperty({}, "localStorage", { get: forbid });
  assert.equal(deviceStore(), null);
});

test("after a pledge the event’s page shows it, in the page’s own language", () => {
  const store = fakeStore();
  const before = element("show");
  start(before, store);
  assert.equal(before.hidden, true);
  start(element("keep", { token: TOKEN }), store);
  const after = element("show");
  start(after, store);
  assert.deepEqual([after.hidden, after.link.href], [false, `/cy/pledges/${TOKEN}`]);
});

test("a receipt of a listing that was merged leads from the page of the one that was kept, and can be forgotten", () => {
  const store = fakeStore();
  keepReceipt(store, "old", TOKEN);
  const page = () => element("show", { merged: "older old" });
  const shown = page();
  start(shown, store);
  assert.deepEqual([shown.hidden, shown.link.href], [false, `/cy/pledges/${TOKEN}`]);
  start(element("drop", { token: "" }), store);
  const again = page();
  start(again, store);
  assert.equal(again.hidden, true);
});

test("a receipt of its own goes before one of a listing that was merged", () => {
  const store = fakeStore();
  keepReceipt(store, "old", OTHER);
  keepReceipt(store, "abc", TOKEN);
  const shown = element("show", { merged: "old" });
  start(shown, store);
  assert.equal(shown.link.href, `/cy/pledges/${TOKEN}`);
  assert.equal(receiptOf(store, "old"), OTHER);
});

test("coming back to the page of thanks does not undo a forgetting", () => {
  const store = fakeStore();
  start(element("keep", { token: TOKEN }), store);
  forgetReceipt(store, "abc");
  const again = element("keep", { token: TOKEN });
  start(again, store);
  assert.deepEqual([again.hidden, receiptOf(store, "abc")], [true, ""]);
});

test("forgetting is offered for the receipt that is kept, and for no other", () => {
  const store = fakeStore();
  keepReceipt(store, "abc", TOKEN);
  const [its, others] = [element("offer", { token: TOKEN }), element("offer", { token: OTHER })];
  start(its, store);
  start(others, store);
  assert.deepEqual([its.hidden, others.hidden], [false, true]);
});

/** A device on which somebody has said “I’m in”. */
function pledgedOn() {
  const store = fakeStore();
  keepReceipt(store, "abc", TOKEN);
  keepNonce(store, "abc", "n1", 0);
  participantOf(store, "tea", () => PERSON);
  return store;
}

const keptOn = (store) => [receiptOf(store, "abc"), keptNonce(store, "abc", 0), participantOf(store, "tea", () => "new")];

test("of a withdrawn pledge its nonce is dropped too: the next tap is another pledge of the same person", () => {
  const store = pledgedOn();
  start(element("drop", { token: OTHER }), store);
  assert.deepEqual(keptOn(store), [TOKEN, "n1", PERSON], "another was made since");
  start(element("drop", { token: TOKEN }), store);
  assert.deepEqual(keptOn(store), ["", null, PERSON]);
});

test("a nonce goes with its pledge where the receipt could not be kept", () => {
  const store = pledgedOn();
  forgetReceipt(store, "abc");
  start(element("drop", { token: TOKEN }), store);
  assert.deepEqual(keptOn(store), ["", null, PERSON]);
});

test("before somebody else pledges here, all of who did so before is dropped", () => {
  const store = pledgedOn();
  start(element("drop", { token: "" }), store);
  assert.deepEqual(keptOn(store), ["", null, "new"]);
});
