/**
 * A box with suggestions: the WAI-ARIA combobox with a list, whose choice is made by hand.
 *
 * The focus stays in the box; aria-activedescendant says which suggestion is meant. Without an
 * answer from the server it is the plain box that it was.
 */

import { getJson, isAborted } from "./api.js";
import { make, say } from "./dom.js";
import { mayHoldFullPostcode } from "./postcodes.js";
import { fill, readTexts } from "./texts.js";

const PAUSE_MILLISECONDS = 150;
const SHORTEST = 2;

/** True if suggestions may be asked for: enough letters, and nothing that says where somebody lives. */
export function isAskable(text) {
  const typed = text.trim();
  return typed.length >= SHORTEST && /\p{L}/u.test(typed) && !mayHoldFullPostcode(typed);
}

/** The next suggestion's index, from none (-1) to the last and round again. */
export const stepped = (index, step, count) => (index + step + (index < 0 && step < 0 ? 1 : 0) + count) % count;

export class Combobox {
  /** @param {HTMLElement} root holds the text box, and perhaps a hidden field for the chosen place */
  constructor(root) {
    this.root = root;
    this.texts = readTexts(root);
    this.input = root.querySelector("input:not([type=hidden])");
    this.chosen = root.querySelector("input[type=hidden]");
    this.answers = new Map();
    this.found = [];
    this.active = -1;
    this.build();
    this.listen();
  }

  build() {
    const id = `${this.input.id}-suggestions`;
    this.list = make("ul", { id, class: "suggestions", role: "listbox", "aria-label": this.texts.label, hidden: "" });
    this.status = make("span", { class: "visually-hidden", role: "status" });
    this.root.append(this.list, this.status);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off" };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
  }

  listen() {
    this.input.addEventListener("input", (event) => this.typed(event));
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    // Else the box would lose the focus, and the list close, before the click has come.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  typed({ isComposing }) {
    if (this.chosen) this.chosen.value = "";
    clearTimeout(this.timer);
    this.asking?.abort();
    if (isComposing) return;
    const text = this.input.value;
    if (!isAskable(text)) this.close();
    else this.timer = setTimeout(() => this.ask(text), PAUSE_MILLISECONDS);
  }

  async ask(text) {
    const key = text.trim().toLowerCase();
    try {
      if (!this.answers.has(key)) {
        this.asking = new AbortController();
        const url = `${this.root.dataset.url}?q=${encodeURIComponent(key)}`;
        const { suggestions } = await getJson(url, { signal: this.asking.signal });
        this.answers.set(key, suggestions);
      }
    } catch (error) {
      if (!error || !isAborted(error)) this.close();
      return;
    }
    if (this.input.value === text && document.activeElement === this.input) this.show(this.answers.get(key));
  }

  show(found) {
    this.found = found;
    this.list.replaceChildren(...found.map(({ name, detail }, index) => make(
      "li",
      { id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false" },
      make("b", {}, name), " ", make("small", {}, detail),
    )));
    this.open(found.length > 0);
    say(this.status, found.length ? fill(this.texts.count, { number: found.length }) : this.texts.none);
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.point(-1);
  }

  close() {
    clearTimeout(this.timer);
    this.open(false);
    say(this.status, "");
  }

  point(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.list.children[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", option.id);
  }

  pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.isComposing) return;
    if (event.key in steps && this.found.length) this.move(event, steps[event.key]);
    else if (event.key === "Escape" && !this.list.hidden) this.keep(event, () => this.close());
    else if (event.key === "Enter" && this.active >= 0) this.keep(event, () => this.choose(this.active));
  }

  move(event, step) {
    this.keep(event, () => {
      if (this.list.hidden) this.open(true);
      if (!event.altKey) this.point(stepped(this.active, step, this.found.length));
    });
  }

  keep(event, act) {
    event.preventDefault();
    act();
  }

  choose(index) {
    const { id, text } = this.found[index];
    this.input.value = text;
    this.close();
    this.found = [];
    if (!this.chosen) return;
    this.chosen.value = id ?? "";
    this.input.form.requestSubmit();
  }
}
