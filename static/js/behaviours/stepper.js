/** Minus and plus beside a number field; the field itself stays and can be typed in. */

import { make } from "../lib/dom.js";
import { readTexts } from "../lib/texts.js";

/** The next value, kept within the field's limits; nonsense starts again at the lowest. */
export function stepped(text, step, { min, max }) {
  const value = Number.parseInt(text, 10);
  if (Number.isNaN(value)) return min;
  return Math.min(max, Math.max(min, value + step));
}

/** Add the buttons to an element that holds one number field. */
export function start(element) {
  const input = element.querySelector("input[type=number]");
  const limits = { min: Number(input.min || 1), max: Number(input.max || 12) };
  const texts = readTexts(element);

  const button = (sign, label, step) => {
    const made = make("button", { type: "button", class: "stepper-button", "aria-label": label, "aria-controls": input.id }, sign);
    made.addEventListener("click", () => {
      input.value = stepped(input.value, step, limits);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return made;
  };
  const fewer = button("−", texts.fewer, -1);
  const more = button("+", texts.more, 1);
  const follow = () => {
    // Not “disabled”: a button that loses the focus at its limit loses the person’s place.
    fewer.setAttribute("aria-disabled", String(Number(input.value) <= limits.min));
    more.setAttribute("aria-disabled", String(Number(input.value) >= limits.max));
  };
  input.before(fewer);
  input.after(more);
  input.addEventListener("input", follow);
  element.classList.add("is-live");
  follow();
}
