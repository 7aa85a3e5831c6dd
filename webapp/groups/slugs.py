"""Addresses made from names."""

import re
import unicodedata

LONGEST_SLUG = 60
# Addresses below /groups that are pages of the site.
RESERVED = frozenset({"new"})
FOR_NAMES_WITHOUT_LETTERS = "group"


def slug_of(name: str) -> str:
    """Return a name as an address: a-z, 0-9 and hyphens, without accents."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "").replace("'", ""))
    letters = plain.encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", letters)
    slug = "-".join(words)[:LONGEST_SLUG].strip("-")
    return slug or FOR_NAMES_WITHOUT_LETTERS


def first_free(slug: str, taken: set[str]) -> str:
    """Return the slug, or the first with a number behind it that nothing has."""
    number, candidate = 1, slug
    while candidate in taken or candidate in RESERVED:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
