/** “Use my location”: a button that only exists where it can work, and shares no more than about a kilometre. */

import { make, say } from "../lib/dom.js";
import { readTexts } from "../lib/texts.js";

const OPTIONS = { enableHighAccuracy: false, maximumAge: 300_000, timeout: 10_000 };
const DENIED = 1;

/** Two decimals are about a kilometre: enough for what is near, too little for whose house. */
export const coarse = (degrees) => degrees.toFixed(2);

/** The list's address for a position. */
export function addressAt(url, { latitude, longitude }) {
  const join = url.includes("?") ? "&" : "?";
  return `${url}${join}lat=${coarse(latitude)}&lon=${coarse(longitude)}`;
}

/** Show the button and ask for the position when it is pressed. */
export function start(button) {
  if (!navigator.geolocation) return;
  const texts = readTexts(button);
  const status = make("span", { class: "locate-status", role: "status" });
  button.after(status);
  button.hidden = false;
  button.addEventListener("click", () => {
    say(status, texts.locating ?? "");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        say(status, "");
        location.assign(addressAt(button.dataset.url, coords));
      },
      ({ code }) => say(status, (code === DENIED ? texts.denied : texts.failed) ?? ""),
      OPTIONS,
    );
  });
}
