"""Between our points and the geometries that the database reads and writes."""

from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape, to_shape
from shapely import geometry

from geo.points import Point

SRID = 4326


def to_element(point: Point) -> WKBElement:
    """Return the value that a geometry(Point, 4326) column takes."""
    return from_shape(geometry.Point(point.longitude, point.latitude), srid=SRID)


def from_element(element: WKBElement) -> Point:
    """Return the point that a geometry(Point, 4326) column gave."""
    shape = to_shape(element)
    if not isinstance(shape, geometry.Point):
        msg = f"expected a point, not {shape.geom_type}"
        raise TypeError(msg)
    return Point(latitude=shape.y, longitude=shape.x)
