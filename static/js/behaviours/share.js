/** A button that hands a text to whatever the device shares with; without that, the text is copied by hand. */

import { make } from "../lib/dom.js";

export function start(element) {
  if (!navigator.share) return;
  const button = make("button", { type: "button", class: "button quiet" }, element.dataset.share);
  // Whoever closes the device's own window has not shared, which is no mistake.
  button.addEventListener("click", () => navigator.share({ text: element.innerText }).catch(() => {}));
  element.after(button);
}
