/** Let a page with a map in it scroll: the map takes a gesture only where it is meant. */

import { make } from "../lib/dom.js";

const HINT_MILLISECONDS = 1600;
const FINGER_PIXELS = 12;

/**
 * One finger scrolls the page and two move the map; the wheel zooms once the map is in use.
 *
 * The style sheet's touch-action does the half that a script would be too late for.
 */
export function shareWithPage(map, texts) {
  const stage = map.getContainer();
  const hint = addHint(stage, texts.twoFingers);

  stage.addEventListener("pointerdown", ({ pointerType }) => {
    // A laptop may have both: what touches now decides, not what the machine has.
    if (pointerType === "touch") map.dragging.disable();
    else map.dragging.enable();
  }, { capture: true });
  hintAtSidewaysFinger(stage, hint);
  zoomByWheelInUse(map, stage);
}

/** One finger up or down is somebody scrolling past; sideways is somebody trying to move the map. */
function hintAtSidewaysFinger(stage, hint) {
  let from = null;
  stage.addEventListener("touchstart", ({ touches: [{ clientX, clientY }] }) => {
    from = [clientX, clientY];
  }, { passive: true });
  stage.addEventListener("touchmove", ({ touches, target }) => {
    if (touches.length > 1) return hint.hide();
    const [across, down] = [touches[0].clientX - from[0], touches[0].clientY - from[1]].map(Math.abs);
    const isMapMeant = across > FINGER_PIXELS && across > down && !target.closest(".leaflet-popup, .map-pin");
    return isMapMeant && hint.show();
  }, { passive: true });
}

function zoomByWheelInUse(map, stage) {
  const use = () => map.scrollWheelZoom.enable();
  const leave = () => map.scrollWheelZoom.disable();
  stage.addEventListener("pointerdown", use);
  stage.addEventListener("focusin", use);
  stage.addEventListener("focusout", leave);
  stage.addEventListener("pointerleave", leave);
  stage.addEventListener("wheel", ({ ctrlKey }) => ctrlKey && use(), { capture: true, passive: true });
}

function addHint(stage, text) {
  const hint = make("div", { class: "map-hint", "aria-hidden": "true" }, text);
  let timer;
  stage.append(hint);
  const hide = () => hint.classList.remove("is-shown");
  const show = () => {
    hint.classList.add("is-shown");
    clearTimeout(timer);
    timer = setTimeout(hide, HINT_MILLISECONDS);
  };
  return { hide, show };
}
