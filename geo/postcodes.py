"""Postcodes as text: their parts, whatever case and spaces people give them."""

import re
import unicodedata
from dataclasses import dataclass

# The shapes that Royal Mail describes; the inward letters C, I, K, M, O and V are never used.
OUTWARD = r"(?P<outward>(?P<area>[A-Z]{1,2})\d[A-Z\d]?)"
INWARD = r"\d[ABD-HJLNP-UW-Z]{2}"
FULL = re.compile(rf"{OUTWARD}(?P<inward>{INWARD})")
PARTIAL = re.compile(rf"{OUTWARD}(?: \d)?")
IN_TEXT = re.compile(rf"\b{OUTWARD}\s*(?P<inward>{INWARD})\b", re.IGNORECASE)
LONGEST_TEXT = 40
INVISIBLE = {"Cf", "Cc"}


@dataclass(frozen=True, slots=True)
class PostcodeText:
    """What a text says as a postcode; `inward` is None where only the first half was given."""

    area: str
    outward: str
    inward: str | None

    def __str__(self) -> str:
        return self.outward if self.inward is None else f"{self.outward} {self.inward}"


def parse_postcode(text: str) -> PostcodeText | None:
    """Read a full postcode, a sector (“SW1A 1”) or an outward code (“SW1A”); else None.

    The shape alone is checked: whether such a postcode exists is for a table to say.
    """
    if len(text) > LONGEST_TEXT:
        return None
    spaced = _plain(text)
    full = FULL.fullmatch(spaced.replace(" ", ""))
    if full and full["outward"]:
        return PostcodeText(full["area"], full["outward"], full["inward"])
    partial = PARTIAL.fullmatch(spaced)
    return PostcodeText(partial["area"], partial["outward"], None) if partial else None


def outward_code(text: str) -> str | None:
    """Return the first half of a postcode (“SW1A”), or None where the text is none."""
    postcode = parse_postcode(text)
    return postcode.outward if postcode else None


def postcode_in(text: str) -> PostcodeText | None:
    """Find the last full postcode inside an address.

    Half ones are left alone: “Room G15” is no part of Glasgow.
    """
    found = list(IN_TEXT.finditer(text))
    return parse_postcode(found[-1].group()) if found else None


def _plain(text: str) -> str:
    compatible = unicodedata.normalize("NFKC", text)
    visible = "".join(c for c in compatible if unicodedata.category(c) not in INVISIBLE)
    return " ".join(visible.upper().split())
