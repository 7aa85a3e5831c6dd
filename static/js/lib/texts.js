/** Words and numbers: texts come from the page, already in its language. */

/** The texts that a template put into data-texts, as an object. */
export function readTexts(element) {
  return JSON.parse(element.dataset.texts || "{}");
}

/** Put values into a text's {places}. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** A link that takes along who sent its reader here, as the server’s links on this page do. */
export function linkFrom(search, url) {
  const via = new URLSearchParams(search).get("via") ?? "";
  return /^[a-z0-9-]{1,40}$/i.test(via) ? `${url}?via=${via.toLowerCase()}` : url;
}

/** A whole number with separators: 2,310. English and Welsh write them alike. */
export function fullNumber(number) {
  return new Intl.NumberFormat("en-GB").format(number);
}

/** A number short enough for a circle: 7, 312, 2.8k, 14k. */
export function shortNumber(number) {
  if (number < 1000) return String(number);
  const thousands = number / 1000;
  // 9,960 rounds to 10.0, which is one figure too many.
  return `${thousands < 9.95 ? thousands.toFixed(1).replace(/\.0$/, "") : Math.round(thousands)}k`;
}

/** A coordinate as people type it, with a real minus sign left out so that it can be pasted. */
export function degrees(value, decimals = 2) {
  return value.toFixed(decimals);
}
