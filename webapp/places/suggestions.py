"""What somebody may be about to type: at most eight places, the likeliest first."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from geo.names import folded
from geo.postcodes import may_hold_full_postcode
from webapp.places.models import Nation, Place, PlaceName, PostcodePart
from webapp.places.outward_codes import outward_codes
from webapp.places.queries import LONGEST_NAME, places_like

MOST_SUGGESTIONS = 8
SHORTEST_TEXT = 2
# An outward code, or the beginning of one that has its digit.
OUTWARD_LIKE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


@dataclass(frozen=True)
class Suggestion:
    """One place, or an outward code (without a number), with what tells it from others."""

    geonames_id: int | None
    name: str
    name_cy: str | None
    nation: Nation | None
    near: str | None
    population: int


def suggestions_for(session: Session, text: str) -> list[Suggestion]:
    """Return what a text may be the beginning of; nothing for one that may hold a whole postcode."""
    key = folded(text.partition(",")[0])
    if len(key) < SHORTEST_TEXT or len(text) > LONGEST_NAME or may_hold_full_postcode(text):
        return []
    typed = "".join(text.upper().split())
    if OUTWARD_LIKE.fullmatch(typed):
        return [_of_part(*row) for row in session.execute(_parts(typed))]
    for is_own in (True, False):
        found = session.execute(_begun(key, is_own=is_own)).all()
        if found:
            return [Suggestion(*row) for row in found]
    return [_of_place(place) for place in places_like(session, text)]


def _begun(key: str, *, is_own: bool) -> Select[*tuple[Any, ...]]:
    """Return the places with a name that begins so: called just that first, then by people."""
    is_whole: ColumnElement[bool] = func.bool_or(PlaceName.folded == key)
    return (
        select(
            Place.geonames_id,
            Place.name,
            Place.name_cy,
            Place.nation,
            Place.near,
            Place.population,
        )
        .join(Place.names)
        .where(
            PlaceName.folded.startswith(key, autoescape=True),
            PlaceName.is_own if is_own else ~PlaceName.is_own,
        )
        .group_by(Place.id)
        .order_by(is_whole.desc(), Place.population.desc(), Place.id)
        .limit(MOST_SUGGESTIONS)
    )


def _parts(typed: str) -> Select[*tuple[Any, ...]]:
    """Return outward codes that begin so, each with the place nearest to its middle."""
    nearest = (
        select(Place.name)
        .order_by(Place.point.op("<->")(PostcodePart.point))
        .limit(1)
        .correlate(PostcodePart)
        .scalar_subquery()
    )
    return (
        select(PostcodePart.code, nearest)
        .where(PostcodePart.code.in_(outward_codes(typed)))
        .order_by(func.length(PostcodePart.code), PostcodePart.code)
        .limit(MOST_SUGGESTIONS)
    )


def _of_part(code: str, near: str | None) -> Suggestion:
    return Suggestion(None, code, None, None, near, 0)


def _of_place(place: Place) -> Suggestion:
    return Suggestion(
        place.geonames_id, place.name, place.name_cy, place.nation, place.near, place.population
    )
