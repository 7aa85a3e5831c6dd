/** A map with one pin that keys, clicks and dragging move. */

import { makeSvg } from "../lib/dom.js";
import { makeMap, setFirstView } from "./base.js";
import { shareWithPage } from "./gestures.js";
import { addOutline } from "./outline.js";
import { nearestPlace, TownNames } from "./towns.js";

const STEP_PIXELS = 8;
const BIG_STEP_PIXELS = 64;

/** So close does the map go when a pin is first put by typing. */
const CLOSE_ZOOM = 11;

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The same keys without Shift, as they lie on British keyboards. */
const ZOOMS = { "+": 1, "=": 1, "-": -1, "_": -1 };

/** How far a key moves the pin, in pixels, or null for other keys. */
export function stepFor({ key, shiftKey }) {
  const direction = DIRECTIONS[key];
  if (!direction) return null;
  const pixels = shiftKey ? BIG_STEP_PIXELS : STEP_PIXELS;
  return direction.map((part) => part * pixels);
}

function pinIcon() {
  const shape = makeSvg(
    "svg", { viewBox: "0 0 32 44", width: "32", height: "44", "aria-hidden": "true" },
    makeSvg("path", { class: "map-pin-body", d: "M16 43C16 43 30 25.6 30 15.6A14 14 0 0 0 2 15.6C2 25.6 16 43 16 43Z" }),
    makeSvg("circle", { class: "map-pin-eye", cx: "16", cy: "15.6", r: "5" }),
  );
  return L.divIcon({ className: "map-pin", html: shape, iconAnchor: [16, 43], iconSize: [32, 44] });
}

/** The pin's map. It tells of every move that a person makes, and follows what is typed elsewhere. */
export class PinMap {
  /** @param {(point: {latitude: number, longitude: number}) => void} onMove */
  constructor(stage, settings, onMove) {
    this.onMove = onMove;
    this.towns = null;
    this.pin = null;
    this.map = makeMap(stage, { ...settings, keyboard: false });
    setFirstView(this.map, settings);
    shareWithPage(this.map, settings.texts);
    this.map.on("click", ({ latlng }) => this.moveTo(latlng));
    stage.addEventListener("keydown", (event) => this.onKey(event));
    this.addGround(settings).catch((error) => console.error("The ground of the map did not load.", error));
  }

  async addGround({ tileUrl, outlineUrl, placesUrl, texts }) {
    if (tileUrl) return;
    this.towns = new TownNames(this.map, placesUrl);
    // The live region names the nearest town, so all of them are wanted at once.
    await Promise.all([this.towns.load(true), addOutline(this.map, outlineUrl, texts.outlineCredit)]);
  }

  onKey(event) {
    // The zoom buttons are inside the stage, and keep their keys.
    if (event.target !== this.map.getContainer() || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = stepFor(event);
    const zoom = ZOOMS[event.key];
    if (step) this.nudge(step);
    else if (zoom) this.zoom(zoom);
    else if (event.key === "Enter") this.moveTo(this.place());
    else return;
    event.preventDefault();
  }

  /** Where the pin is, or where it would first be put: the middle. */
  place() {
    return this.pin?.getLatLng() ?? this.map.getCenter();
  }

  zoom(step) {
    this.map.setZoomAround(this.place(), this.map.getZoom() + step);
  }

  nudge([x, y]) {
    const from = this.map.latLngToContainerPoint(this.place());
    // The first key shows the pin in the middle; from the second on it moves.
    this.moveTo(this.map.containerPointToLatLng(this.pin ? from.add([x, y]) : from));
  }

  moveTo(latlng) {
    this.put(latlng);
    this.map.panInside(latlng, { padding: [48, 56] });
    this.tell();
  }

  tell() {
    const { lat: latitude, lng: longitude } = this.pin.getLatLng();
    this.onMove({ latitude, longitude });
  }

  put(latlng) {
    if (this.pin) {
      this.pin.setLatLng(latlng);
      return;
    }
    this.pin = L.marker(latlng, { autoPan: true, draggable: true, icon: pinIcon(), keyboard: false }).addTo(this.map);
    this.pin.on("dragend", () => this.tell());
  }

  /** Follow typed coordinates, without telling about it. */
  follow({ latitude, longitude }) {
    const isFirst = this.pin === null;
    this.put([latitude, longitude]);
    if (isFirst) this.map.setView([latitude, longitude], Math.max(this.map.getZoom(), CLOSE_ZOOM));
    else this.map.panInside([latitude, longitude], { padding: [48, 56] });
  }

  /** Take the pin away. */
  clear() {
    this.pin?.remove();
    this.pin = null;
  }

  /** The name of the town nearest to a point, or nothing before the names are here. */
  townNear(point) {
    return nearestPlace(this.towns?.places ?? [], point)?.name ?? "";
  }
}
