/** Make elements without strings of HTML. */

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node|string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children. */
export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Change a live region only if it would say something else: a repeat would be read out again. */
export function say(region, text) {
  if (region.textContent !== text) region.textContent = text;
}

/** True where people asked their system for less movement. */
export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
