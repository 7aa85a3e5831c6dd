"""What looks as if it tells strangers more than was meant: an address, a postcode, a phone number.

It is pointed out before an event is published, and whoever means it says so. So it may err on the side
of asking, but not by much: a host who is asked about “3 miles down the road” stops reading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from geo.postcode_areas import POSTCODE_AREAS
from geo.postcodes import IN_TEXT
from webapp.groups.phones import PhoneError, parse_phone


class LeakKind(StrEnum):
    """What a text tells."""

    HOUSE = "house"
    POSTCODE = "postcode"
    PHONE = "phone"


@dataclass(frozen=True)
class Leak:
    """A piece of a text that tells where somebody lives or how to ring them; up to before `end`."""

    kind: LeakKind
    start: int
    end: int
    text: str


STREET = (
    "street|st|road|rd|avenue|ave|lane|ln|close|drive|crescent|cres|gardens|gdns|grove|terrace|mews"
    "|row|way|place|court|walk|square|sq|hill|rise|view|parade|wynd|brae|loan"
)
# In Welsh the kind of street comes first.
HEOL = "Heol|Stryd|Ffordd|Lôn|Lon|Rhodfa|Clos|Maes|Teras|Cwrt"
NUMBER = r"(?<![\w:.£/–-])(?!(?:19|20)\d\d\b)\d{1,4}[a-zA-Z]?(?: ?[-–/] ?\d{1,4})?"
# “2 Big Street Parties” are no address.
GOES_ON = r"(?! (?i:part(?:y|ies)|food|fair|market|games?|art|dance|theatre|closures?)\b)"
HOUSES = (
    # 12 Elm Road: with capitals
    re.compile(rf"{NUMBER},? (?P<words>(?:[A-Z][\w’'.-]* ){{1,3}})(?i:{STREET})\b{GOES_ON}"),
    # 4 The Close
    re.compile(rf"{NUMBER},? (?P<words>)The (?i:{STREET})\b"),
    # 12 elm road: as typed on a phone, so only where the line or the phrase ends with it
    re.compile(rf"{NUMBER},? (?P<words>(?:[a-z’'-]{{3,}} ){{1,2}})(?:{STREET})(?=[.,;:!?)\n]|$)"),
    # 12 Heol y Llwyf
    re.compile(rf"{NUMBER},? (?P<words>)(?:{HEOL}) (?:yr? |’r )?[A-Z][\w’'-]*"),
    # Elm Road, number 12
    re.compile(
        rf"(?P<words>(?:[A-Z][\w’'-]* ){{1,3}})(?i:{STREET}),? \(?(?:[Nn]o\.?|[Nn]umber|#) ?\d{{1,4}}\b"
    ),
    # Flat 3, Elm House
    re.compile(r"(?P<words>)\b(?:[Ff]lat|[Aa]partment|[Aa]pt\.?) \d{1,4}[a-zA-Z]?(?=,| [A-Z])"),
)
# What stands between a number and a street where the number counts something else.
COUNTED = """
the and our your their this that every each any one some down along from off near past
minutes minute miles mile metres yards hours hour people neighbours families houses homes
stalls bus buses trams years big small new long quiet great local different other whole
january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
"""
NO_STREET_NAME = frozenset(COUNTED.split())
BUS_BEFORE = re.compile(r"(?i:\b(?:bus|route|tram|buses|numbers?) )$")

PHONE = re.compile(r"(?<![\w.£/])(?:\+|\(?0)\d[\d ().–-]{7,18}\d(?![\w%])")
DATE = re.compile(r"\d{1,2}[.–-]\d{1,2}[.–-]\d{2,4}")
SHORTEST_CODE = 3  # of the digits that a number begins with: 020, 0161, 07700
ORDINAL = re.compile(r"\d(?:st|nd|rd|th)$")


def leaks_in(text: str) -> list[Leak]:
    """Return what may tell too much, in the order of the text; of what overlaps, the first."""
    found = sorted(
        (*_houses(text), *_postcodes(text), *_phones(text)),
        key=lambda leak: (leak.start, -leak.end),
    )
    apart: list[Leak] = []
    for leak in found:
        if not apart or leak.start >= apart[-1].end:
            apart.append(leak)
    return apart


def _houses(text: str) -> Iterator[Leak]:
    # One kind of space, so that the patterns stay readable; its places stay the same.
    plain = re.sub(r"[ \t\u00a0]", " ", text)
    for pattern in HOUSES:
        for found in pattern.finditer(plain):
            words = set(found["words"].casefold().split())
            if not words & NO_STREET_NAME and not BUS_BEFORE.search(plain[: found.start()]):
                yield _leak(LeakKind.HOUSE, text, found)


def _postcodes(text: str) -> Iterator[Leak]:
    for found in IN_TEXT.finditer(text):
        if found["area"].upper() in POSTCODE_AREAS and not ORDINAL.search(found.group()):
            yield _leak(LeakKind.POSTCODE, text, found)


def _phones(text: str) -> Iterator[Leak]:
    for found in PHONE.finditer(text):
        written = found.group()
        code = re.match(r"\+?\(?\d+", written)
        is_short = code is None or len(re.sub(r"\D", "", code.group())) < SHORTEST_CODE
        if DATE.match(written) or (is_short and not written.startswith("+")):
            continue
        try:
            parse_phone(written)
        except PhoneError:
            continue
        yield _leak(LeakKind.PHONE, text, found)


def _leak(kind: LeakKind, text: str, found: re.Match[str]) -> Leak:
    return Leak(kind, found.start(), found.end(), text[found.start() : found.end()].strip())
