"""Shapes as the database wants them: valid MultiPolygons in degrees, wound as GeoJSON says."""

from dataclasses import dataclass
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.errors import ShapelyError
from shapely.geometry import shape as shape_of

from geo.bounds import UK_BOX, Box

# What eastings and northings of Great Britain and of Ireland can be, and Web Mercator’s metres.
GRID_EAST, GRID_NORTH = (-100_000, 800_000), (-100_000, 1_300_000)
MERCATOR_EAST, MERCATOR_NORTH = (-1_000_000, 300_000), (6_300_000, 8_800_000)


class UnusableShapeError(Exception):
    """A shape cannot be used; says why, as the end of a sentence about it."""


class WrongCoordinatesError(Exception):
    """Coordinates are not degrees in the United Kingdom, which nothing in the file then is."""


@dataclass(frozen=True)
class AreaShape:
    """A shape that can be used, and what was done to it."""

    polygons: MultiPolygon
    was_turned: bool
    was_repaired: bool


def usable_shape(geometry: Any) -> AreaShape:
    """Return the shape of a GeoJSON geometry, with its rings turned and repaired where needed.

    Raises UnusableShapeError and WrongCoordinatesError.
    """
    read = _read(geometry)
    _check_coordinates(read)
    valid = (
        read
        if read.is_valid
        else shapely.make_valid(read, method="structure", keep_collapsed=False)
    )
    polygons = MultiPolygon(_polygons_of(valid))
    if polygons.is_empty:
        msg = "its shape has no surface"
        raise UnusableShapeError(msg)
    oriented = shapely.orient_polygons(polygons, exterior_cw=False)
    return AreaShape(oriented, was_turned=_is_clockwise(read), was_repaired=valid is not read)


def _read(geometry: Any) -> shapely.Geometry:
    if geometry is None:
        msg = "it has no shape"
        raise UnusableShapeError(msg)
    try:
        read = shapely.force_2d(shape_of(geometry))
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError):
        msg = "its coordinates cannot be read"
        raise UnusableShapeError(msg) from None
    if read.is_empty or not _polygons_of(read):
        msg = "it is no polygon"
        raise UnusableShapeError(msg)
    return read


def _polygons_of(geometry: shapely.Geometry) -> list[Polygon]:
    """Return the polygons in a geometry; lines and points, which have no surface, are left out."""
    parts = [geometry]
    # A collection may hold MultiPolygons, which are taken apart in their turn.
    while any(hasattr(part, "geoms") for part in parts):
        parts = [each for part in parts for each in getattr(part, "geoms", [part])]
    return [part for part in parts if isinstance(part, Polygon) and not part.is_empty]


def _check_coordinates(geometry: shapely.Geometry) -> None:
    west, south, east, north = geometry.bounds
    if not (abs(west) <= 180 and abs(east) <= 180 and abs(south) <= 90 and abs(north) <= 90):
        raise WrongCoordinatesError(f"is not in degrees but {_system(west, south)}")
    if _meets_uk(west, south, east, north):
        return
    if _meets_uk(south, west, north, east):
        msg = "gives latitude before longitude, which GeoJSON does the other way round"
        raise WrongCoordinatesError(msg)
    msg = f"lies outside the United Kingdom, near latitude {south:.1f}, longitude {west:.1f}"
    raise WrongCoordinatesError(msg)


def _system(x: float, y: float) -> str:
    if _between(x, GRID_EAST) and _between(y, GRID_NORTH):
        return "in eastings and northings of a national grid"
    if _between(x, MERCATOR_EAST) and _between(y, MERCATOR_NORTH):
        return "in metres of Web Mercator"
    return "in some other system of coordinates"


def _between(value: float, limits: tuple[int, int]) -> bool:
    return limits[0] <= value <= limits[1]


def _meets_uk(west: float, south: float, east: float, north: float) -> bool:
    return UK_BOX.overlaps(Box(west, south, max(east, west + 1e-9), max(north, south + 1e-9)))


def _is_clockwise(geometry: shapely.Geometry) -> bool:
    """Tell whether any outer ring runs the wrong way round."""
    return any(not polygon.exterior.is_ccw for polygon in _polygons_of(geometry))
