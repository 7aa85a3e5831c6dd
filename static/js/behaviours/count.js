/**
 * A number that keeps up: asked for every ten seconds while somebody looks, and swapped as plain text.
 *
 * It is no live region. One that speaks every ten seconds, on the days that matter most, would talk
 * over everything else; a screen reader finds the number of now whenever its reader goes there.
 */

import { getJson } from "../lib/api.js";
import { say } from "../lib/dom.js";

const [SECONDS, MOST_SECONDS] = [10, 320];

/** How long to wait, in milliseconds: twice as long after each failure in a row. */
export const pauseAfter = (failures) => Math.min(SECONDS * 2 ** failures, MOST_SECONDS) * 1000;

/** Keep the elements with data-word in step with the answer’s words, which are in the page’s language. */
export function start(element) {
  let [failures, timer] = [0, 0];
  const wait = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, pauseAfter(failures));
  };
  const ask = async () => {
    try {
      const { words } = await getJson(element.dataset.url);
      for (const each of element.querySelectorAll("[data-word]")) say(each, words[each.dataset.word]);
      failures = 0;
    } catch {
      failures += 1;
    }
    wait();
  };
  document.addEventListener("visibilitychange", () => (document.hidden || failures ? wait() : ask()));
  wait();
}
