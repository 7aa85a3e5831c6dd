/** The built outline: npm run build makes it. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";

import { unpack } from "../../static/js/map/outline.js";

const read = (name) => readFileSync(new URL(`../../static/gen/${name}`, import.meta.url), "utf8");
const outline = unpack(JSON.parse(read("outline.json")));

/** Even-odd rule over all rings of one kind. */
function isOn(kind, longitude, latitude) {
  let isInside = false;
  for (const { properties, geometry } of outline.features) {
    if (properties.kind !== kind) continue;
    for (const ring of geometry.coordinates.flat()) {
      ring.forEach(([x, y], index) => {
        const [x0, y0] = ring[(index + ring.length - 1) % ring.length];
        if (y > latitude !== y0 > latitude && longitude < ((x0 - x) * (latitude - y)) / (y0 - y) + x) isInside = !isInside;
      });
    }
  }
  return isInside;
}

for (const [name, kind, latitude, longitude] of [
  ["Rochdale", "uk", 53.61, -2.16],
  ["Omagh in Northern Ireland", "uk", 54.6, -7.3],
  ["Stornoway on Lewis", "uk", 58.25, -6.45],
  ["Kirkwall in Orkney", "uk", 58.96, -3.0],
  ["Tingwall in Shetland", "uk", 60.2, -1.25],
  ["Newport on the Isle of Wight", "uk", 50.69, -1.29],
  ["Amlwch on Anglesey", "uk", 53.38, -4.38],
  ["Athlone", "other", 53.42, -7.94],
  ["the Isle of Man", "other", 54.22, -4.55],
  ["Jersey", "other", 49.21, -2.13],
]) {
  test(`${name} is on land`, () => assert.ok(isOn(kind, longitude, latitude)));
}

test("the North Sea is not", () => assert.ok(!isOn("uk", 1.5, 55) && !isOn("other", 1.5, 55)));

test("rings are closed and have an inside", () => {
  for (const ring of outline.features.flatMap(({ geometry }) => geometry.coordinates.flat())) {
    assert.ok(ring.length >= 4);
    assert.deepEqual(ring[0], ring.at(-1));
  }
});

for (const [name, most] of [["outline.json", 15_000], ["outline.svg", 12_000], ["outline-dark.svg", 12_000]]) {
  test(`${name} is light`, () => assert.ok(brotliCompressSync(read(name)).length <= most));
}

test("the still pictures have no style of their own, which the site’s policy would refuse", () => {
  for (const name of ["outline.svg", "outline-dark.svg"]) assert.ok(!/style/.test(read(name)));
});
