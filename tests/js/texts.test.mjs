/** Words, numbers and the names of symbols. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { degrees, fill, fullNumber, linkFrom, shortNumber } from "../../static/js/lib/texts.js";
import { symbolFor } from "../../static/js/map/symbols.js";

for (const [number, text] of [
  [0, "0"], [7, "7"], [999, "999"], [1000, "1k"], [1049, "1k"], [2790, "2.8k"], [9949, "9.9k"], [9960, "10k"], [14_300, "14k"],
]) {
  test(`${number} is short as ${text}`, () => assert.equal(shortNumber(number), text));
}

test("texts take their values, and keep a place that has none", () => {
  assert.equal(fill("Near: {place}", { place: "Rochdale" }), "Near: Rochdale");
  assert.equal(fill("{shown} of {total}", { shown: 5 }), "5 of {total}");
});

test("a link takes along who sent its reader here, if that is a code", () => {
  assert.equal(linkFrom("?moment=x&via=BBC", "/events/a"), "/events/a?via=bbc");
  for (const search of ["", "?via=", "?via=a%20b", "?via=%3Cb%3E", `?via=${"a".repeat(41)}`]) {
    assert.equal(linkFrom(search, "/events/a"), "/events/a");
  }
});

test("numbers in words have separators", () => assert.equal(fullNumber(2310), "2,310"));

test("degrees can be pasted into a field", () => assert.equal(degrees(-2.159), "-2.16"));

const TEXTS = { eventsHere: "Events here: {count}", near: "Near: {place}", areaOnly: "The area" };
const EVENT = {
  id: "a", title: "Elm Road street party", starts_at_text: "Saturday, 2pm", place: "Rochdale", is_approximate: false,
  latitude: 53.6, longitude: -2.2,
};
const HOME = { ...EVENT, id: "h", is_approximate: true, radius_metres: 1500 };

test("a single event is named by what, when and where", () => {
  const symbol = symbolFor({ items: [EVENT], radius: 12 }, 9, TEXTS);
  assert.equal(symbol.kind, "single");
  assert.equal(symbol.name, "Elm Road street party, Saturday, 2pm, Rochdale");
});

test("several are named by their number and the town that most are in", () => {
  const items = [{ ...EVENT, place: "Bury", latitude: 53.5 }, EVENT, { ...EVENT, id: "c" }];
  const symbol = symbolFor({ items, radius: 14 }, 9, TEXTS);
  assert.deepEqual([symbol.kind, symbol.number, symbol.name], ["group", "3", "Events here: 3. Near: Rochdale"]);
});

test("a private home is an area of its radius, never a pin", () => {
  const close = symbolFor({ items: [HOME], radius: 12 }, 13, TEXTS);
  const far = symbolFor({ items: [HOME], radius: 12 }, 5, TEXTS);
  assert.deepEqual([close.kind, far.kind], ["area", "area"]);
  // 3 km across at 53.6° north are 265 pixels at zoom 13.
  assert.ok(Math.abs(close.diameter - 265) < 3);
  assert.ok(far.diameter >= 24);
  assert.ok(close.name.endsWith("The area"));
});

test("homes that share a public point are one area with a number", () => {
  const symbol = symbolFor({ items: [HOME, { ...HOME, id: "i" }], radius: 14 }, 12, TEXTS);
  assert.deepEqual([symbol.kind, symbol.number], ["area", "2"]);
});
