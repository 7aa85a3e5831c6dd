/**
 * Make a passkey, or sign in with one: ask the server what for, then the device, then send a form.
 *
 * The page says that passkeys need script until this has run, and then why one cannot be used here.
 */

import { getJson } from "../lib/api.js";
import { say } from "../lib/dom.js";
import { readTexts } from "../lib/texts.js";

/** Bytes from how JSON holds them: base64 for addresses, without its padding. */
export function bytesFrom(text) {
  const plain = globalThis.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** The other way around. */
export function textFrom(buffer) {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return globalThis.btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const described = (list = []) => list.map((each) => ({ ...each, id: bytesFrom(each.id) }));

/** The server's options, with bytes where the browser wants bytes. */
export function withBytes({ challenge, user, excludeCredentials, allowCredentials, ...rest }) {
  return {
    ...rest,
    challenge: bytesFrom(challenge),
    ...(user && { user: { ...user, id: bytesFrom(user.id) } }),
    ...(excludeCredentials && { excludeCredentials: described(excludeCredentials) }),
    ...(allowCredentials && { allowCredentials: described(allowCredentials) }),
  };
}

/** A device's answer, as JSON. What a kind of answer does not have stays out. */
export function answerFrom({ id, rawId, type, response }) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const held = names.filter((name) => response[name]).map((name) => [name, textFrom(response[name])]);
  return JSON.stringify({ id, rawId: textFrom(rawId), type, response: Object.fromEntries(held) });
}

const ACTS = {
  create: (publicKey) => navigator.credentials.create({ publicKey }),
  get: (publicKey) => navigator.credentials.get({ publicKey }),
};

/** What to say of a device that gave no answer. */
export const reason = ({ name }) => ({ NotAllowedError: "cancelled", InvalidStateError: "known" })[name] ?? "failed";

/** Show the form and let its submit ask the device first. */
export function start(root) {
  const [form, status, texts] = [root.querySelector("form"), root.querySelector("[role=status]"), readTexts(root)];
  if (!window.PublicKeyCredential || !navigator.credentials) {
    say(status, texts.unsupported);
    return;
  }
  say(status, "");
  form.hidden = false;
  let isAsking = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    say(status, texts.waiting);
    try {
      const options = await getJson(root.dataset.optionsUrl, { fresh: true });
      form.elements.credential.value = answerFrom(await ACTS[root.dataset.act](withBytes(options)));
      form.submit();
    } catch (error) {
      say(status, texts[reason(error)]);
    } finally {
      isAsking = false;
    }
  });
}
