/** Events as circles on the map, regrouped at every zoom. */

import { groupItems } from "./grouping.js";
import { openPopup } from "./popups.js";
import { iconFor, symbolFor } from "./symbols.js";

/** Circles whose events stay within this many pixels at the closest zoom open as a list. */
const INSEPARABLE = 28;
const PADDING = [48, 48];

/** A single event's circle is drawn smaller than it can be tapped. */
const SINGLE_SEEN = 18;

/** A private home's area larger than this is ground: names may stand in it, beside its number. */
const LARGEST_OBSTACLE = 48;
const NUMBER_SEEN = 16;

/** A marker under its key; the same events keep their element, and with it the focus, when the map moves. */
const keyOf = (circle, { kind, diameter }) => `${kind}:${diameter}:${circle.items.map(({ id }) => id).sort().join()}`;

/** How far from its middle a symbol keeps names away, in pixels. */
function reachOf({ kind, diameter, number }) {
  if (kind === "single") return SINGLE_SEEN / 2;
  if (kind === "area" && diameter > LARGEST_OBSTACLE) return number ? NUMBER_SEEN / 2 : 0;
  return diameter / 2;
}

/** Draw events, tell who is pointed at, open what is chosen. */
export class EventsLayer {
  /**
   * @param {(ids: string[]) => void} onPoint called with the events under pointer or focus, or none
   * @param {string|null} chosen the event that stands out while nothing else is pointed at
   */
  constructor(map, texts, onPoint, chosen = null) {
    this.map = map;
    this.texts = texts;
    this.onPoint = onPoint;
    this.items = [];
    this.entries = new Map();
    this.chosen = chosen;
    this.pointed = null;
    map.on("zoomend", () => this.draw());
  }

  /** Show these GeoJSON features and no others. */
  show(features) {
    this.items = features.map(({ properties, geometry: { coordinates: [longitude, latitude] } }) => ({
      ...properties, latitude, longitude,
    }));
    this.draw();
  }

  /** Group and place anew for the zoom of now. */
  draw() {
    const zoom = this.map.getZoom();
    const placed = this.items.map((item) => {
      const { x, y } = this.map.project([item.latitude, item.longitude], zoom);
      return { ...item, x, y };
    });
    const focused = this.focusedEntry();
    const fresh = new Map();
    for (const circle of groupItems(placed)) {
      const symbol = symbolFor(circle, zoom, this.texts);
      const key = keyOf(circle, symbol);
      const entry = this.entries.get(key) ?? this.add(symbol);
      this.entries.delete(key);
      fresh.set(key, Object.assign(entry, { circle, symbol }));
      entry.marker.setLatLng(this.map.unproject([circle.x, circle.y], zoom));
    }
    for (const { marker } of this.entries.values()) marker.remove();
    this.entries = fresh;
    if (focused) this.refocus(focused);
    this.point(this.pointed);
  }

  add(symbol) {
    const marker = L.marker([0, 0], {
      icon: iconFor(symbol),
      // Areas lie under what is exact.
      zIndexOffset: symbol.kind === "area" ? -10_000 : 0,
    }).addTo(this.map);
    const entry = { marker };
    const element = marker.getElement();
    element.setAttribute("aria-label", symbol.name);
    marker.on("click", () => this.choose(entry, false));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.choose(entry, true);
    });
    const ids = () => entry.circle.items.map(({ id }) => id);
    for (const name of ["pointerenter", "focus"]) element.addEventListener(name, () => this.onPoint(ids()));
    for (const name of ["pointerleave", "blur"]) element.addEventListener(name, () => this.onPoint([]));
    return entry;
  }

  choose({ circle, symbol, marker }, byKeyboard) {
    const { items } = circle;
    if (items.length > 1 && symbol.kind === "group" && this.canSeparate(items)) {
      const box = L.latLngBounds(items.map(({ latitude, longitude }) => [latitude, longitude]));
      const zoom = Math.max(this.map.getBoundsZoom(box, false, L.point(PADDING)), this.map.getZoom() + 1);
      this.map.setView(box.getCenter(), Math.min(zoom, this.map.getMaxZoom()));
      return;
    }
    const lift = symbol.kind === "area" ? 0 : circle.radius - 4;
    openPopup(this.map, { latlng: marker.getLatLng(), items, lift, byKeyboard }, this.texts);
  }

  canSeparate(items) {
    const closest = this.map.getMaxZoom();
    if (this.map.getZoom() >= closest) return false;
    const points = items.map(({ latitude, longitude }) => this.map.project([latitude, longitude], closest));
    const { x, y } = L.bounds(points).getSize();
    return Math.max(x, y) > INSEPARABLE;
  }

  focusedEntry() {
    return [...this.entries.values()].find(({ marker }) => marker.getElement() === document.activeElement);
  }

  /** After a zoom the focused circle may be gone: go to the one that has its first event. */
  refocus({ circle, marker }) {
    if (marker.getElement()?.isConnected) return;
    const [{ id }] = circle.items;
    const heir = this.entryOf(id)?.marker.getElement() ?? this.map.getContainer();
    heir.focus({ preventScroll: true });
  }

  entryOf(id) {
    return [...this.entries.values()].find(({ circle }) => circle.items.some((item) => item.id === id));
  }

  /** Make the circle that has this event stand out; null for the chosen one, if any. */
  point(id) {
    this.pointed = id;
    const chosen = this.entryOf(id ?? this.chosen);
    for (const entry of this.entries.values()) {
      entry.marker.getElement().classList.toggle("is-lit", entry === chosen);
      entry.marker.setZIndexOffset(entry === chosen ? 10_000 : entry.symbol.kind === "area" ? -10_000 : 0);
    }
  }

  /** Where the circles are in the frame, for names to keep clear of. */
  obstacles() {
    return [...this.entries.values()].map(({ marker, symbol }) => {
      const { x, y } = this.map.latLngToContainerPoint(marker.getLatLng());
      const half = reachOf(symbol);
      return { left: x - half, top: y - half, right: x + half, bottom: y + half };
    });
  }
}
