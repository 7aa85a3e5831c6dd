import assert from "node:assert/strict";
import { test } from "node:test";

import { answerFrom, bytesFrom, reason, textFrom, withBytes } from "../../static/js/behaviours/passkey.js";

test("bytes become text without padding or signs that addresses know, and bytes again", () => {
  for (const list of [[], [0], [255, 254], [251, 239, 190], [...Array(256).keys()]]) {
    const text = textFrom(Uint8Array.from(list).buffer);
    assert.match(text, /^[A-Za-z0-9_-]*$/);
    assert.deepEqual([...bytesFrom(text)], list);
  }
});

test("options get bytes where a browser wants them, and nothing that was not there", () => {
  const made = withBytes({
    challenge: "AQI", rp: { id: "localhost" }, user: { id: "Aw", name: "a@example.org" },
    excludeCredentials: [{ id: "BA", type: "public-key" }],
  });
  assert.deepEqual([...made.challenge], [1, 2]);
  assert.deepEqual([...made.user.id], [3]);
  assert.equal(made.user.name, "a@example.org");
  assert.deepEqual([...made.excludeCredentials[0].id], [4]);
  assert.ok(!("allowCredentials" in made));
  assert.deepEqual(Object.keys(withBytes({ challenge: "AQI", rpId: "localhost" })).sort(), ["challenge", "rpId"]);
});

test("an answer holds what the device gave", () => {
  const buffer = Uint8Array.from([1, 2]).buffer;
  const answer = JSON.parse(answerFrom({
    id: "AQI", rawId: buffer, type: "public-key",
    response: { clientDataJSON: buffer, authenticatorData: buffer, signature: buffer, userHandle: null },
  }));
  assert.deepEqual(answer, {
    id: "AQI", rawId: "AQI", type: "public-key",
    response: { clientDataJSON: "AQI", authenticatorData: "AQI", signature: "AQI" },
  });
});

test("each way to fail has its sentence", () => {
  assert.equal(reason({ name: "NotAllowedError" }), "cancelled");
  assert.equal(reason({ name: "InvalidStateError" }), "known");
  assert.equal(reason(new TypeError("anything")), "failed");
});
