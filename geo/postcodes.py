"""Postcodes as text: their parts, whatever case, spaces and look-alike letters people give them."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from geo.postcode_areas import POSTCODE_AREAS

# The shapes that Royal Mail describes. At the end of an outward code I, L, O, Q and Z are never used,
# in the inward half C, I, K, M, O and V.
# Digits are 0 to 9 alone, where \d would also be those of other scripts.
OUTWARD = "(?P<outward>(?P<area>[A-Z]{1,2})[0-9][A-HJKMNPR-Y0-9]?)"
INWARD = "[0-9][ABD-HJLNP-UW-Z]{2}"
GIROBANK = "GIR0AA"  # the one postcode of another shape, still in use
FULL = re.compile(rf"{OUTWARD}(?P<inward>{INWARD})")
PARTIAL = re.compile(rf"{OUTWARD}(?: (?P<sector>[0-9]))?")
# Without a space a sector is known by all that can stand before it: M11 is a district.
SECTOR_TOGETHER = re.compile(
    "(?P<outward>(?P<area>[A-Z]{1,2})[0-9][A-HJKMNPR-Y0-9])(?P<sector>[0-9])"
)
IN_TEXT = re.compile(rf"\b{OUTWARD}\s*(?P<inward>{INWARD})\b", re.IGNORECASE)
EIRCODE = re.compile("[AC-FHKNPRTV-Y][0-9][0-9W][0-9AC-FHKNPRTV-Y]{4}")
LONGEST_TEXT = 40
INVISIBLE = {"Cf", "Cc"}

# A district that starts with 0 is 0 itself, in nine areas; S01 is somebody’s SO1.
LEADING_ZERO = re.compile("[A-Z]{1,2}0")
DISTRICTS_0 = {"BL0", "BS0", "CM0", "CR0", "FY0", "HA0", "PR0", "SL0", "SS0"}
LOOK_ALIKE = {"0": "O", "O": "0", "1": "I", "I": "1", "L": "1"}
MOST_LOOK_ALIKES = 6  # 64 spellings; OL11 1LL has most

# What is, or with one more letter becomes, a full postcode: an area (with 0 for O and 1 for I), a
# digit, perhaps one more sign, a digit and a letter; O stands for 0 there, and I and L for 1.
AREA_LIKE, DIGIT_LIKE = "(?:[A-Z]{1,2}|0[LX]|[CPSY]0|1[GPV])", "[0-9OIL]"
MAY_BE_FULL = re.compile(
    rf"(?=.*[0-9]){AREA_LIKE}{DIGIT_LIKE}[A-Z0-9]?{DIGIT_LIKE}[ABD-HJLNP-UW-Z]{{1,2}}|GIR[0O]A{{1,2}}"
)
LONGEST_POSTCODE = 7
LONGEST_SEARCHED = 200
NEITHER_LETTER_NOR_DIGIT = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class PostcodeText:
    """What a text says as a postcode.

    `inward` is None where only the first half was given, `sector` where not even the digit after it.
    """

    area: str
    outward: str
    inward: str | None
    sector: str | None

    def __str__(self) -> str:
        second = self.inward or (self.sector and self.sector.rpartition(" ")[2])
        return f"{self.outward} {second}" if second else self.outward

    @property
    def is_full(self) -> bool:
        """Whether it names one postcode and not a part of the country."""
        return self.inward is not None

    @property
    def compact(self) -> str:
        """The postcode without its space, as tables keep it."""
        return str(self).replace(" ", "")


def parse_postcode(text: str) -> PostcodeText | None:
    """Read a full postcode, a sector (“SW1A 1”) or an outward code (“SW1A”); else None.

    The shape alone is checked: whether such a postcode exists is for a table to say.
    """
    if len(text) > LONGEST_TEXT:
        return None
    spaced = _plain(text)
    together = spaced.replace(" ", "")
    if together == GIROBANK:
        return PostcodeText("GIR", "GIR", "0AA", "GIR 0")
    full = FULL.fullmatch(together)
    if full:
        outward, inward = full["outward"], full["inward"]
        return PostcodeText(full["area"], outward, inward, f"{outward} {inward[0]}")
    partial = PARTIAL.fullmatch(spaced) or SECTOR_TOGETHER.fullmatch(spaced)
    if not partial:
        return None
    outward, digit = partial["outward"], partial["sector"]
    return PostcodeText(partial["area"], outward, None, f"{outward} {digit}" if digit else None)


def readings(text: str) -> tuple[PostcodeText, ...]:
    """Return the postcodes that a typed text can mean, where O and 0, I and 1 look alike.

    A text that can be a postcode as it stands means that one alone. Areas that there are not, and
    districts such as S01, are no readings; a text that is no postcode has none.
    """
    if len(text) > LONGEST_TEXT:
        return ()
    as_typed = parse_postcode(text)
    if as_typed is not None and _is_possible(as_typed):
        return (as_typed,)
    spaced = _plain(text)
    alike = [place for place, letter in enumerate(spaced) if letter in LOOK_ALIKE]
    if not any(map(str.isdigit, spaced)) or len(alike) > MOST_LOOK_ALIKES:
        return ()
    possible = filter(None, map(parse_postcode, _spellings(spaced, alike)))
    found = {str(each): each for each in possible if _is_possible(each)}
    return tuple(found.values())


def may_hold_full_postcode(text: str) -> bool:
    """Tell whether any part of a text is, or could be or become, a full postcode.

    It errs to True: what it lets through may stand in an address or a log. Neighbouring words are
    read together, as people put spaces anywhere; what is a full postcode beyond doubt is also found
    inside a word.
    """
    if len(text) > LONGEST_SEARCHED:
        return True
    words = NEITHER_LETTER_NOR_DIGIT.split(_plain(text))
    if FULL.search("".join(words)):
        return True
    for start in range(len(words)):
        together = ""
        for word in words[start:]:
            together += word
            if len(together) > LONGEST_POSTCODE:
                break
            if MAY_BE_FULL.fullmatch(together):
                return True
    return False


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


def is_eircode(text: str) -> bool:
    """Tell whether a text has the shape of an Irish postcode, such as D02 AF30."""
    return len(text) <= LONGEST_TEXT and bool(EIRCODE.fullmatch(_plain(text).replace(" ", "")))


def _spellings(text: str, alike: list[int]) -> Iterator[str]:
    """Yield the text with every choice of its look-alikes taken for the other."""
    for chosen in itertools.product((False, True), repeat=len(alike)):
        letters = list(text)
        for place in itertools.compress(alike, chosen):
            letters[place] = LOOK_ALIKE[letters[place]]
        yield "".join(letters)


def _is_possible(postcode: PostcodeText) -> bool:
    if LEADING_ZERO.match(postcode.outward):
        return postcode.outward in DISTRICTS_0
    return postcode.area in POSTCODE_AREAS or postcode.area == "GIR"


def _plain(text: str) -> str:
    compatible = unicodedata.normalize("NFKC", text)
    # A tab is a space as well as a control character, and stands between two words.
    visible = "".join(
        c for c in compatible if c.isspace() or unicodedata.category(c) not in INVISIBLE
    )
    return " ".join(visible.upper().split())
