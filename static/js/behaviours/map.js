/** The map of events: starts when it comes near the screen, and steps aside where it cannot. */

import { make } from "../lib/dom.js";
import { readTexts } from "../lib/texts.js";
import { hasLeaflet } from "../map/base.js";
import { startEventMap } from "../map/event-map.js";

/** A map far down a phone's page costs nothing until somebody scrolls towards it. */
const NEAR = "600px";

const number = (text) => (text ? Number(text) : NaN);

/** A map's settings from its element. */
export function readSettings(element) {
  const { dataset } = element;
  return {
    chosen: dataset.chosen ?? null,
    eventsUrl: dataset.eventsUrl,
    // What the page knows itself, of an event that is not sent yet.
    shown: JSON.parse(dataset.shown || "[]"),
    outlineUrl: dataset.outlineUrl,
    placesUrl: dataset.placesUrl,
    tileUrl: dataset.tileUrl,
    tileAttribution: dataset.tileAttribution,
    latitude: number(dataset.centreLatitude),
    longitude: number(dataset.centreLongitude),
    zoom: number(dataset.zoom) || 11,
    texts: readTexts(element),
  };
}

function whenNear(element) {
  return new Promise((resolve) => {
    const watcher = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      watcher.disconnect();
      resolve();
    }, { rootMargin: NEAR });
    watcher.observe(element);
  });
}

/** A link past the map: with a keyboard its markers are many steps. */
function addWayPast(element, status, text) {
  const id = status.id || `map-status-${document.querySelectorAll(".map-skip").length}`;
  Object.assign(status, { id, tabIndex: -1 });
  element.prepend(make("a", { class: "map-skip", href: `#${id}` }, text));
}

/** Start the map in an element with the settings of templates/components/map.html. */
export async function start(element) {
  if (!hasLeaflet()) {
    element.hidden = true;
    return;
  }
  const settings = readSettings(element);
  const status = element.querySelector(".map-status");
  const stage = element.querySelector(".map-stage");
  stage.setAttribute("role", "region");
  stage.setAttribute("aria-label", settings.texts.label);
  addWayPast(element, status, settings.texts.skip);
  await whenNear(element);
  element.classList.add("is-live");
  await startEventMap(stage, status, settings);
}
