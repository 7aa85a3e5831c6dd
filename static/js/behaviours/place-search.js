/** Suggest places while somebody types one; fetched when the box is first used, not before. */

/** Make the box in an element a combobox, as soon as it has the focus. */
export function start(root) {
  const begin = async () => {
    const { Combobox } = await import("../lib/combobox.js");
    new Combobox(root);
  };
  if (root.contains(document.activeElement)) return begin();
  root.addEventListener("focusin", begin, { once: true });
  return undefined;
}
