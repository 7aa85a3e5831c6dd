/** What opens at a marker: one event, or a list of those that stand in the same place. */

import { make } from "../lib/dom.js";
import { fill, fullNumber, linkFrom } from "../lib/texts.js";

const WIDTH = 260;
const TALLEST = 260;

/** Keeps a popup from under the zoom buttons, where the frame is wide enough for both. */
const BESIDE_BUTTONS = [64, 12];

function describe(item, texts) {
  const lines = [item.starts_at_text, item.place, item.is_approximate ? texts.areaOnly : ""].filter(Boolean);
  return [
    make("a", { class: "map-popup-title", href: item.url.startsWith("#") ? item.url : linkFrom(location.search, item.url) }, item.title),
    ...lines.map((line) => make("span", { class: "map-popup-line" }, line)),
  ];
}

function contentFor(items, texts) {
  if (items.length === 1) return make("div", { class: "map-popup" }, ...describe(items[0], texts));
  const rows = items.map((item) => make("li", {}, ...describe(item, texts)));
  const heading = make("p", { class: "map-popup-count" }, fill(texts.eventsHere, { count: fullNumber(items.length) }));
  return make("div", { class: "map-popup" }, heading, make("ul", {}, ...rows));
}

/**
 * Open a popup. With the keyboard the focus goes in, and Escape brings it back.
 *
 * @param {L.Map} map
 * @param {{latlng: L.LatLng, items: object[], lift: number, byKeyboard: boolean}} what
 */
export function openPopup(map, { latlng, items, lift, byKeyboard }, texts) {
  const returnTo = document.activeElement;
  const popup = L.popup({
    autoPanPadding: [12, 12],
    autoPanPaddingTopLeft: BESIDE_BUTTONS,
    maxHeight: TALLEST,
    maxWidth: WIDTH,
    minWidth: 180,
    offset: [0, -lift],
  })
    .setLatLng(latlng)
    .setContent(contentFor(items, texts))
    .openOn(map);
  const frame = popup.getElement();
  frame.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", texts.close);
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    map.closePopup(popup);
    (returnTo?.isConnected ? returnTo : map.getContainer()).focus();
  });
  if (byKeyboard) frame.querySelector("a[href]").focus({ preventScroll: true });
}
