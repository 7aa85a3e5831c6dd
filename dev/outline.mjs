/** Draw the ground of the map: the outline of the UK and Ireland, simplified from Natural Earth. */

import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { feature } from "topojson-client";
import { filter, filterWeight, presimplify, simplify } from "topojson-simplify";

const SOURCE = new URL("../node_modules/world-atlas/countries-10m.json", import.meta.url);
const FOLDER = new URL("../static/gen/", import.meta.url);

/** ISO 3166 numbers: only the first is where events can be; the others are there for bearings. */
const COUNTRIES = { 826: "uk", 372: "other", 833: "other", 831: "other", 832: "other" };

/** Smallest corner, and smallest island, that is kept, in square degrees of the Mercator plane. */
const DETAIL = { map: { corner: 0.00014, island: 0.0003 }, picture: { corner: 0.0012, island: 0.006 } };
const LARGEST_COMPRESSED = { map: 15_000, picture: 12_000 };
const DECIMALS = 3;

/** Mercator's y in degrees, so that a corner weighs the same on the screen in Kent and in Shetland. */
const mercator = (latitude) =>
  (Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) * 180) / Math.PI;

const unmercator = (y) => (Math.atan(Math.exp((y * Math.PI) / 180)) * 360) / Math.PI - 90;

/** The five countries' share of the atlas, projected, with a weight on every point. */
function weighedCountries() {
  const atlas = JSON.parse(readFileSync(SOURCE, "utf8"));
  atlas.objects = { countries: atlas.objects.countries };
  atlas.objects.countries.geometries = atlas.objects.countries.geometries.filter(({ id }) => Number(id) in COUNTRIES);
  const own = presimplify(filter(atlas));
  const project = ([longitude, latitude, weight]) => [longitude, mercator(latitude), weight];
  return presimplify({ ...own, arcs: own.arcs.map((arc) => arc.map(project)) });
}

/** One GeoJSON feature per country, on the Mercator plane, at one of the two levels of detail. */
function outlines(topology, { corner, island }) {
  const kept = filter(topology, filterWeight(topology, island));
  const { features } = feature(simplify(kept, corner), kept.objects.countries);
  return features.map(({ id, geometry }) => ({
    kind: COUNTRIES[Number(id)],
    polygons: (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)
      .map((rings) => rings.filter((ring) => ring.length > 3))
      .filter((rings) => rings.length > 0),
  }));
}

/** Round to what is stored, and drop points that have become the same as the one before. */
function rounded(ring, decimals, convert) {
  const points = ring.map(([x, y]) => convert(x, y).map((value) => Number(value.toFixed(decimals))));
  return points.filter(([x, y], index) => index === 0 || x !== points[index - 1][0] || y !== points[index - 1][1]);
}

/**
 * The outline for the map, which static/js/map/outline.js reads: whole numbers, each ring as its
 * first corner and then the steps from corner to corner. Half the size of the same in GeoJSON.
 */
function packed(countries) {
  const scale = 10 ** DECIMALS;
  const steps = (ring) => {
    const corners = rounded(ring, 0, (x, y) => [x * scale, unmercator(y) * scale]);
    return corners.flatMap(([x, y], index) => (index === 0 ? [x, y] : [x - corners[index - 1][0], y - corners[index - 1][1]]));
  };
  const shapes = countries.map(({ kind, polygons }) => ({ kind, rings: polygons.flat().map(steps) }));
  return JSON.stringify({ scale, countries: shapes });
}

/** Colours of the still pictures: a picture cannot read the tokens of static/css/tokens.css. */
const PAINT = {
  light: { land: "#fff8ec", coast: "#cdb892" },
  dark: { land: "#2f2539", coast: "#5b4a66" },
};

/** The same as a still picture, for pages without script. */
function svg(countries, { land, coast }) {
  const [west, east, south, north] = [-11.2, 2.6, mercator(49.0), mercator(61.1)];
  const scale = 60;
  const [width, height] = [Math.round((east - west) * scale), Math.round((north - south) * scale)];
  const place = (x, y) => [(x - west) * scale, (north - y) * scale];
  const path = ({ polygons }) => polygons.flat().map((ring) => `M${rounded(ring, 0, place).join(" ")}z`).join("");
  const shapes = countries.map((country) =>
    `<path${country.kind === "uk" ? "" : ' opacity=".5"'} d="${path(country)}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`
    + `<g fill="${land}" stroke="${coast}">${shapes.join("")}</g></svg>\n`;
}

/** Write one file; a build that makes the pages heavy fails here rather than on somebody's phone. */
function write(name, text, largest) {
  const size = brotliCompressSync(text).length;
  if (size > largest) throw new Error(`${name} is ${size} bytes compressed; the most is ${largest}.`);
  writeFileSync(new URL(name, FOLDER), text);
  process.stdout.write(`static/gen/${name}: ${text.length} bytes, ${size} compressed\n`);
}

const topology = weighedCountries();
mkdirSync(FOLDER, { recursive: true });
write("outline.json", packed(outlines(topology, DETAIL.map)), LARGEST_COMPRESSED.map);
write("outline.svg", svg(outlines(topology, DETAIL.picture), PAINT.light), LARGEST_COMPRESSED.picture);
write("outline-dark.svg", svg(outlines(topology, DETAIL.picture), PAINT.dark), LARGEST_COMPRESSED.picture);
