/**
 * Start the behaviours that a page asks for with data-behaviour="…".
 *
 * Every page works before this has run. A behaviour's module is fetched only where the page has
 * it, and one that fails leaves its element as the server made it.
 */

const modules = {
  count: () => import("./behaviours/count.js"),
  locate: () => import("./behaviours/locate.js"),
  map: () => import("./behaviours/map.js"),
  participant: () => import("./behaviours/participant.js"),
  passkey: () => import("./behaviours/passkey.js"),
  pin: () => import("./behaviours/pin.js"),
  "place-search": () => import("./behaviours/place-search.js"),
  pledge: () => import("./behaviours/pledge.js"),
  receipt: () => import("./behaviours/receipt.js"),
  share: () => import("./behaviours/share.js"),
  stepper: () => import("./behaviours/stepper.js"),
};

async function start(element, name) {
  try {
    const { start: begin } = await modules[name]();
    await begin(element);
  } catch (error) {
    console.error(`The behaviour “${name}” did not start.`, error);
  }
}

for (const element of document.querySelectorAll("[data-behaviour]")) {
  for (const name of element.dataset.behaviour.split(/\s+/)) {
    if (Object.hasOwn(modules, name)) start(element, name);
  }
}
