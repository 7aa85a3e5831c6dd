/** The map that every page's map starts from: its ground, its limits and its controls. */

import { prefersStillness } from "../lib/dom.js";

/** South-west and north-east corners of where events can be; a first view shows all of it. */
const UK = [[49.85, -8.3], [60.9, 1.8]];

/** How far one can drag: enough sea that a popup at the edge has room. */
const LIMITS = [[47.5, -14], [63.2, 7]];

const LARGEST_ZOOM = { outline: 13, tiles: 18 };
const ZOOM_WITHOUT_SIZE = 5;

/** True when the deferred script with Leaflet has run. */
export const hasLeaflet = () => "L" in window;

/**
 * Make a Leaflet map in an element.
 *
 * @param {HTMLElement} stage
 * @param {object} settings texts, tileUrl, tileAttribution, keyboard
 */
export function makeMap(stage, { texts, tileUrl = "", tileAttribution = "", keyboard = true }) {
  const still = prefersStillness();
  const map = L.map(stage, {
    attributionControl: false,
    fadeAnimation: !still,
    inertia: !still,
    keyboard,
    markerZoomAnimation: !still,
    maxBounds: LIMITS,
    maxBoundsViscosity: 0.9,
    maxZoom: tileUrl ? LARGEST_ZOOM.tiles : LARGEST_ZOOM.outline,
    scrollWheelZoom: false,
    zoomAnimation: !still,
    zoomControl: false,
    // Pictures blur between whole zooms; our own outline does not, and fits its frame better.
    zoomSnap: tileUrl ? 1 : 0.125,
  });
  L.control.zoom({ zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  L.control.attribution({ prefix: false }).addTo(map);
  if (tileUrl) addTiles(map, tileUrl, tileAttribution);
  return map;
}

function addTiles(map, url, attribution) {
  // Some tile servers answer only who says where the request comes from; the site's pages do not.
  L.tileLayer(url, { attribution, maxZoom: LARGEST_ZOOM.tiles, referrerPolicy: "strict-origin" }).addTo(map);
}

function zoomOfCountry(map) {
  const { x, y } = map.getSize();
  return x && y ? map.getBoundsZoom(UK) : ZOOM_WITHOUT_SIZE;
}

function show(map, { latitude, longitude, zoom }) {
  if (Number.isFinite(latitude) && Number.isFinite(longitude)) {
    map.setView([latitude, longitude], zoom, { animate: false });
  } else if (map.getSize().x) {
    map.fitBounds(UK, { animate: false });
  } else {
    map.setView(L.latLngBounds(UK).getCenter(), ZOOM_WITHOUT_SIZE, { animate: false });
  }
  map.setMinZoom(zoomOfCountry(map));
}

/**
 * Show a centre where the page names one, else the whole country, and keep to it as the frame
 * changes: a map in a closed box has no size until the box opens.
 */
export function setFirstView(map, view) {
  let isSized = map.getSize().x > 0;
  show(map, view);
  new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    if (isSized) map.setMinZoom(zoomOfCountry(map));
    else show(map, view);
    isSized = map.getSize().x > 0;
  }).observe(map.getContainer());
}
