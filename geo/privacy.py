"""Where the public may be told that an event is.

An event in a home is shown as a square of a fixed grid, so that nothing of the home’s point is in what
is shown but which square it is. A square is shown only if about a hundred homes are shown *with* it.
That it holds a hundred is not enough: where three of its quarters hold a hundred each and show
themselves, whoever sees the whole square knows that the home is in the last quarter, which may be one
farm. So homes of which too few are together are passed on, with others’, to the next larger square.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from geo.bounds import UK_BOX
from geo.cells import Cell
from geo.points import Point

HOMES_WANTED = 100
HOMES_OF_A_POSTCODE = 12.5  # eight live postcodes stand for a hundred homes
COARSEST_ZOOM = 6  # some 350 kilometres
LEVELS_AT_ONCE = 2  # how much farther to look when the homes nearby are too few

# Steps, so that the radius of a street does not itself tell how far it is from the postcode’s point.
STREET_RADII_METRES = (100, 250, 500, 1_000, 2_500, 5_000, 10_000)


class VenueType(StrEnum):
    """What kind of place an event is held at, which decides what the public may know of it."""

    PUBLIC = "public"
    STREET = "street"
    PRIVATE = "private"
    ONLINE = "online"  # nowhere: it has no point


class Neighbourhood(Protocol):
    """Who else lives there."""

    @property
    def finest_zoom(self) -> int:
        """The zoom of the smallest squares in which homes can be told apart."""
        ...

    @property
    def coarsest_zoom(self) -> int:
        """The zoom of the largest squares, in which whatever is left over is shown."""
        ...

    def nearest_postcode(self, point: Point) -> Point | None:
        """Return the nearest live postcode’s point; None where there is none within 10 km."""
        ...

    def homes_in(self, cell: Cell) -> Mapping[Cell, float]:
        """Return how many homes each square of the finest zoom inside a square has, if any."""
        ...


@dataclass(frozen=True, slots=True)
class PublicPoint:
    """The only location that public code may read; a radius of 0 means exactly there.

    `cell` is the square that it was made from, None where it was made otherwise.
    """

    point: Point
    radius_metres: int
    cell: Cell | None = None


def public_point(
    exact: Point,
    venue_type: VenueType,
    around: Neighbourhood,
    *,
    precision_metres: int = 0,
    kept: Cell | None = None,
) -> PublicPoint:
    """Return where the public is told that an event is.

    `precision_metres` is how well its exact point is known; `kept` is the square that it was shown
    as before, which stays while the point is inside it: a grown village tells nobody more.
    """
    if venue_type is VenueType.ONLINE:
        msg = "what is online has no point"
        raise ValueError(msg)
    if venue_type is VenueType.PUBLIC:
        return PublicPoint(exact, precision_metres)
    if venue_type is VenueType.STREET:
        postcode = around.nearest_postcode(exact)
        if postcode is not None and exact.distance_to(postcode) <= STREET_RADII_METRES[-1]:
            return PublicPoint(postcode, _street_radius(exact, postcode, precision_metres))
    cell = kept if kept is not None and kept.contains(exact) else shared_cell(exact, around)
    return PublicPoint(_middle(cell), max(cell.radius_metres, precision_metres), cell)


def shared_cell(exact: Point, around: Neighbourhood) -> Cell:
    """Return the square that a home is shown as: the first that enough homes are shown with."""
    finest = Cell.at(exact, around.finest_zoom)
    top = around.finest_zoom
    while top > around.coarsest_zoom:
        top = max(top - LEVELS_AT_ONCE, around.coarsest_zoom)
        found = _settled(finest, around.homes_in(finest.at_zoom(top)), top)
        if found is not None:
            return found
    return finest.at_zoom(around.coarsest_zoom)


def _settled(finest: Cell, homes: Mapping[Cell, float], top: int) -> Cell | None:
    """Return the first square around the finest one whose leftovers are enough, up to a zoom."""
    left = dict(homes)
    for zoom in range(finest.zoom, top - 1, -1):
        here = finest.at_zoom(zoom)
        if left.get(here, 0) >= HOMES_WANTED:
            return here
        passed_on: defaultdict[Cell, float] = defaultdict(float)
        for cell, count in left.items():
            if count < HOMES_WANTED:
                passed_on[cell.parent] += count
        left = passed_on
    return None


def _middle(cell: Cell) -> Point:
    """Return the middle of what is ours of a square: that of a large one on a coast is abroad."""
    ours = cell.box.clipped_to(UK_BOX)
    if ours is None:
        return cell.centre
    return Point(latitude=(ours.south + ours.north) / 2, longitude=(ours.west + ours.east) / 2)


def _street_radius(exact: Point, shown: Point, precision_metres: int) -> int:
    distance = max(exact.distance_to(shown), precision_metres)
    return next((step for step in STREET_RADII_METRES if distance <= step), precision_metres)
