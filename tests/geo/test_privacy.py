"""The public point of an event: a home is shown with a hundred others."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cells import Cell
from geo.points import Point
from geo.privacy import (
    COARSEST_ZOOM,
    HOMES_WANTED,
    STREET_RADII_METRES,
    VenueType,
    public_point,
    shared_cell,
)

ROCHDALE = Point(53.6178, -2.1552)
FINEST = 16
HERE = Cell.at(ROCHDALE, FINEST)
CORNER = HERE.at_zoom(FINEST - 3)


@dataclass
class Country:
    """A made-up country: homes by square, and the point of one postcode."""

    homes: dict[Cell, float] = field(default_factory=dict)
    postcode: Point | None = None
    finest_zoom: int = FINEST
    coarsest_zoom: int = COARSEST_ZOOM

    def nearest_postcode(self, point: Point) -> Point | None:
        return self.postcode

    def homes_in(self, cell: Cell) -> Mapping[Cell, float]:
        return {
            each: count for each, count in self.homes.items() if each.at_zoom(cell.zoom) == cell
        }


def squares() -> list[Cell]:
    """All 64 finest squares of a corner of the country."""
    first_x, first_y = CORNER.x * 8, CORNER.y * 8
    return [Cell(FINEST, first_x + x, first_y + y) for x in range(8) for y in range(8)]


OTHER = next(cell for cell in squares() if cell.parent != HERE.parent)

homes = st.lists(
    st.sampled_from([0, 0, 12.5, 25, 50, 87.5, 100, 400]), min_size=64, max_size=64
).map(lambda counts: {cell: n for cell, n in zip(squares(), counts, strict=True) if n})


def test_a_public_venue_is_shown_where_it_is():
    shown = public_point(ROCHDALE, VenueType.PUBLIC, Country())
    assert (shown.point, shown.radius_metres, shown.cell) == (ROCHDALE, 0, None)


def test_a_public_venue_of_which_only_the_town_is_known_says_so():
    shown = public_point(ROCHDALE, VenueType.PUBLIC, Country(), precision_metres=3000)
    assert shown.radius_metres == 3000


def test_a_street_is_shown_at_its_postcode():
    postcode = Point(53.6190, -2.1552)
    shown = public_point(ROCHDALE, VenueType.STREET, Country(postcode=postcode))
    assert shown.point == postcode
    assert shown.radius_metres == 250


@given(st.floats(-0.05, 0.05))
def test_the_radius_of_a_street_is_a_step(off):
    postcode = Point(ROCHDALE.latitude + off, ROCHDALE.longitude)
    shown = public_point(ROCHDALE, VenueType.STREET, Country(postcode=postcode))
    assert shown.radius_metres in STREET_RADII_METRES
    assert ROCHDALE.distance_to(shown.point) <= shown.radius_metres


def test_a_street_without_postcodes_is_hidden_like_a_home():
    country = Country(homes={HERE: 100})
    street = public_point(ROCHDALE, VenueType.STREET, country)
    assert street == public_point(ROCHDALE, VenueType.PRIVATE, country)


def test_a_home_in_a_town_is_shown_as_a_small_square():
    shown = public_point(ROCHDALE, VenueType.PRIVATE, Country(homes={HERE: 100}))
    assert shown.cell == HERE
    assert shown.point == HERE.centre != ROCHDALE
    assert shown.radius_metres == HERE.radius_metres


def test_a_lonely_home_beside_a_town_is_not_known_to_be_outside_the_town():
    # Three quarters of its larger square show themselves; the fourth, where it is, holds one farm.
    quarters = [cell for cell in squares() if cell.parent == HERE.parent]
    farm = next(cell for cell in quarters if cell != HERE)
    town = {cell: 200.0 for cell in quarters if cell != farm}
    elsewhere = next(cell for cell in squares() if cell.at_zoom(14) != HERE.at_zoom(14))
    shown = shared_cell(farm.centre, Country(homes=town | {farm: 12.5, elsewhere: 95}))
    assert shown == CORNER


def test_what_is_known_to_a_few_kilometres_is_not_shown_closer():
    shown = public_point(
        ROCHDALE, VenueType.PRIVATE, Country(homes={HERE: 100}), precision_metres=3000
    )
    assert shown.radius_metres == 3000


def test_an_empty_country_shows_the_coarsest_square():
    assert shared_cell(ROCHDALE, Country()) == HERE.at_zoom(COARSEST_ZOOM)


in_uk = st.builds(Point, latitude=st.floats(49.8, 60.95), longitude=st.floats(-8.7, 1.85))


@given(in_uk, st.integers(COARSEST_ZOOM, FINEST))
def test_the_public_point_is_in_the_uk_and_its_radius_holds_the_home(exact, zoom):
    # The sea off Norfolk is nearest the middle of its large squares: tables refuse a point there.
    shown = public_point(exact, VenueType.PRIVATE, Country(), kept=Cell.at(exact, zoom))
    assert shown.cell == Cell.at(exact, zoom)
    assert shown.point.in_uk
    assert exact.distance_to(shown.point) <= shown.radius_metres


def test_a_home_beyond_our_seas_is_shown_as_its_square():
    paris = Point(48.857, 2.352)
    shown = public_point(paris, VenueType.PRIVATE, Country(homes={Cell.at(paris, FINEST): 100}))
    assert shown.point == Cell.at(paris, FINEST).centre


def test_a_street_of_which_only_the_town_is_known_says_so():
    country = Country(postcode=ROCHDALE)
    shown = public_point(ROCHDALE, VenueType.STREET, country, precision_metres=15_000)
    assert shown.radius_metres == 15_000


def test_a_street_far_from_any_postcode_is_hidden_like_a_home():
    country = Country(homes={HERE: 100}, postcode=Point(53.72, -2.1552))
    assert public_point(ROCHDALE, VenueType.STREET, country).cell == HERE


@given(homes)
@settings(deadline=None, max_examples=60)
def test_a_hundred_homes_are_shown_with_every_home(country_homes):
    country = Country(homes=country_homes)
    shown_with: defaultdict[Cell, float] = defaultdict(float)
    for cell in squares():
        shown = shared_cell(cell.centre, country)
        assert shown.contains(cell.centre)
        shown_with[shown] += country_homes.get(cell, 0)
    for shown, together in shown_with.items():
        assert together >= HOMES_WANTED or shown.zoom == COARSEST_ZOOM


@given(homes, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
@settings(deadline=None, max_examples=60)
def test_where_in_its_square_a_home_is_changes_nothing(country_homes, across, down):
    country = Country(homes=country_homes)
    box = HERE.box
    moved = Point(
        latitude=box.south + (box.north - box.south) * down,
        longitude=box.west + (box.east - box.west) * across,
    )
    here = public_point(HERE.centre, VenueType.PRIVATE, country)
    assert public_point(moved, VenueType.PRIVATE, country) == here


def test_a_square_is_kept_while_the_home_is_inside_it():
    first = public_point(ROCHDALE, VenueType.PRIVATE, Country(homes={HERE: 12.5, OTHER: 95}))
    grown = Country(homes={HERE: 500})
    for step in range(100):
        moved = Point(ROCHDALE.latitude + step * 1e-6, ROCHDALE.longitude)
        assert public_point(moved, VenueType.PRIVATE, grown, kept=first.cell) == first
    assert public_point(ROCHDALE, VenueType.PRIVATE, grown).cell == HERE


def test_a_square_is_given_up_when_the_home_moves_out_of_it():
    far = Cell.at(Point(51.5, -0.1), FINEST)
    shown = public_point(ROCHDALE, VenueType.PRIVATE, Country(homes={HERE: 100}), kept=far)
    assert shown.cell == HERE
