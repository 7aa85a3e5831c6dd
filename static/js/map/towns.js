/** Names of towns, redrawn when the map stops moving. */

import { getJson } from "../lib/api.js";
import { make } from "../lib/dom.js";
import { placeLabels, townsAtZoom } from "./labels.js";

/** Cities are written larger; the style sheet's .map-town and .map-city say the same sizes. */
const TOWN = { className: "map-town", font: "600 12px", height: 16 };
const CITY = { className: "map-town map-city", font: "700 14px", height: 18 };
const CITY_PEOPLE = 250_000;
const MARGIN = 2;

/** So many names are enough for the whole country; all of them are fetched when somebody comes closer. */
const FEW = 50;

/** The largest places: a few, or all that the server tells of. */
async function largestPlaces(url, isAll) {
  const few = isAll ? "" : `${url.includes("?") ? "&" : "?"}most=${FEW}`;
  const { places } = await getJson(url + few);
  return { isAll, places };
}

/** Town names on a map; they are decoration for eyes, the list beside says the same in words. */
export class TownNames {
  constructor(map, url) {
    this.map = map;
    this.url = url;
    this.places = [];
    this.isAll = false;
    this.obstacles = () => [];
    this.pane = map.createPane("towns");
    this.pane.setAttribute("aria-hidden", "true");
    this.pane.classList.add("leaflet-zoom-hide");
    this.pencil = document.createElement("canvas").getContext("2d");
    this.fontFamily = getComputedStyle(map.getContainer()).fontFamily;
    map.on("moveend resize", () => this.draw());
    map.on("zoomend", () => this.load());
  }

  /** Fetch as many names as this zoom needs, or all. A map without names is still a map. */
  async load(isAll = townsAtZoom(this.map.getZoom()) > FEW) {
    if (!this.url || this.isAll || (this.places.length > 0 && !isAll)) return;
    try {
      Object.assign(this, await largestPlaces(this.url, isAll));
      this.draw();
    } catch (error) {
      console.error("The names of towns did not load.", error);
    }
  }

  /** Keep names off what the function answers: boxes in the frame's pixels. */
  avoid(obstacles) {
    this.obstacles = obstacles;
    this.draw();
  }

  /** Place the names anew. */
  draw() {
    const { x: width, y: height } = this.map.getSize();
    const obstacles = [...this.obstacles(), ...this.controls()];
    const labels = placeLabels(this.candidates(), obstacles, { width, height });
    this.pane.replaceChildren(...labels.flatMap((label) => this.elements(label)));
  }

  /** Where buttons and the credit lie over the map. */
  controls() {
    const frame = this.map.getContainer().getBoundingClientRect();
    return [...this.map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
      const { left, top, right, bottom } = control.getBoundingClientRect();
      return { left: left - frame.left, top: top - frame.top, right: right - frame.left, bottom: bottom - frame.top };
    });
  }

  candidates() {
    const view = this.map.getBounds();
    return this.places
      .slice(0, townsAtZoom(this.map.getZoom()))
      .filter(({ latitude, longitude }) => view.contains([latitude, longitude]))
      .map(({ name, latitude, longitude, population }) => {
        const { x, y } = this.map.latLngToContainerPoint([latitude, longitude]);
        const { className, font, height } = population >= CITY_PEOPLE ? CITY : TOWN;
        this.pencil.font = `${font} ${this.fontFamily}`;
        const width = this.pencil.measureText(name).width + 2 * MARGIN;
        return { className, name, x, y, width, height };
      });
  }

  elements({ className, name, x, y, left, top, hasDot }) {
    const put = (element, point) => {
      L.DomUtil.setPosition(element, this.map.containerPointToLayerPoint(point).round());
      return element;
    };
    const label = put(make("span", { class: className }, name), [left + MARGIN, top]);
    return hasDot ? [put(make("i", { class: "map-town-dot" }), [x - 2, y - 2]), label] : [label];
  }
}

/** The place nearest to a point, as the crow flies; the degrees of longitude shrink northwards. */
export function nearestPlace(places, { latitude, longitude }) {
  const shrink = Math.cos((latitude * Math.PI) / 180);
  const far = (place) => Math.hypot(place.latitude - latitude, (place.longitude - longitude) * shrink);
  return places.reduce((best, place) => (best === null || far(place) < far(best) ? place : best), null);
}
