/** The search box with suggestions: what is asked for, and where the arrows lead. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { isAskable, stepped } from "../../static/js/lib/combobox.js";
import { mayHoldFullPostcode } from "../../static/js/lib/postcodes.js";

const cases = JSON.parse(readFileSync(new URL("../geo/full_postcodes.json", import.meta.url), "utf8"));

for (const { text, may } of cases) {
  test(`“${text}” ${may ? "may hold" : "holds no"} full postcode`, () => {
    assert.equal(mayHoldFullPostcode(text), may);
  });
}

test("a very long text is not trusted", () => {
  assert.equal(mayHoldFullPostcode("a ".repeat(200)), true);
});

test("nothing is asked for a letter, a number or a postcode", () => {
  for (const text of ["", "r", " r ", "12345", "51.5, -0.12", "OL16 1AB", "ol161a"]) {
    assert.equal(isAskable(text), false, text);
  }
  for (const text of ["ro", "OL16", "OL16 1", "Llanelli", "ŵy"]) assert.equal(isAskable(text), true, text);
});

test("the arrows go round", () => {
  assert.equal(stepped(-1, 1, 3), 0);
  assert.equal(stepped(-1, -1, 3), 2);
  assert.equal(stepped(2, 1, 3), 0);
  assert.equal(stepped(0, -1, 3), 2);
});
