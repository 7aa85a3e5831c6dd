/** Tie the list to the map: pointing at an event in one shows it in the other. */

/**
 * Listen on the list's items, and answer a function that marks items by event.
 *
 * @param {(id: string|null) => void} onPoint called with the event under pointer or focus
 */
export function linkList(onPoint) {
  const items = [...document.querySelectorAll("[data-event-id]")];
  for (const item of items) {
    const point = () => onPoint(item.dataset.eventId);
    const leave = () => onPoint(null);
    item.addEventListener("pointerenter", point);
    item.addEventListener("focusin", point);
    item.addEventListener("pointerleave", leave);
    item.addEventListener("focusout", leave);
  }
  return (ids) => {
    for (const item of items) item.classList.toggle("is-lit", ids.includes(item.dataset.eventId));
  };
}
