"""Who lives around a point: what decides how large a square hides a home there."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geo.bounds import Box
from geo.cells import Cell, cell_x, cell_y
from geo.distance import inside, nearest_first
from geo.points import Point
from geo.privacy import COARSEST_ZOOM, HOMES_OF_A_POSTCODE, Neighbourhood
from geo.shapes import from_element
from webapp.places.models import Place, Postcode

POSTCODE_REACHES_METRES = (500, 2_000, 10_000)
METRES_OF_A_DEGREE = 111_000  # of latitude; a little short, so that no box is too small

PEOPLE_OF_A_HOME = 2.4
PEOPLE_OF_A_SQUARE_KILOMETRE = 2_500  # of a British town
LARGE_TOWN_METRES, LARGE_TOWN_PEOPLE = 6_000, 250_000  # smaller towns do not reach so far


# A file of postcodes may leave out a part of the country, such as Northern Ireland. Whether it covers
# a home is judged for a whole square, some 22 kilometres wide: judged by how far the home is from the
# nearest postcode, the zoom of the square that is shown would tell that.
JUDGED_ZOOM = 10


def neighbourhood_of(session: Session, point: Point) -> Neighbourhood:
    """Return who lives around a point: by postcodes where there are any, else by places."""
    if _has_postcodes(session, Cell.at(point, JUDGED_ZOOM)):
        return PostcodeNeighbourhood(session)
    return GazetteerNeighbourhood(session)


class PostcodeNeighbourhood:
    """Homes counted by live postcodes, eight of which stand for a hundred."""

    finest_zoom = 16
    coarsest_zoom = COARSEST_ZOOM

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
    # Some 45 kilometres. No more than a guess is known of homes outside towns, but so large a piece of
    # country has hundreds.
    coarsest_zoom = 9

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[Cell, Mapping[Cell, float]] = {}

    def nearest_postcode(self, point: Point) -> None:  # noqa: ARG002 -- as for every neighbourhood
        """Return None: this is for where no postcodes are loaded."""
        return

    def homes_in(self, cell: Cell) -> Mapping[Cell, float]:
        """Return how many homes each square of zoom 13 inside a square has, if any.

        It is remembered, for whoever places many events.
        """
        if cell not in self._found:
            homes = self._spread_over(cell)
            self._found[cell] = {square: homes[square] for square in self._uncovered(cell, homes)}
        return self._found[cell]

    def _spread_over(self, cell: Cell) -> dict[Cell, float]:
        homes: defaultdict[Cell, float] = defaultdict(float)
        for element, population in self._session.execute(_places_reaching(cell)):
            point, radius = from_element(element), _radius_metres(population)
            if point.distance_to(cell.centre) > radius + cell.radius_metres:
                continue
            squares = _squares_around(point, radius, self.finest_zoom)
            for square in squares:
                if square.at_zoom(cell.zoom) == cell:
                    homes[square] += population / PEOPLE_OF_A_HOME / len(squares)
        return dict(homes)

    def _uncovered(self, cell: Cell, squares: Iterable[Cell]) -> list[Cell]:
        """Leave out where postcodes count: homes there are never shown together with those here."""
        if cell.zoom >= JUDGED_ZOOM or not _has_postcodes(self._session, cell):
            return list(squares)
        judged = {square: square.at_zoom(JUDGED_ZOOM) for square in squares}
        covered = {each for each in set(judged.values()) if _has_postcodes(self._session, each)}
        return [square for square, large in judged.items() if large not in covered]


def _has_postcodes(session: Session, cell: Cell) -> bool:
    """Tell whether there is a live postcode in a square."""
    lives = Postcode.terminated.is_(None), inside(Postcode.point, cell.box)
    return session.scalar(select(Postcode.code).where(*lives).limit(1)) is not None


def _places_reaching(cell: Cell) -> Select[Any, int]:
    """Return the places that may reach into a square: those near it, and all large towns."""
    north = LARGE_TOWN_METRES / METRES_OF_A_DEGREE
    east = north / math.cos(math.radians(cell.box.north))
    box = Box(
        west=cell.box.west - east,
        south=cell.box.south - north,
        east=cell.box.east + east,
        north=cell.box.north + north,
    )
    near = inside(Place.point, box) | (Place.population >= LARGE_TOWN_PEOPLE)
    return select(Place.point, Place.population).where(Place.population > 0, near)


def _radius_metres(population: int) -> float:
    return math.sqrt(population / PEOPLE_OF_A_SQUARE_KILOMETRE / math.pi) * 1_000


def _squares_around(point: Point, radius: float, zoom: int) -> list[Cell]:
    """Return the squares that a town covers: those whose middle is in it, and its own."""
    own = Cell.at(point, zoom)
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
