"""Who lives around a point: what decides how large a square hides a home there."""

import math
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.bounds import Box
from geo.cells import Cell, cell_x, cell_y
from geo.distance import inside, nearest_first
from geo.points import Point
from geo.privacy import HOMES_OF_A_POSTCODE, Neighbourhood
from geo.shapes import from_element
from webapp.places.models import Place, Postcode

POSTCODE_REACHES_METRES = (500, 2_000, 10_000)
METRES_OF_A_DEGREE = 111_000  # of latitude; a little short, so that no box is too small

PEOPLE_OF_A_HOME = 2.4
PEOPLE_OF_A_SQUARE_KILOMETRE = 2_500  # of a British town


def neighbourhood_of(session: Session, point: Point) -> Neighbourhood:
    """Return who lives around a point: by postcodes where there are any near, else by places.

    Judged there and then, because a file of postcodes may cover a part of the country alone.
    """
    by_postcodes = PostcodeNeighbourhood(session)
    if by_postcodes.nearest_postcode(point) is not None:
        return by_postcodes
    return GazetteerNeighbourhood(session)


class PostcodeNeighbourhood:
    """Homes counted by live postcodes, eight of which stand for a hundred."""

    finest_zoom = 16

    def __init__(self, session: Session) -> None:
        self._session = session

    def nearest_postcode(self, point: Point) -> Point | None:
        """Return the nearest live postcode’s point; None where there is none within 10 km."""
        for reach in POSTCODE_REACHES_METRES:
            found = self._session.execute(
                select(Postcode.point)
                .where(Postcode.terminated.is_(None), inside(Postcode.point, _box(point, reach)))
                .order_by(nearest_first(Postcode.point, point), Postcode.code)
                .limit(1)
            ).scalar_one_or_none()
            nearest = from_element(found) if found is not None else None
            # In a corner of the box, one outside it may be nearer.
            if nearest is not None and nearest.distance_to(point) <= reach:
                return nearest
        return None

    def homes_in(self, cell: Cell) -> Mapping[Cell, float]:
        """Return how many homes each square of zoom 16 inside a square has, if any."""
        x, y = cell_x(Postcode.point, self.finest_zoom), cell_y(Postcode.point, self.finest_zoom)
        counted = self._session.execute(
            select(x, y, func.count())
            .where(Postcode.terminated.is_(None), inside(Postcode.point, cell.box))
            .group_by(x, y)
        )
        squares = {Cell(self.finest_zoom, east, south): n for east, south, n in counted}
        return {
            each: count * HOMES_OF_A_POSTCODE
            for each, count in squares.items()
            if each.at_zoom(cell.zoom) == cell
        }


class GazetteerNeighbourhood:
    """Homes guessed from the people of towns and villages, spread evenly around their points."""

    finest_zoom = 13

    def __init__(self, session: Session) -> None:
        self._session = session
        self._homes: dict[Cell, float] | None = None

    def nearest_postcode(self, point: Point) -> None:  # noqa: ARG002 -- as for every neighbourhood
        """Return None: this is for where no postcodes are loaded."""
        return

    def homes_in(self, cell: Cell) -> Mapping[Cell, float]:
        """Return how many homes each square of zoom 13 inside a square has, if any."""
        if self._homes is None:
            self._homes = self._spread_all()
        return {
            each: count for each, count in self._homes.items() if each.at_zoom(cell.zoom) == cell
        }

    def _spread_all(self) -> dict[Cell, float]:
        homes: defaultdict[Cell, float] = defaultdict(float)
        known = select(Place.point, Place.population).where(Place.population > 0)
        for point, population in self._session.execute(known):
            squares = _squares_around(from_element(point), population, self.finest_zoom)
            for square in squares:
                homes[square] += population / PEOPLE_OF_A_HOME / len(squares)
        return dict(homes)


def _squares_around(point: Point, population: int, zoom: int) -> list[Cell]:
    """Return the squares that a town covers: those whose middle is in it, and its own."""
    own = Cell.at(point, zoom)
    radius = math.sqrt(population / PEOPLE_OF_A_SQUARE_KILOMETRE / math.pi) * 1_000
    reach = math.ceil(radius / own.radius_metres)
    around = (
        Cell(zoom, own.x + east, own.y + south)
        for east in range(-reach, reach + 1)
        for south in range(-reach, reach + 1)
    )
    return [each for each in around if each == own or each.centre.distance_to(point) <= radius]


def _box(point: Point, metres: float) -> Box:
    """Return a box in which everything lies that is so near; for latitudes of our islands."""
    north = metres / METRES_OF_A_DEGREE
    east = north / math.cos(math.radians(abs(point.latitude) + north))
    return Box(
        west=point.longitude - east,
        south=point.latitude - north,
        east=point.longitude + east,
        north=point.latitude + north,
    )
