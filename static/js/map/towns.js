/** Names of towns, redrawn when the map stops moving. */

import { make } from "../lib/dom.js";
import { placeLabels, townsAtZoom } from "./labels.js";

const FONT_SIZE = 12;
const LINE_HEIGHT = 16;
const MARGIN = 2;

/** Town names on a map; they are decoration for eyes, the list beside says the same in words. */
export class TownNames {
  /** @param {{name: string, latitude: number, longitude: number}[]} places the largest first */
  constructor(map, places) {
    this.map = map;
    this.places = places;
    this.obstacles = () => [];
    this.pane = map.createPane("towns");
    this.pane.setAttribute("aria-hidden", "true");
    this.pane.classList.add("leaflet-zoom-hide");
    this.pencil = document.createElement("canvas").getContext("2d");
    this.pencil.font = `600 ${FONT_SIZE}px ${getComputedStyle(map.getContainer()).fontFamily}`;
    map.on("moveend resize", () => this.draw());
    this.draw();
  }

  /** Keep names off what the function answers: boxes in the frame's pixels. */
  avoid(obstacles) {
    this.obstacles = obstacles;
    this.draw();
  }

  /** Place the names anew. */
  draw() {
    const { x: width, y: height } = this.map.getSize();
    const labels = placeLabels(this.candidates(), this.obstacles(), { width, height });
    this.pane.replaceChildren(...labels.flatMap((label) => this.elements(label)));
  }

  candidates() {
    const view = this.map.getBounds();
    return this.places
      .slice(0, townsAtZoom(this.map.getZoom()))
      .filter(({ latitude, longitude }) => view.contains([latitude, longitude]))
      .map(({ name, latitude, longitude }) => {
        const { x, y } = this.map.latLngToContainerPoint([latitude, longitude]);
        const width = this.pencil.measureText(name).width + 2 * MARGIN;
        return { name, x, y, width, height: LINE_HEIGHT };
      });
  }

  elements({ name, x, y, left, top, hasDot }) {
    const put = (element, point) => {
      L.DomUtil.setPosition(element, this.map.containerPointToLayerPoint(point).round());
      return element;
    };
    const label = put(make("span", { class: "map-town" }, name), [left + MARGIN, top]);
    return hasDot ? [put(make("i", { class: "map-town-dot" }), [x - 2, y - 2]), label] : [label];
  }
}

/** The place nearest to a point, as the crow flies; the degrees of longitude shrink northwards. */
export function nearestPlace(places, { latitude, longitude }) {
  const shrink = Math.cos((latitude * Math.PI) / 180);
  const far = (place) => Math.hypot(place.latitude - latitude, (place.longitude - longitude) * shrink);
  return places.reduce((best, place) => (best === null || far(place) < far(best) ? place : best), null);
}
