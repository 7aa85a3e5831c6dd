/** Town names that cover nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeLabels, townsAtZoom } from "../../static/js/map/labels.js";
import { nearestPlace } from "../../static/js/map/towns.js";

const FRAME = { width: 300, height: 200 };
const town = (name, x, y) => ({ name, x, y, width: 60, height: 16 });
const boxOf = ({ left, top, width, height }) => ({ left, top, right: left + width, bottom: top + height });
const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

test("a name stands right of its dot where there is room", () => {
  const [label] = placeLabels([town("Rochdale", 100, 100)], [], FRAME);
  assert.ok(label.hasDot);
  assert.ok(label.left > 100);
  assert.equal(label.top, 92);
});

test("a name goes to the other side at the frame’s edge, and is left out where it fits nowhere", () => {
  const [label] = placeLabels([town("Lowestoft", 290, 100)], [], FRAME);
  assert.ok(label.left + label.width <= 290);
  assert.deepEqual(placeLabels([town("Lowestoft", 20, 10)], [], { width: 40, height: 12 }), []);
});

test("names never cover each other or a circle, and the first comes first", () => {
  const circle = { left: 80, top: 80, right: 120, bottom: 120 };
  const towns = Array.from({ length: 40 }, (_, index) => town(`Town ${index}`, (index * 37) % 300, (index * 53) % 200));
  const labels = placeLabels(towns, [circle], FRAME);
  assert.equal(labels[0].name, "Town 0");
  assert.ok(labels.length > 5);
  for (const [index, label] of labels.entries()) {
    assert.ok(!overlaps(boxOf(label), circle));
    for (const other of labels.slice(index + 1)) assert.ok(!overlaps(boxOf(label), boxOf(other)));
  }
});

test("a town under a circle is named beside the circle, without a dot", () => {
  const [label] = placeLabels([town("Leeds", 100, 100)], [{ left: 88, top: 88, right: 112, bottom: 112 }], FRAME);
  assert.equal(label.hasDot, false);
});

test("a town under another’s name is left out: its name would seem to be elsewhere", () => {
  const names = placeLabels([town("London", 100, 100), town("Harrow", 130, 100)], [], FRAME).map(({ name }) => name);
  assert.deepEqual(names, ["London"]);
});

test("more towns are named with every zoom", () => {
  assert.ok(townsAtZoom(5) < 12);
  assert.ok(townsAtZoom(9) > 100);
  assert.ok(townsAtZoom(12) > 600);
  assert.equal(townsAtZoom(3), townsAtZoom(5));
});

test("the nearest place takes account of narrow degrees in the north", () => {
  const places = [
    { name: "East", latitude: 60, longitude: -1 },
    { name: "South", latitude: 59.4, longitude: -2 },
  ];
  // A degree of longitude there is 56 km, six tenths of a degree of latitude 67 km.
  assert.equal(nearestPlace(places, { latitude: 60, longitude: -2 }).name, "East");
  assert.equal(nearestPlace([], { latitude: 60, longitude: -2 }), null);
});
