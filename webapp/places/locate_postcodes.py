"""Where a postcode is, or a part of one, or what it would be if it had been typed rightly."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.points import Point
from geo.postcode_areas import POSTCODE_AREAS, PRECISION_METRES
from geo.postcodes import PostcodeText, parse_postcode, readings
from geo.shapes import from_element
from webapp.places.answers import (
    NO_AREAS,
    Ambiguous,
    Answer,
    Kind,
    Located,
    NotCovered,
    NotFound,
    Unfound,
)
from webapp.places.areas import areas_of_part, areas_of_postcode
from webapp.places.models import Postcode, PostcodePart
from webapp.places.queries import places_named
from webapp.places.territories import territory_of_postcode

# How far a postcode’s homes may be from its point, by how good the directory says that point is.
BEST_QUALITIES, FAIR_QUALITY = {1, 2, 3}, 4
PRECISION_GOOD, PRECISION_FAIR, PRECISION_POOR = 100, 300, 2_000


def locate_postcode(session: Session, text: str) -> Answer | None:
    """Answer where a postcode or a part of one is; None for what is none."""
    found = readings(text)
    if not found:
        return NotFound(Unfound.UNKNOWN_POSTCODE) if parse_postcode(text) else None
    territory = territory_of_postcode(found[0])
    if territory is not None:
        return NotCovered(territory)
    rows = _rows(session, found)
    answers = [_of_row(session, each, rows[each.compact]) for each in found if each.compact in rows]
    located = tuple(each for each in answers if isinstance(each, Located))
    if len(located) > 1:
        return Ambiguous(located)
    return next(iter(located or answers), None) or _without_row(session, found[0])


def _rows(session: Session, found: Sequence[PostcodeText]) -> dict[str, Postcode]:
    codes = [each.compact for each in found if each.is_full]
    if not codes:
        return {}
    rows = session.scalars(select(Postcode).where(Postcode.code.in_(codes)))
    return {row.code: row for row in rows}


def _of_row(session: Session, postcode: PostcodeText, row: Postcode) -> Located | NotFound:
    """Return where a postcode of the directory is; for one without a point, where its sector is."""
    if row.point is None:
        part = session.get(PostcodePart, postcode.sector)
        if part is None:
            return NotFound(Unfound.NON_GEOGRAPHIC)
        return _of_part(session, postcode, part)
    return Located(
        kind=Kind.POSTCODE,
        label=str(postcode),
        point=from_element(row.point),
        precision_metres=_precision(row.quality),
        areas=areas_of_postcode(session, row.code) or NO_AREAS,
        postcode=postcode,
        retired_in=row.terminated // 100 if row.terminated else None,
    )


def _without_row(session: Session, postcode: PostcodeText) -> Answer:
    """Return where a part is; a whole postcode that is not known is said to be unknown."""
    if postcode.area not in POSTCODE_AREAS:
        return NotFound(Unfound.NON_GEOGRAPHIC)
    if not postcode.is_full:
        part = session.get(PostcodePart, str(postcode))
        if part is not None:
            return _of_part(session, postcode, part)
    area = POSTCODE_AREAS[postcode.area]
    if area.point is None or _is_loaded(session, postcode.area):
        return NotFound(Unfound.UNKNOWN_POSTCODE)
    return _main_town(session, postcode, area.town, area.point)


def _of_part(session: Session, postcode: PostcodeText, part: PostcodePart) -> Located:
    return Located(
        kind=Kind.POSTCODE_PART,
        label=part.code,
        point=part.position,
        precision_metres=part.radius_metres,
        areas=areas_of_part(session, part.code) or NO_AREAS,
        postcode=postcode,
        is_approximate=postcode.is_full,
    )


def _main_town(session: Session, postcode: PostcodeText, town: str, point: Point) -> Located:
    """Return the main town of its area: all that is known without the directory."""
    towns = places_named(session, town)
    return Located(
        kind=Kind.POSTCODE_AREA,
        label=town,
        point=point,
        precision_metres=PRECISION_METRES,
        place=min(towns, key=lambda place: place.position.distance_to(point), default=None),
        postcode=postcode,
        is_approximate=True,
    )


def _is_loaded(session: Session, area: str) -> bool:
    """Tell whether the directory that is loaded has this area: some files have a few alone."""
    known = select(PostcodePart.code).where(PostcodePart.code.regexp_match(f"^{area}[0-9]"))
    return session.scalar(known.limit(1)) is not None


def _precision(quality: int | None) -> int:
    if quality in BEST_QUALITIES:
        return PRECISION_GOOD
    return PRECISION_FAIR if quality == FAIR_QUALITY else PRECISION_POOR
