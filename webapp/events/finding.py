"""Where somebody looks for events: a place of the gazetteer, a postcode’s area, or a position."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geo.errors import GeographyError
from geo.points import Point, parse_coordinates
from geo.postcodes import parse_postcode
from webapp.database import utc_now
from webapp.language import Language
from webapp.moments.models import Moment
from webapp.places.answers import Ambiguous, Kind, Located
from webapp.places.locate import locate, place_chosen
from webapp.places.models import Nation
from webapp.places.words import NATION_NAMES, told_apart

EARLIEST_YEAR = 1959  # in which postcodes began


@dataclass(frozen=True)
class Nearby:
    """A point to look near, and what to call it.

    `is_rough` where a town stands for a whole postcode area; `retired_in` is the year in which the
    postcode that was typed ceased; `nations` are those that a part of a postcode lies in.
    """

    point: Point
    label: str
    is_rough: bool = False
    retired_in: int | None = None
    nations: tuple[Nation, ...] = ()

    @property
    def nation_names(self) -> list[str]:
        """The names of the nations, for what lies in more than one."""
        return [str(NATION_NAMES[each]) for each in self.nations] if len(self.nations) > 1 else []


def nearby_of_address(
    session: Session, arguments: MultiDict[str, str], language: Language
) -> Nearby | None:
    """Return what a list’s address asks for; None for everywhere, or what makes no sense."""
    if "place" in arguments:
        return _near_place(session, arguments.get("place", type=int), language)
    if "postcode" in arguments:
        return _near_postcode(session, arguments, language)
    return _near_position(arguments)


def _near_postcode(
    session: Session, arguments: MultiDict[str, str], language: Language
) -> Nearby | None:
    """Look near a sector or an outward code; of a whole postcode the rest is disregarded."""
    postcode = parse_postcode(arguments["postcode"])
    if postcode is None:
        return None
    for part in filter(None, (postcode.sector, postcode.outward)):
        found = locate(session, part)
        if isinstance(found, Located):
            return Nearby(
                found.point,
                found.name_in(language),
                is_rough=found.kind is Kind.POSTCODE_AREA,
                retired_in=_year(arguments.get("retired", type=int)),
                nations=found.nations,
            )
    return None


def _year(number: int | None) -> int | None:
    return number if number and EARLIEST_YEAR <= number <= utc_now().year else None


def _near_place(session: Session, number: int | None, language: Language) -> Nearby | None:
    chosen = place_chosen(session, number)
    return Nearby(chosen.point, chosen.name_in(language)) if chosen else None


def _near_position(arguments: MultiDict[str, str]) -> Nearby | None:
    try:
        point = parse_coordinates(arguments.get("lat", ""), arguments.get("lon", ""))
    except GeographyError:
        return None
    return Nearby(point, _("where you are"))


@dataclass(frozen=True)
class Choice:
    """One of several places of a name, as a person can tell it from the others."""

    name: str
    region: str
    population: int
    url: str


def address_of(found: Located, moment: Moment | None) -> str:
    """Return the list’s address near a place; of a postcode at most its sector stands in it."""
    if found.postcode is not None:
        where = found.postcode.sector or found.postcode.outward
        return _address(moment, postcode=where, retired=found.retired_in)
    if found.place is not None:
        return _address(moment, place=found.place.geonames_id)
    point = found.point
    return _address(moment, lat=f"{point.latitude:.2f}", lon=f"{point.longitude:.2f}")


def choices_of(
    session: Session, found: Ambiguous, moment: Moment | None, language: Language
) -> list[Choice]:
    """Return the places to choose from, each with its list’s address."""
    regions = told_apart(session, found.choices)
    return [
        Choice(
            name=each.name_in(language),
            region=region,
            population=each.place.population if each.place else 0,
            url=address_of(each, moment),
        )
        for each, region in zip(found.choices, regions, strict=True)
    ]


def _address(moment: Moment | None, **where: str | int | None) -> str:
    values: dict[str, Any] = {"moment": moment.slug if moment else None, **where}
    return url_for("events.index", **values)
