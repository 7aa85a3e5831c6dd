"""Where somebody looks for events: a place of the gazetteer, a postcode’s area, or a position."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geo.errors import GeographyError
from geo.points import Point, parse_coordinates
from geo.postcodes import outward_code
from webapp.language import Language
from webapp.moments.models import Moment
from webapp.places.answers import Ambiguous, Located
from webapp.places.models import Place
from webapp.places.queries import find_place, place_with_id
from webapp.places.words import NATION_NAMES

LARGEST_ID = 2**63  # what the database’s bigint holds


@dataclass(frozen=True)
class Nearby:
    """A point to look near, and what to call it."""

    point: Point
    label: str


def nearby_of_address(
    session: Session, arguments: MultiDict[str, str], language: Language
) -> Nearby | None:
    """Return what a list’s address asks for; None for everywhere, or what makes no sense."""
    if "place" in arguments:
        return _near_place(session, arguments.get("place", type=int), language)
    if "postcode" in arguments:
        found = find_place(session, arguments["postcode"])
        if isinstance(found, Located) and found.is_approximate:
            return Nearby(found.point, found.name_in(language))
        return None
    return _near_position(arguments)


def _near_place(session: Session, number: int | None, language: Language) -> Nearby | None:
    place = place_with_id(session, number) if number and 0 < number < LARGEST_ID else None
    return Nearby(place.position, place.name_in(language)) if place else None


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


def address_of(found: Located, typed: str, moment: Moment | None) -> str:
    """Return the list’s address near a place; of a postcode only its first half stands in it."""
    if found.place is None or found.is_approximate:
        return _address(moment, postcode=outward_code(typed))
    return _address(moment, place=found.place.geonames_id)


def choices_of(found: Ambiguous, moment: Moment | None, language: Language) -> list[Choice]:
    """Return the places to choose from, each with its list’s address."""
    return [
        Choice(
            place.name_in(language),
            _region(place),
            place.population,
            _address(moment, place=place.geonames_id),
        )
        for place in found.choices
    ]


def _region(place: Place) -> str:
    nation = str(NATION_NAMES[place.nation])
    return f"{place.near}, {nation}" if place.near else nation


def _address(moment: Moment | None, **where: str | int | None) -> str:
    values: dict[str, Any] = {"moment": moment.slug if moment else None, **where}
    return url_for("events.index", **values)
