/** A pin on a map for a form's latitude and longitude; the fields work alone, and stay. */

import { make, say } from "../lib/dom.js";
import { degrees, fill } from "../lib/texts.js";
import { hasLeaflet } from "../map/base.js";
import { PinMap } from "../map/pin-map.js";
import { readSettings } from "./map.js";

/** Five decimals are about a metre. */
const DECIMALS = 5;

/** Where an event can be; the server decides, this only keeps the pin from chasing a typing mistake. */
const UK_BOX = { south: 49.8, north: 60.95, west: -8.7, east: 1.85 };

/** The point that two fields hold, or null while they hold none in the UK. */
export function typedPoint(latitudeText, longitudeText) {
  const [latitude, longitude] = [latitudeText, longitudeText].map((text) => (text.trim() ? Number(text) : NaN));
  const isInside = latitude >= UK_BOX.south && latitude <= UK_BOX.north
    && longitude >= UK_BOX.west && longitude <= UK_BOX.east;
  return isInside ? { latitude, longitude } : null;
}

/** What the live region says about the pin. */
export function announcement({ latitude, longitude }, town, texts) {
  const where = fill(texts.pinAt, { latitude: degrees(latitude), longitude: degrees(longitude) });
  return town ? `${where}. ${fill(texts.near, { place: town })}` : where;
}

function build(element, texts) {
  const howTo = make("p", { class: "map-how-to", id: `${element.id || "pin"}-how-to` }, texts.pinHowTo);
  const stage = make("div", {
    class: "map-stage", role: "application", tabindex: "0",
    "aria-label": texts.pinLabel, "aria-describedby": howTo.id,
  });
  const status = make("p", { class: "map-status", role: "status" });
  element.append(make("div", { class: "map map-pinned is-live" }, howTo, stage, status));
  return { stage, status };
}

/** Add the map to a fieldset that has inputs named latitude and longitude. */
export function start(element) {
  if (!hasLeaflet()) return;
  const settings = readSettings(element);
  const { texts } = settings;
  const field = (name) => element.querySelector(`input[name=${name}]`);
  const [latitude, longitude] = [field("latitude"), field("longitude")];
  const { stage, status } = build(element, texts);

  const pinMap = new PinMap(stage, settings, (point) => {
    latitude.value = degrees(point.latitude, DECIMALS);
    longitude.value = degrees(point.longitude, DECIMALS);
    latitude.dispatchEvent(new Event("change", { bubbles: true }));
    say(status, announcement(point, pinMap.townNear(point), texts));
  });
  const follow = () => {
    const point = typedPoint(latitude.value, longitude.value);
    if (!point) return pinMap.clear();
    pinMap.follow(point);
    return say(status, announcement(point, pinMap.townNear(point), texts));
  };
  for (const input of [latitude, longitude]) input.addEventListener("input", follow);
  if (typedPoint(latitude.value, longitude.value)) follow();
}
