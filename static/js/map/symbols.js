/** What stands on the map for one event, for several, and for a private home's area. */

import { make } from "../lib/dom.js";
import { fill, fullNumber, shortNumber } from "../lib/texts.js";

const SMALLEST_AREA = 26;
const LARGEST_AREA = 900;
const EARTH_METRES_PER_PIXEL = 156_543.03;

/** Metres to pixels on the Mercator plane, which stretches northwards. */
function pixels(metres, latitude, zoom) {
  return (metres * 2 ** zoom) / (EARTH_METRES_PER_PIXEL * Math.cos((latitude * Math.PI) / 180));
}

const samePoint = ([a, ...others]) =>
  others.every(({ latitude, longitude }) => latitude === a.latitude && longitude === a.longitude);

/**
 * The symbol for a circle of events: its kind, its diameter in pixels, its name and its number.
 *
 * Private homes at one public point are an area, however many they are: never a pin.
 */
export function symbolFor({ items, radius }, zoom, texts) {
  const number = items.length > 1 ? shortNumber(items.length) : "";
  if (items.every((item) => item.is_approximate) && samePoint(items)) {
    const wide = 2 * pixels(items[0].radius_metres || 0, items[0].latitude, zoom);
    const diameter = Math.round(Math.min(LARGEST_AREA, Math.max(wide, SMALLEST_AREA, 2 * radius)));
    return { kind: "area", diameter, name: nameFor(items, texts), number };
  }
  const kind = items.length > 1 ? "group" : "single";
  return { kind, diameter: Math.round(2 * radius), name: nameFor(items, texts), number };
}

/** The name that most of them have; of several, the first. */
function commonest(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

function nameFor(items, texts) {
  if (items.length > 1) {
    const near = fill(texts.near, { place: commonest(items.map(({ place }) => place)) });
    return `${fill(texts.eventsHere, { count: fullNumber(items.length) })}. ${near}`;
  }
  const [{ title, starts_at_text: when, place, is_approximate: isApproximate }] = items;
  return [title, when, place, isApproximate ? texts.areaOnly : ""].filter(Boolean).join(", ");
}

/** A Leaflet icon for a symbol. */
export function iconFor({ kind, diameter, number }) {
  const html = make("span", { class: `map-symbol map-${kind}` }, number);
  return L.divIcon({ className: "map-marker", html, iconSize: [diameter, diameter] });
}
