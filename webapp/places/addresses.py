"""The town that an address names, or failing that the one of its postcode’s area."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.names import folded
from geo.points import Point
from geo.postcode_areas import POSTCODE_AREAS, PRECISION_METRES, PostcodeArea
from geo.postcodes import postcode_in
from webapp.places.answers import TOWN_PRECISION_METRES
from webapp.places.models import Place, PlaceName
from webapp.places.queries import TOWN_POPULATION

POSTCODE_LIKE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?(?:\s*\d(?:[A-Z]{2})?)?\b", re.IGNORECASE)
BETWEEN_PARTS = re.compile(r"[,;\n|]")

# There is a town called Street, and one called Hook: at the end of “12 Angel Street” it is none.
NO_TOWN_AT_THE_END = frozenset(
    {"street", "hook", "stone", "wells", "church", "green", "hill", "park", "hall", "wood"}
)
FARTHEST_METRES = 60_000  # how far a town can be from the main town of its postcode area


@dataclass(frozen=True)
class TownOfAddress:
    """Roughly where an address is."""

    point: Point
    precision_metres: int


@dataclass(frozen=True)
class NoTown:
    """Why an address could not be placed, in a few words for a report."""

    reason: str


class AddressPlacer:
    """Finds the towns of many addresses; remembers names that it has looked up."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._named: dict[str, list[Place]] = {}

    def town_of(self, address: str, postcode: str) -> TownOfAddress | NoTown:
        """Return the town named last, where the postcode allows it; never one of several.

        The end of a longer phrase counts only where a postcode confirms it.
        """
        area = _area_of(postcode) or _area_of(address)
        if area is not None and area.point is None:
            return NoTown("outside the United Kingdom")
        several = None
        for name, is_whole in _candidates(address):
            if not is_whole and area is None:
                continue  # “Moors Valley” is no part of Valley in Anglesey
            found = [place for place in self._towns(name, is_whole) if _agrees(place, area)]
            if len(found) == 1:
                return TownOfAddress(found[0].position, TOWN_PRECISION_METRES)
            if found and several is None:
                several = found[0].name
        if area is not None and area.point is not None:
            return TownOfAddress(area.point, PRECISION_METRES)
        if several is not None:
            return NoTown(f"several places are called {several}")
        return NoTown("no coordinates, and no town found in the address")

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


def _area_of(text: str) -> PostcodeArea | None:
    postcode = postcode_in(text)
    return POSTCODE_AREAS.get(postcode.area) if postcode else None


def _agrees(place: Place, area: PostcodeArea | None) -> bool:
    if area is None or area.point is None:
        return True
    return place.position.distance_to(area.point) <= FARTHEST_METRES
