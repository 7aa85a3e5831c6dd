"""Postcodes that might be: as many as wanted, around real places, each code once."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from geo.bounds import UK_BOX
from geo.points import Point
from geo.postcode_areas import POSTCODE_AREAS
from webapp.places.gazetteer import GazetteerEntry
from webapp.places.models import Nation

LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
INWARDS = [f"{digit}{a}{b}" for digit in range(10) for a in LETTERS for b in LETTERS]
# Of the real ones an outward code has about 570.
PER_OUTWARD, MOST_DISTRICTS = 570, 99
NORTHERN_IRELAND = "BT"
PEOPLE_OF_UNKNOWN_PLACE = 300
# People per square kilometre of a town, which says how wide it is.
DENSITY, KILOMETRES_PER_DEGREE = 3_000, 111.2
TILES_PER_DEGREE = 25


class MadePostcode(NamedTuple):
    """A postcode that might be, with the codes of areas that might be."""

    outward: str
    inward: str
    longitude: float
    latitude: float
    nation: Nation
    authority: str
    region: str


class _Dot(NamedTuple):
    longitude: float
    latitude: float
    nation: Nation

    @property
    def tile(self) -> tuple[int, int]:
        """Where it comes in its postcode area: in strips, to and fro, so that neighbours stay so."""
        strip = int(self.latitude * TILES_PER_DEGREE)
        along = int(self.longitude * TILES_PER_DEGREE)
        return strip, along if strip % 2 else -along


def made_postcodes(places: Sequence[GazetteerEntry], count: int) -> Iterator[MadePostcode]:
    """Yield postcodes around places by their population, in the order of their codes.

    They are the same ones each time; those of an outward code and of a sector lie together.
    """
    random = Random(count)
    numbers = _shares([place.population or PEOPLE_OF_UNKNOWN_PLACE for place in places], count)
    by_area: dict[str, list[tuple[GazetteerEntry, int]]] = defaultdict(list)
    for place, number in zip(places, numbers, strict=True):
        by_area[_area_of(place)].append((place, number))
    for index, area in enumerate(sorted(by_area)):
        dots = [_dot(place, random) for place, number in by_area[area] for _ in range(number)]
        yield from _of_area(area, index, sorted(dots, key=lambda dot: dot.tile))


def _of_area(area: str, index: int, dots: Sequence[_Dot]) -> Iterator[MadePostcode]:
    districts = min(MOST_DISTRICTS, math.ceil(len(dots) / PER_OUTWARD))
    for district in sorted(range(districts), key=lambda n: str(n + 1)):
        first, beyond = (len(dots) * (district + n) // districts for n in (0, 1))
        authority = index * 3 + district * 3 // districts + 1
        for n, dot in enumerate(dots[first:beyond]):
            yield MadePostcode(
                f"{area}{district + 1}",
                INWARDS[n * len(INWARDS) // (beyond - first)],
                *dot,
                f"{dot.nation.name[0]}06{authority:06}",
                f"E12{index % 9 + 1:06}" if dot.nation is Nation.ENGLAND else "",
            )


def _shares(weights: Sequence[int], count: int) -> list[int]:
    """Divide a number by weights, so that the parts add up to it."""
    total, so_far, before, shares = sum(weights), 0, 0, []
    for weight in weights:
        so_far += weight
        shares.append(count * so_far // total - before)
        before = count * so_far // total
    return shares


def _area_of(place: GazetteerEntry) -> str:
    """Return the letters of the postcode area whose main town is nearest."""
    is_irish = place.nation is Nation.NORTHERN_IRELAND

    def distance(area: str) -> float:
        town = POSTCODE_AREAS[area].point
        return place.point.distance_to(town) if town else math.inf

    return min(
        (area for area in POSTCODE_AREAS if (area == NORTHERN_IRELAND) == is_irish), key=distance
    )


def _dot(place: GazetteerEntry, random: Random) -> _Dot:
    """Return a point in a place, nearer to its middle than to its edge more often than not."""
    people = place.population or PEOPLE_OF_UNKNOWN_PLACE
    spread = math.sqrt(people / DENSITY / math.pi) / KILOMETRES_PER_DEGREE
    middle, wide = place.point, 1 / math.cos(math.radians(place.point.latitude))
    while True:
        longitude = round(random.gauss(middle.longitude, spread * wide), 6)
        latitude = round(random.gauss(middle.latitude, spread), 6)
        if Point(latitude=latitude, longitude=longitude).is_in(UK_BOX):
            return _Dot(longitude, latitude, place.nation)
