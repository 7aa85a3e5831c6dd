"""Where somebody takes part at home, as far as a postcode or its first half tells.

Only what it tells is kept: the areas and the nearest town or village, never the postcode.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.points import Point
from geo.postcode_areas import POSTCODE_AREAS, PostcodeArea
from geo.postcodes import PostcodeText, readings
from geo.shapes import from_element
from webapp.places.area_codes import AreaCodes
from webapp.places.areas import areas_of_part, areas_of_postcode
from webapp.places.models import Nation, Postcode, PostcodePart
from webapp.places.queries import nearest_place

# Of the letters that postcodes begin with, those of one whole nation.
NORTHERN_IRELAND = "BT"


@dataclass(frozen=True)
class Home:
    """The areas that somebody at home counts in, and the nearest place; None where not known."""

    areas: AreaCodes
    place_id: int | None


NOT_TOLD = Home(AreaCodes(), None)


def home_of(session: Session, typed: str) -> Home | None:
    """Return what a postcode tells that was typed whole or in part; None if we know none such.

    None too where O and 0, or I and 1, could be either and the two are in different areas.
    """
    found = {home for each in readings(typed) if (home := _home(session, each)) is not None}
    return found.pop() if len(found) == 1 else None


def _home(session: Session, postcode: PostcodeText) -> Home | None:
    """Return what one reading tells; None if we know no such postcode."""
    if postcode.is_full:
        areas = areas_of_postcode(session, postcode.compact)
        if areas is not None:
            return Home(areas, _nearest(session, _point_of(session, postcode.compact)))
    # A new postcode may be too new for the table; then its sector or its first half has to tell.
    for code in (postcode.sector, postcode.outward):
        part = session.get(PostcodePart, code) if code else None
        if part is not None:
            areas = areas_of_part(session, part.code) or AreaCodes()
            return Home(areas, _nearest(session, part.position))
    area = POSTCODE_AREAS.get(postcode.area)
    if area is None or not area.is_covered or _is_loaded(session, area):
        return None
    return Home(
        AreaCodes(nation=Nation.NORTHERN_IRELAND if area.code == NORTHERN_IRELAND else None),
        _nearest(session, area.point),
    )


def _point_of(session: Session, compact: str) -> Point | None:
    point = session.scalar(select(Postcode.point).where(Postcode.code == compact))
    return None if point is None else from_element(point)


def _nearest(session: Session, point: Point | None) -> int | None:
    place = nearest_place(session, point) if point else None
    return place.id if place else None


def _is_loaded(session: Session, area: PostcodeArea) -> bool:
    """Tell whether the first halves that begin with these letters are known."""
    begins = PostcodePart.code.regexp_match(f"^{area.code}[0-9]")
    return session.scalar(select(PostcodePart.code).where(begins).limit(1)) is not None
