"""SQL expressions about distance, over a geometry(Point, 4326) column that the caller gives.

They cast the column to geography, because ST_DWithin on geometry would count in degrees;
an index on (column::geography) serves them.
"""

from typing import TypeAlias

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, Float, cast, func
from sqlalchemy.orm import InstrumentedAttribute

from geo.bounds import Box
from geo.points import Point
from geo.shapes import SRID

PointColumn: TypeAlias = ColumnElement[object] | InstrumentedAttribute[object]


def distance_metres(column: PointColumn, point: Point) -> ColumnElement[float]:
    """Return metres on the ellipsoid from the column to the point."""
    return func.ST_Distance(_geography(column), _geography(_literal(point)), type_=Float)


def within_metres(column: PointColumn, point: Point, radius_metres: float) -> ColumnElement[bool]:
    """Return whether the column is at most so far from the point."""
    return func.ST_DWithin(_geography(column), _geography(_literal(point)), float(radius_metres))


def nearest_first(column: PointColumn, point: Point) -> ColumnElement[float]:
    """Return what to order by so that the index yields the nearest rows first."""
    return _geography(column).op("<->", return_type=Float())(_geography(_literal(point)))


def inside(column: PointColumn, box: Box) -> ColumnElement[bool]:
    """Return whether the column lies in the box, answered by the geometry index."""
    envelope = func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, SRID)
    return column.op("&&", is_comparison=True)(envelope)


def _literal(point: Point) -> ColumnElement[object]:
    return func.ST_SetSRID(func.ST_MakePoint(float(point.longitude), float(point.latitude)), SRID)


def _geography(expression: PointColumn) -> ColumnElement[object]:
    return cast(expression, Geography(geometry_type=None))
