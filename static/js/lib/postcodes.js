/** Texts that may hold a whole postcode: they never leave the page but in a form that is posted. */

// The twin of geo/postcodes.py; tests of both read the same table of cases.
const FULL = /[A-Z]{1,2}[0-9][A-HJKMNPR-Y0-9]?[0-9][ABD-HJLNP-UW-Z]{2}/;
const MAY_BE_FULL = /^(?=.*[0-9])(?:(?:[A-Z]{1,2}|0[LX]|[CPSY]0|1[GPV])[0-9OIL][A-Z0-9]?[0-9OIL][ABD-HJLNP-UW-Z]{1,2}|GIR[0O]A{1,2})$/;
const LONGEST_POSTCODE = 7;
const LONGEST_SEARCHED = 200;

/** True if any part of a text is, or with one more letter becomes, a full postcode. Errs to true. */
export function mayHoldFullPostcode(text) {
  if (text.length > LONGEST_SEARCHED) return true;
  const plain = text.normalize("NFKC").replace(/\p{Cf}|(?!\s)\p{Cc}/gu, "").toUpperCase();
  const words = plain.split(/[^A-Z0-9]+/).filter(Boolean);
  return FULL.test(words.join("")) || words.some((_word, start) => beginsOne(words.slice(start)));
}

/** True if some of the first words, read together, may be one: people put spaces anywhere. */
function beginsOne(words) {
  let together = "";
  for (const word of words) {
    together += word;
    if (together.length > LONGEST_POSTCODE) return false;
    if (MAY_BE_FULL.test(together)) return true;
  }
  return false;
}
