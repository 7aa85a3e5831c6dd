"""Squares of a fixed grid over the earth, each made of four smaller ones.

The grid is Web Mercator’s quadtree, the one that map tiles have: at zoom z the world is 2^z squares
wide, x counts eastwards from 180° west and y southwards from about 85° north. A square of zoom 16 is
about 360 metres wide in the United Kingdom, one of zoom 13 about 2.9 kilometres.
"""

import math
import re
from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, Float, Integer, cast, func

from geo.bounds import Box
from geo.distance import PointColumn
from geo.errors import GeographyError, Reason
from geo.points import Point

FINEST, COARSEST = 24, 0
WRITTEN = re.compile(r"(\d{1,2})/(\d{1,8})/(\d{1,8})", re.ASCII)
ROUNDED_TO_METRES = 10


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One square of the grid; one that is not in it cannot be made."""

    zoom: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not COARSEST <= self.zoom <= FINEST:
            raise GeographyError(Reason.OUT_OF_RANGE)
        if not (0 <= self.x < 2**self.zoom and 0 <= self.y < 2**self.zoom):
            raise GeographyError(Reason.OUT_OF_RANGE)

    @classmethod
    def at(cls, point: Point, zoom: int) -> Self:
        """Return the square that a point is in; points beyond 85° north or south have none."""
        width = 2**zoom
        across = (point.longitude + 180) / 360
        down = (1 - math.asinh(math.tan(math.radians(point.latitude))) / math.pi) / 2
        # A point on the date line itself belongs to the last square.
        return cls(zoom, min(int(across * width), width - 1), math.floor(down * width))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read “16/32000/21000”; raises GeographyError for anything else."""
        written = WRITTEN.fullmatch(text)
        if not written:
            raise GeographyError(Reason.NOT_A_NUMBER)
        return cls(*map(int, written.groups()))

    def __str__(self) -> str:
        return f"{self.zoom}/{self.x}/{self.y}"

    @property
    def box(self) -> Box:
        """The square’s edges."""
        return Box(
            west=_longitude(self.x, self.zoom),
            south=_latitude(self.y + 1, self.zoom),
            east=_longitude(self.x + 1, self.zoom),
            north=_latitude(self.y, self.zoom),
        )

    @property
    def centre(self) -> Point:
        """The middle between its edges."""
        box = self.box
        return Point(latitude=(box.south + box.north) / 2, longitude=(box.west + box.east) / 2)

    @property
    def radius_metres(self) -> int:
        """How far its farthest corner is from its centre, rounded up to ten metres."""
        box, centre = self.box, self.centre
        farthest = max(
            centre.distance_to(Point(latitude=latitude, longitude=box.west))
            for latitude in (box.south, box.north)
        )
        return math.ceil(farthest / ROUNDED_TO_METRES) * ROUNDED_TO_METRES

    @property
    def parent(self) -> "Cell":
        """The square that it is a quarter of; raises GeographyError for the whole world."""
        return Cell(self.zoom - 1, self.x // 2, self.y // 2)

    def at_zoom(self, zoom: int) -> "Cell":
        """Return the square of a coarser zoom that it is a part of; itself at its own zoom."""
        steps = self.zoom - zoom
        if steps < 0:
            raise GeographyError(Reason.OUT_OF_RANGE)
        return Cell(zoom, self.x >> steps, self.y >> steps)

    def contains(self, point: Point) -> bool:
        """Tell whether a point is in this square and in none of its neighbours."""
        return Cell.at(point, self.zoom) == self


def cell_x(column: PointColumn, zoom: int) -> ColumnElement[int]:
    """Return the x of the square that a geometry(Point, 4326) column is in."""
    across = (func.ST_X(column, type_=Float) + 180) / 360
    return cast(func.floor(across * 2**zoom), Integer)


def cell_y(column: PointColumn, zoom: int) -> ColumnElement[int]:
    """Return the y of the square that a geometry(Point, 4326) column is in."""
    angle = func.asinh(func.tan(func.radians(func.ST_Y(column, type_=Float))), type_=Float)
    down = (1 - angle / math.pi) / 2
    return cast(func.floor(down * 2**zoom), Integer)


def _longitude(x: int, zoom: int) -> float:
    return x / float(2**zoom) * 360 - 180


def _latitude(y: int, zoom: int) -> float:
    northwards = math.pi * (1 - 2 * y / float(2**zoom))
    return math.degrees(math.atan(math.sinh(northwards)))
