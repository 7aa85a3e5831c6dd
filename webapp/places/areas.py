"""Which authority, region and nation something lies in: a pin, a postcode, or a part of one.

Shapes are simplified, so the answer for a postcode is what its own row says; shapes answer for
pins alone.
"""

import math
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TypeAlias

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, Float, Row, Select, cast, func, select
from sqlalchemy.orm import Session

from geo.distance import nearest_first, within_metres
from geo.points import Point
from geo.shapes import SRID, to_element
from webapp.places.area_codes import AreaCodes
from webapp.places.models import Area, AreaKind, Nation, Place, Postcode, PostcodePart

# A pier, a beach or a boat belongs to the authority on the shore.
AUTHORITY_REACH_METRES = 5_000
NATION_REACH_METRES = 25_000
# Farther from every place of ours, a pin is in another country.
PLACE_REACH_METRES = 50_000

METRES_OF_A_DEGREE = 111_000  # of latitude; a little short, so that no box is too small

Codes: TypeAlias = Row[str, str | None, Nation]


def areas_at(session: Session, point: Point) -> AreaCodes:
    """Return the areas that a pin counts in.

    The authority is the one that covers it, else the nearest within 5 km; without one, only the
    nation is told, and nothing where that is not known either.
    """
    authority = (
        _authority_covering(session, point)
        or session.execute(_nearest(AreaKind.AUTHORITY, point, AUTHORITY_REACH_METRES)).first()
    )
    if authority:
        return AreaCodes(authority.code, authority.region_code, authority.nation)
    nation = session.execute(_nearest(AreaKind.NATION, point, NATION_REACH_METRES)).first()
    if nation:
        return AreaCodes(nation=nation.nation)
    return AreaCodes(nation=session.scalar(_nation_of_nearest_place(point)))


def areas_of_postcode(session: Session, compact: str) -> AreaCodes | None:
    """Return the areas of a full postcode, written without its space; None if it is not known.

    A row that knows its authority alone has the region that the authority is in.
    """
    row = session.execute(
        select(
            Postcode.authority_code,
            func.coalesce(Postcode.region_code, Area.region_code),
            func.coalesce(Postcode.nation, Area.nation),
        )
        .outerjoin(Area, Area.code == Postcode.authority_code)
        .where(Postcode.code == compact)
    ).one_or_none()
    if row is None:
        return None
    return AreaCodes(*row)


def areas_of_part(session: Session, code: str) -> AreaCodes | None:
    """Return the areas of an outward code or a sector; None if it is not known.

    Where it spans several areas, that one of the codes is None.
    """
    part = session.get(PostcodePart, code)
    if part is None:
        return None
    nation = _only(part.nations)
    # Wales has no regions: SY15 knows one region, and yet only a part of it is in that.
    return AreaCodes(
        authority=_only(part.authority_codes) if nation else None,
        region=_only(part.region_codes) if nation else None,
        nation=Nation(nation) if nation else None,
    )


def is_covered_by(session: Session, point: Point, code: str) -> bool:
    """Tell whether a point lies inside an area, rather than near it."""
    covers = select(Area.code).where(
        Area.code == code, func.ST_Covers(Area.shape, to_element(point))
    )
    return session.scalar(covers) is not None


def area_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Return the names of areas by their codes; those that are not loaded are left out."""
    wanted = select(Area.code, Area.name).where(Area.code.in_(sorted(set(codes))))
    return dict(session.execute(wanted).all())


def _authority_covering(session: Session, point: Point) -> Codes | None:
    is_authority = Area.kind == AreaKind.AUTHORITY
    covering = _codes().where(is_authority, func.ST_Covers(Area.shape, to_element(point)))
    # On a border two of them cover it; any will do that is always the same. If the database were
    # to order them, it would go through all areas in that order.
    return min(session.execute(covering), key=attrgetter("code"), default=None)


def _nearest(kind: AreaKind, point: Point, reach_metres: float) -> Select[str, str | None, Nation]:
    box = _box_around(point, reach_metres)
    # Only what lies in the box is measured: distances to a whole coast take a hundred times longer.
    nearby = cast(func.ST_ClipByBox2D(Area.shape, box), Geography(geometry_type=None))
    here = cast(to_element(point), Geography(geometry_type=None))
    metres = func.ST_Distance(nearby, here, type_=Float)
    touches = Area.shape.op("&&", is_comparison=True)(box)
    return (
        _codes()
        .where(Area.kind == kind, touches, metres <= reach_metres)
        .order_by(metres, Area.code)
        .limit(1)
    )


def _codes() -> Select[str, str | None, Nation]:
    return select(Area.code, Area.region_code, Area.nation)


def _nation_of_nearest_place(point: Point) -> Select[Nation]:
    return (
        select(Place.nation)
        .where(within_metres(Place.point, point, PLACE_REACH_METRES))
        .order_by(nearest_first(Place.point, point))
        .limit(1)
    )


def _box_around(point: Point, metres: float) -> ColumnElement[object]:
    """Return a box in which everything lies that is so near; for latitudes of our islands."""
    north = metres / METRES_OF_A_DEGREE
    east = north / math.cos(math.radians(min(abs(point.latitude) + north, 85)))
    return func.ST_MakeEnvelope(
        point.longitude - east,
        point.latitude - north,
        point.longitude + east,
        point.latitude + north,
        SRID,
    )


def _only(values: Sequence[str]) -> str | None:
    return values[0] if len(values) == 1 else None
