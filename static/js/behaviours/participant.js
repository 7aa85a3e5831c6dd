/** A pledge’s form carries who takes part, as far as this device can tell. */

import { make } from "../lib/dom.js";
import { thisParticipant } from "../lib/participant.js";

export function start(form) {
  const value = thisParticipant(form.dataset.moment);
  if (value) form.append(make("input", { type: "hidden", name: "participant", value }));
}
