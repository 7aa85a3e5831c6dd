/** What the map asks the server, and when it need not ask. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { addressFor, boxToAsk, EventLoader } from "../../static/js/map/loader.js";
import { statusFor } from "../../static/js/map/event-map.js";

const realFetch = globalThis.fetch;
let asked;
let answer;

beforeEach(() => {
  asked = [];
  answer = { features: [{}], more: false, total: 1 };
  globalThis.fetch = async (url, { signal }) => {
    asked.push(url);
    await new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, 5);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        const error = new Error("stopped");
        error.name = "AbortError";
        reject(error);
      });
    });
    return { ok: true, json: async () => answer };
  };
});
afterEach(() => {
  globalThis.fetch = realFetch;
});

const VIEW = { west: -2.31, south: 53.52, east: -1.98, north: 53.71 };

test("the box is rounded outwards so that neighbours ask the same", () => {
  assert.deepEqual(boxToAsk(VIEW, 10), { west: -2.4, south: 53.5, east: -1.9, north: 53.8 });
});

test("every view of the whole country asks the same question, whatever the screen", () => {
  const phone = boxToAsk({ west: -12, south: 49.2, east: 4.8, north: 61.4 }, 5);
  const wide = boxToAsk({ west: -30, south: 48, east: 20, north: 63 }, 4.6);
  assert.deepEqual(phone, wide);
});

test("the box is added to an address with or without a question", () => {
  const box = { west: -2.4, south: 53.5, east: -1.9, north: 53.8 };
  assert.equal(addressFor("/a?moment=x", box), "/a?moment=x&bbox=-2.4,53.5,-1.9,53.8");
  assert.equal(addressFor("/a", box), "/a?bbox=-2.4,53.5,-1.9,53.8");
});

test("zooming into what is known whole asks nothing", async () => {
  const loader = new EventLoader("/a");
  await loader.load(VIEW, 10);
  assert.equal(await loader.load({ west: -2.3, south: 53.55, east: -2.2, north: 53.6 }, 12), answer);
  assert.equal(asked.length, 1);
});

test("zooming into what was cut short asks again", async () => {
  answer = { features: [{}], more: true, total: 900 };
  const loader = new EventLoader("/a");
  await loader.load(VIEW, 10);
  await loader.load({ west: -2.3, south: 53.55, east: -2.2, north: 53.6 }, 12);
  assert.equal(asked.length, 2);
});

test("a newer question ends the one before, which answers null", async () => {
  const loader = new EventLoader("/a");
  const first = loader.load(VIEW, 10);
  const second = loader.load({ ...VIEW, east: -1.2 }, 10);
  assert.equal(await first, null);
  assert.equal(await second, answer);
});

test("the open sea has no events, and is not asked about", async () => {
  const loader = new EventLoader("/a");
  const found = await loader.load({ west: -13, south: 56, east: -11, north: 57 }, 9);
  assert.deepEqual([found.features, asked], [[], []]);
});

test("a refusal is an error that the map can tell of", async () => {
  globalThis.fetch = async () => ({ ok: false, status: 503 });
  await assert.rejects(new EventLoader("/a").load(VIEW, 10), { name: "AnswerError", status: 503 });
});

const TEXTS = { more: "Showing {shown} of {total}", none: "Nothing" };

test("the line under the map says what is missing, or that nothing is here", () => {
  const features = Array.from({ length: 500 }, () => ({}));
  assert.equal(statusFor({ features, more: true, total: 2310 }, TEXTS), "Showing 500 of 2,310");
  assert.equal(statusFor({ features, more: false, total: 500 }, TEXTS), "");
  assert.equal(statusFor({ features: [], more: false, total: 0 }, TEXTS), "Nothing");
});
