/** A number that keeps up while somebody looks at it. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { pauseAfter, start } from "../../static/js/behaviours/count.js";

test("the pause doubles with each failure, up to about five minutes", () => {
  assert.deepEqual([0, 1, 2, 5, 50].map(pauseAfter), [10_000, 20_000, 40_000, 320_000, 320_000]);
});

/** A page with a number, a clock, and a server that counts how often it is asked. */
function page() {
  const number = { dataset: { word: "people" }, textContent: "1" };
  const world = { asked: 0, hidden: false, people: "2", works: true, look: () => {} };
  globalThis.document = {
    get hidden() { return world.hidden; },
    addEventListener: (_name, listener) => { world.look = listener; },
  };
  mock.method(globalThis, "fetch", async () => {
    world.asked += 1;
    if (!world.works) throw new TypeError("no network");
    return { ok: true, json: async () => ({ words: { people: world.people } }) };
  });
  mock.timers.enable({ apis: ["setTimeout"] });
  start({ dataset: { url: "/count.json" }, querySelectorAll: () => [number] });
  const settle = async () => { for (let turn = 0; turn < 20; turn += 1) await Promise.resolve(); };
  return Object.assign(world, {
    number,
    pass: async (seconds) => { mock.timers.tick(seconds * 1000); await settle(); },
    show: async (isShown) => { world.hidden = !isShown; world.look(); await settle(); },
    end: () => { mock.timers.reset(); mock.restoreAll(); delete globalThis.document; },
  });
}

test("every ten seconds the number is asked for and shown", async () => {
  const world = page();
  await world.pass(9);
  assert.equal(world.asked, 0);
  await world.pass(1);
  assert.deepEqual([world.asked, world.number.textContent], [1, "2"]);
  world.people = "3";
  await world.pass(10);
  assert.deepEqual([world.asked, world.number.textContent], [2, "3"]);
  world.end();
});

test("a page that nobody sees asks nothing, and at once when it is seen again", async () => {
  const world = page();
  await world.show(false);
  await world.pass(600);
  assert.equal(world.asked, 0);
  await world.show(true);
  assert.deepEqual([world.asked, world.number.textContent], [1, "2"]);
  world.end();
});

test("while the server fails the number stands, and it is asked less and less", async () => {
  const world = page();
  world.works = false;
  await world.pass(10);
  await world.pass(19);
  assert.deepEqual([world.asked, world.number.textContent], [1, "1"]);
  await world.show(false);
  await world.show(true);
  assert.equal(world.asked, 1, "looking again is no reason to press a server that fails");
  await world.pass(20);
  assert.equal(world.asked, 2);
  world.works = true;
  await world.pass(40);
  await world.pass(10);
  assert.deepEqual([world.asked, world.number.textContent], [4, "2"]);
  world.end();
});
