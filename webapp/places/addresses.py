"""Where an address is: by its postcode, else the town it names, else the one of its postcode area."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.names import folded
from geo.points import Point
from geo.postcode_areas import POSTCODE_AREAS, PRECISION_METRES, PostcodeArea
from geo.postcodes import PostcodeText, postcode_in, readings
from geo.shapes import from_element
from webapp.places.answers import TOWN_PRECISION_METRES
from webapp.places.locate_postcodes import precision_of
from webapp.places.models import Place, PlaceName, Postcode
from webapp.places.queries import TOWN_POPULATION

POSTCODE_LIKE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?(?:\s*\d(?:[A-Z]{2})?)?\b", re.IGNORECASE)
BETWEEN_PARTS = re.compile(r"[,;\n|]")

# There is a town called Street, and one called Hook: at the end of “12 Angel Street” it is none.
NO_TOWN_AT_THE_END = frozenset(
    {"street", "hook", "stone", "wells", "church", "green", "hill", "park", "hall", "wood"}
)
FARTHEST_METRES = 60_000  # how far a town can be from the main town of its postcode area


@dataclass(frozen=True)
class AddressPlace:
    """Roughly where an address is; `postcode` where that told it, without its space."""

    point: Point
    precision_metres: int
    postcode: str | None = None


@dataclass(frozen=True)
class NoPlace:
    """Why an address could not be placed, in a few words for a report."""

    reason: str


class AddressPlacer:
    """Places many addresses; remembers names that it has looked up."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._named: dict[str, list[Place]] = {}

    def place_of(self, address: str, postcode: str) -> AddressPlace | NoPlace:
        """Return where the postcode is; without one that is known, the town named last."""
        whole = _postcode_of(postcode) or postcode_in(address)
        area = POSTCODE_AREAS.get(whole.area) if whole else None
        if area is not None and not area.is_covered:
            return NoPlace("outside the United Kingdom")
        return self._by_postcode(whole) or self._by_town(address, area)

    def _by_postcode(self, postcode: PostcodeText | None) -> AddressPlace | None:
        row = self._session.get(Postcode, postcode.compact) if postcode else None
        if row is None or row.point is None:
            return None
        return AddressPlace(from_element(row.point), precision_of(row.quality), row.code)

    def _by_town(self, address: str, area: PostcodeArea | None) -> AddressPlace | NoPlace:
        """Return the town named last, where the postcode’s area allows it; never one of several.

        The end of a longer phrase counts only where a postcode confirms it.
        """
        several = None
        for name, is_whole in _candidates(address):
            if not is_whole and area is None:
                continue  # “Moors Valley” is no part of Valley in Anglesey
            found = [place for place in self._towns(name, is_whole) if _agrees(place, area)]
            if len(found) == 1:
                return AddressPlace(found[0].position, TOWN_PRECISION_METRES)
            if found and several is None:
                several = found[0].name
        if area is not None and area.point is not None:
            return AddressPlace(area.point, PRECISION_METRES)
        if several is not None:
            return NoPlace(f"several places are called {several}")
        return NoPlace("no coordinates, and no town found in the address")

    def _towns(self, name: str, is_whole: bool) -> list[Place]:
        """Return places of a name; the end of a longer phrase names none that is a hamlet."""
        if name not in self._named:
            self._named[name] = list(
                self._session.scalars(
                    select(Place)
                    .join(Place.names)
                    .where(PlaceName.folded == name, PlaceName.is_own)
                    .order_by(Place.population.desc(), Place.id)
                )
            )
        smallest = 0 if is_whole else TOWN_POPULATION
        return [place for place in self._named[name] if place.population >= smallest]


def _candidates(address: str) -> Iterator[tuple[str, bool]]:
    """Yield folded phrases that may be a town, from the end; True for a part between commas."""
    for part in reversed(BETWEEN_PARTS.split(POSTCODE_LIKE.sub(" ", address))):
        words = folded(part).split()
        for start in range(len(words)):
            phrase = " ".join(words[start:])
            if start == 0 or phrase not in NO_TOWN_AT_THE_END:
                yield phrase, start == 0


def _postcode_of(text: str) -> PostcodeText | None:
    """Return the whole postcode of a cell; where O may be 0, the one that it can be."""
    possible = [each for each in readings(text) if each.is_full]
    return possible[0] if len(possible) == 1 else postcode_in(text)


def _agrees(place: Place, area: PostcodeArea | None) -> bool:
    if area is None or area.point is None:
        return True
    return place.position.distance_to(area.point) <= FARTHEST_METRES
