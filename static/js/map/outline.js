/** The ground of the map: the outline of the UK and Ireland. */

import { getJson } from "../lib/api.js";

/** Corners of a ring from its first corner and the steps between them, in the file's whole numbers. */
function unpackRing(numbers, scale) {
  const corners = [];
  let [x, y] = [0, 0];
  for (let index = 0; index < numbers.length; index += 2) {
    x += numbers[index];
    y += numbers[index + 1];
    corners.push([x / scale, y / scale]);
  }
  return corners;
}

/** GeoJSON of the file that dev/outline.mjs writes; no country in it has a hole. */
export function unpack({ scale, countries }) {
  const features = countries.map(({ kind, rings }) => ({
    type: "Feature",
    properties: { kind },
    geometry: { type: "MultiPolygon", coordinates: rings.map((ring) => [unpackRing(ring, scale)]) },
  }));
  return { type: "FeatureCollection", features };
}

/** Draw the outline under everything else. */
export async function addOutline(map, url, credit) {
  const pane = map.createPane("ground");
  pane.setAttribute("aria-hidden", "true");
  // The padding keeps land drawn outside the frame, so that a drag does not show an edge.
  const renderer = L.svg({ pane: "ground", padding: 0.6 });
  L.geoJSON(unpack(await getJson(url)), {
    attribution: credit,
    interactive: false,
    pane: "ground",
    style: ({ properties: { kind } }) => ({ className: `map-land map-land-${kind}`, renderer }),
  }).addTo(map);
}
