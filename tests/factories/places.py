"""Places for tests: real towns, square areas, and postcodes."""

from itertools import count

from geoalchemy2.shape import from_shape
from shapely import MultiPolygon, box
from sqlalchemy.orm import Session

from geo.names import folded
from geo.points import Point
from geo.shapes import SRID, to_element
from webapp.places.area_codes import NATION_CODES, nation_of
from webapp.places.models import (
    Area,
    AreaKind,
    Nation,
    Place,
    PlaceName,
    Postcode,
    PostcodePart,
)

ROCHDALE = Point(latitude=53.6178, longitude=-2.1552)
LLANELLI = Point(latitude=51.6841, longitude=-4.1633)

numbers = count(1)


def make_place(
    session: Session, name: str = "Rochdale", point: Point = ROCHDALE, **changes: object
) -> Place:
    """Make a town: Rochdale in England unless told otherwise."""
    values: dict[str, object] = {
        "geonames_id": 9_000_000 + next(numbers),
        "name": name,
        "name_cy": None,
        "nation": Nation.ENGLAND,
        "near": None,
        "population": 107_926,
        "point": to_element(point),
    }
    place = Place(**{**values, **changes})
    own = {folded(each) for each in (place.name, place.name_cy) if each}
    place.names = [PlaceName(folded=each, is_own=True) for each in sorted(own)]
    session.add(place)
    session.flush()
    return place


def square(centre: Point, half_degrees: float = 0.1) -> MultiPolygon:
    """Return the shape of a square area, in degrees."""
    x, y = centre.longitude, centre.latitude
    corners = box(x - half_degrees, y - half_degrees, x + half_degrees, y + half_degrees)
    return MultiPolygon([corners])


def make_area(
    session: Session,
    code: str = "E08000005",
    centre: Point | None = ROCHDALE,
    *,
    half_degrees: float = 0.1,
    **changes: object,
) -> Area:
    """Make a square area around a point, or one without a shape: Rochdale’s unless told otherwise.

    Its kind and nation are those of its code.
    """
    shape = None if centre is None else square(centre, half_degrees)
    values: dict[str, object] = {
        "code": code,
        "kind": _kind(code),
        "name": "Rochdale",
        "nation": nation_of(code),
        "region_code": None,
        "shape": None if shape is None else from_shape(shape, srid=SRID),
    }
    area = Area(**{**values, **changes})
    session.add(area)
    session.flush()
    return area


def _kind(code: str) -> AreaKind:
    if code in NATION_CODES:
        return AreaKind.NATION
    return AreaKind.REGION if code.startswith("E12") else AreaKind.AUTHORITY


def make_postcode(
    session: Session, code: str = "OL161AB", point: Point | None = ROCHDALE, **changes: object
) -> Postcode:
    """Make a live postcode: one of Rochdale’s unless told otherwise."""
    values: dict[str, object] = {
        "code": code,
        "point": None if point is None else to_element(point),
        "quality": 1 if point else 9,
        "introduced": 198001,
        "authority_code": "E08000005",
        "region_code": "E12000002",
        "nation": Nation.ENGLAND,
    }
    postcode = Postcode(**{**values, **changes})
    session.add(postcode)
    session.flush()
    return postcode


def make_postcode_part(
    session: Session, code: str = "OL16", point: Point = ROCHDALE, **changes: object
) -> PostcodePart:
    """Make an outward code or a sector: one of Rochdale’s unless told otherwise."""
    values: dict[str, object] = {
        "code": code,
        "point": to_element(point),
        "radius_metres": 3_000,
        "live": 900,
        "authority_codes": ["E08000005"],
        "region_codes": ["E12000002"],
        "nations": ["england"],
    }
    part = PostcodePart(**{**values, **changes})
    session.add(part)
    session.flush()
    return part
