/** The public map: events in view over the outline, with town names. */

import { say } from "../lib/dom.js";
import { fill, fullNumber } from "../lib/texts.js";
import { makeMap, setFirstView } from "./base.js";
import { EventsLayer } from "./events-layer.js";
import { shareWithPage } from "./gestures.js";
import { linkList } from "./list-links.js";
import { EventLoader } from "./loader.js";
import { addOutline } from "./outline.js";
import { TownNames } from "./towns.js";

const PAUSE_MILLISECONDS = 180;

/** Add the ground; a tile server's pictures, where one is set, bring their own names. */
async function addGround(map, { tileUrl, placesUrl, outlineUrl, texts }, obstacles) {
  if (tileUrl) return null;
  const towns = new TownNames(map, placesUrl);
  towns.avoid(obstacles);
  await Promise.all([towns.load(), addOutline(map, outlineUrl, texts.outlineCredit)]);
  return towns;
}

/** What the line under the map says about an answer. */
export function statusFor({ features, more, total }, texts) {
  if (more) return fill(texts.more, { shown: fullNumber(features.length), total: fullNumber(total) });
  return features.length ? "" : texts.none;
}

function later(action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, PAUSE_MILLISECONDS);
  };
}

/**
 * Start the public map.
 *
 * @param {HTMLElement} stage the element that becomes the map
 * @param {HTMLElement} status a live region
 * @param {object} settings see templates/components/map.html
 */
export function startEventMap(stage, status, settings) {
  const { texts } = settings;
  const map = makeMap(stage, settings);
  setFirstView(map, settings);
  shareWithPage(map, texts);

  const mark = linkList((id) => layer.point(id));
  const layer = new EventsLayer(map, texts, mark, settings.chosen);
  const loader = new EventLoader(settings.eventsUrl);
  let towns = null;

  const inView = ({ features }) => {
    const view = map.getBounds();
    return features.filter(({ geometry: { coordinates: [longitude, latitude] } }) => view.contains([latitude, longitude]));
  };
  const load = async () => {
    const view = map.getBounds();
    const box = { west: view.getWest(), south: view.getSouth(), east: view.getEast(), north: view.getNorth() };
    try {
      const answer = await loader.load(box, map.getZoom());
      if (!answer) return;
      layer.show(answer.features);
      towns?.draw();
      say(status, statusFor({ ...answer, features: answer.more ? answer.features : inView(answer) }, texts));
    } catch {
      say(status, texts.failed);
    }
  };
  if (settings.shown.length) layer.show(settings.shown);
  if (settings.eventsUrl) map.on("moveend", later(load));
  addGround(map, settings, () => layer.obstacles())
    .then((names) => {
      towns = names;
      towns?.draw();
    })
    .catch((error) => console.error("The ground of the map did not load.", error));
  return settings.eventsUrl ? load() : undefined;
}
