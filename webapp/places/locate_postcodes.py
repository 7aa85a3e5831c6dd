"""Where a postcode is, or a part of one, or what it would be if it had been typed rightly."""

from collections.abc import Sequence
from dataclasses import replace

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
from webapp.places.area_codes import AreaCodes
from webapp.places.areas import areas_of_part, areas_of_postcode
from webapp.places.models import Nation, Postcode, PostcodePart
from webapp.places.outward_codes import outward_codes
from webapp.places.queries import places_named
from webapp.places.territories import territory_of_postcode

# Their postcodes are of forces abroad, banks and boxes; Girobank’s is the one that begins with GIR.
OF_NO_PLACE = {"BF", "BX", "GIR", "QC", "XX"}

# How far a postcode’s homes may be from its point, by how good the directory says that point is.
BEST_QUALITIES, FAIR_QUALITY = {1, 2, 3}, 4
PRECISION_GOOD, PRECISION_FAIR, PRECISION_POOR = 100, 300, 2_000


def locate_postcode(session: Session, text: str) -> Answer | None:
    """Answer where a postcode or a part of one is; None for what is none."""
    found = readings(text)
    if not found:
        return _impossible(text)
    territory = territory_of_postcode(found[0])
    if territory is not None:
        return NotCovered(territory)
    rows = _rows(session, found)
    answers = [
        answer for each in found if (answer := _known(session, each, rows.get(each.compact)))
    ]
    located = tuple(each for each in answers if isinstance(each, Located))
    if len(located) > 1:
        return Ambiguous(located)
    return next(iter(located or answers), None) or _unknown(session, found[0])


def _impossible(text: str) -> NotFound | None:
    """Return why a text of a postcode’s shape is no postcode of any place."""
    shaped = parse_postcode(text)
    if shaped is None:
        return None
    has_no_place = shaped.area in OF_NO_PLACE
    return NotFound(Unfound.NON_GEOGRAPHIC if has_no_place else Unfound.UNKNOWN_POSTCODE)


def _known(
    session: Session, postcode: PostcodeText, row: Postcode | None
) -> Located | NotFound | None:
    """Return where one reading is, by its row or the row of the part; None without one."""
    if postcode.is_full:
        return _of_row(session, postcode, row) if row else None
    part = session.get(PostcodePart, str(postcode))
    return _of_part(session, postcode, part) if part else None


def _rows(session: Session, found: Sequence[PostcodeText]) -> dict[str, Postcode]:
    codes = [each.compact for each in found if each.is_full]
    if not codes:
        return {}
    rows = session.scalars(select(Postcode).where(Postcode.code.in_(codes)))
    return {row.code: row for row in rows}


def _of_row(session: Session, postcode: PostcodeText, row: Postcode) -> Located | NotFound:
    """Return where a postcode of the directory is; for one without a point, where its sector is."""
    retired_in = row.terminated // 100 if row.terminated else None
    if row.point is None:
        part = session.get(PostcodePart, postcode.sector)
        if part is None:
            return NotFound(Unfound.NON_GEOGRAPHIC)
        return replace(_of_part(session, postcode, part), retired_in=retired_in)
    return Located(
        kind=Kind.POSTCODE,
        label=str(postcode),
        point=from_element(row.point),
        precision_metres=precision_of(row.quality),
        areas=_areas_of_row(session, row),
        postcode=postcode,
        retired_in=retired_in,
    )


def _areas_of_row(session: Session, row: Postcode) -> AreaCodes:
    """Return a row’s areas, asking only where the row leaves one out that its authority is in."""
    has_all = row.region_code or (row.nation and row.nation is not Nation.ENGLAND)
    if row.authority_code and row.nation and has_all:
        return AreaCodes(row.authority_code, row.region_code, row.nation)
    return areas_of_postcode(session, row.code) or NO_AREAS


def _unknown(session: Session, postcode: PostcodeText) -> Answer:
    """Return what can be said of one that the directory does not have."""
    area = POSTCODE_AREAS.get(postcode.area)
    if area is None:
        return NotFound(Unfound.NON_GEOGRAPHIC)
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
        nations=tuple(map(Nation, part.nations)),
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
    known = select(PostcodePart.code).where(PostcodePart.code.in_(outward_codes(area)))
    return session.scalar(known.limit(1)) is not None


def precision_of(quality: int | None) -> int:
    """Return within how many metres of a postcode’s point its homes are."""
    if quality in BEST_QUALITIES:
        return PRECISION_GOOD
    return PRECISION_FAIR if quality == FAIR_QUALITY else PRECISION_POOR
