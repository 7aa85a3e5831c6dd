"""Folding of place names, so that what people type meets what the gazetteer holds."""

import re
import unicodedata

# Words with two spellings in British place names, each folded to one.
ONE_SPELLING = {"saint": "st", "upon": "on"}
APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´.")
NOT_A_LETTER = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """Return the form of a place name that is compared: small letters, no accents, one space.

    “Llanfair-ym-Muallt”, “ST. IVES” and “Saint Ives” become “llanfair ym muallt” and “st ives”.
    """
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = NOT_A_LETTER.sub(" ", plain.translate(APOSTROPHES).casefold()).split()
    return " ".join(ONE_SPELLING.get(word, word) for word in words)
