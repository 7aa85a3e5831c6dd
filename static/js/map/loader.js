/** Fetch the events in view, asking no more than needed. */

import { getJson, isAborted } from "../lib/api.js";

/** The box that a question never goes beyond, so that all first views ask the same, cacheable one. */
const WIDEST = { west: -9, south: 49.5, east: 2.5, north: 61 };

const contains = (outer, inner) =>
  outer.west <= inner.west && outer.south <= inner.south && outer.east >= inner.east && outer.north >= inner.north;

/** Degrees that boxes are rounded out to, so that neighbours ask the same question. */
const stepAtZoom = (zoom) => (zoom < 8 ? 0.5 : zoom < 11 ? 0.1 : 0.02);

/** The box to ask for: the view, rounded outwards and cut to where events can be. */
export function boxToAsk(view, zoom) {
  const step = stepAtZoom(zoom);
  const tidy = (steps) => Number((steps * step).toFixed(2));
  const inside = (value, low, high) => Math.min(high, Math.max(low, value));
  return {
    west: inside(tidy(Math.floor(view.west / step)), WIDEST.west, WIDEST.east),
    south: inside(tidy(Math.floor(view.south / step)), WIDEST.south, WIDEST.north),
    east: inside(tidy(Math.ceil(view.east / step)), WIDEST.west, WIDEST.east),
    north: inside(tidy(Math.ceil(view.north / step)), WIDEST.south, WIDEST.north),
  };
}

/** The address for a box; the page's own address may already have a question mark. */
export function addressFor(url, { west, south, east, north }) {
  const join = url.includes("?") ? "&" : "?";
  return `${url}${join}bbox=${[west, south, east, north].join(",")}`;
}

/** What there is in the open sea. */
const NOTHING = { features: [], more: false, total: 0 };

/** One map's source of events. A newer question ends the one before. */
export class EventLoader {
  constructor(url) {
    this.url = url;
    this.last = null;
    this.running = null;
  }

  /**
   * The events in a view, or null if a newer question made this one pointless.
   *
   * @returns {Promise<{features: object[], more: boolean, total: number}|null>}
   */
  async load(view, zoom) {
    const box = boxToAsk(view, zoom);
    this.running?.abort();
    return this.known(box) ?? this.ask(box);
  }

  known(box) {
    if (box.west >= box.east || box.south >= box.north) return NOTHING;
    const isWhole = this.last !== null && !this.last.answer.more;
    return isWhole && contains(this.last.box, box) ? this.last.answer : null;
  }

  async ask(box) {
    this.running = new AbortController();
    try {
      const answer = await getJson(addressFor(this.url, box), { signal: this.running.signal });
      this.last = { answer, box };
      return answer;
    } catch (error) {
      if (isAborted(error)) return null;
      throw error;
    }
  }
}
