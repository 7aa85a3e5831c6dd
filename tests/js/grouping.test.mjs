/** Circles for events that stand close together. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { groupItems, radiusFor } from "../../static/js/map/grouping.js";

/** The same pseudo-random numbers in every run (a linear congruential generator). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function scattered(count, width, height, seed) {
  const next = numbers(seed);
  return Array.from({ length: count }, (_, id) => ({ id, x: next() * width, y: next() * height }));
}

const overlapOf = (a, b) => a.radius + b.radius - Math.hypot(a.x - b.x, a.y - b.y);

for (const [count, width, height] of [[500, 330, 440], [500, 1200, 800], [60, 330, 440], [500, 12, 12], [2, 30, 1]]) {
  test(`circles of ${count} events on ${width} by ${height} never overlap and lose nobody`, () => {
    const circles = groupItems(scattered(count, width, height, count + width));
    const ids = circles.flatMap(({ items }) => items.map(({ id }) => id));
    assert.equal(new Set(ids).size, count);
    assert.equal(ids.length, count);
    for (const [index, circle] of circles.entries()) {
      for (const other of circles.slice(index + 1)) assert.ok(overlapOf(circle, other) < 0.02);
    }
  });
}

test("a single event stands exactly where it is", () => {
  const alone = { id: 1, x: 12.3, y: 45.6 };
  const crowd = scattered(40, 20, 20, 3).map((item) => ({ ...item, id: item.id + 2, x: item.x + 40, y: item.y + 30 }));
  const circle = groupItems([alone, ...crowd]).find(({ items }) => items.length === 1);
  assert.deepEqual([circle.x, circle.y], [alone.x, alone.y]);
});

test("no events make no circles", () => assert.deepEqual(groupItems([]), []));

test("a circle grows with its number and is wide enough for it", () => {
  // Bold figures of 11 pixels are at most 7 wide; “2.8k” has four of them.
  for (const [count, figures] of [[2, 1], [10, 2], [312, 3], [2800, 4], [14_000, 3]]) {
    assert.ok(2 * radiusFor(count) > figures * 7 + 4, `${count}`);
  }
  assert.ok(radiusFor(1000) > radiusFor(100));
});

test("a single event can be tapped: at least 24 pixels", () => assert.ok(2 * radiusFor(1) >= 24));

test("500 events are grouped well within a frame of an old phone", () => {
  const items = scattered(500, 1200, 900, 5);
  const started = performance.now();
  groupItems(items);
  assert.ok(performance.now() - started < 250);
});
