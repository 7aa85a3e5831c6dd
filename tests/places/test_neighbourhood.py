"""Who lives around a point, by postcodes and by the people of towns."""

import pytest

from geo.cells import Cell
from geo.points import Point
from geo.privacy import VenueType, public_point
from tests.factories.places import ROCHDALE, make_place, make_postcode
from webapp.places.neighbourhood import (
    PEOPLE_OF_A_HOME,
    GazetteerNeighbourhood,
    PostcodeNeighbourhood,
    neighbourhood_of,
)

HERE = Cell.at(ROCHDALE, 16)


def beside(north_metres: float, east_metres: float = 0) -> Point:
    return Point(
        ROCHDALE.latitude + north_metres / 111_200, ROCHDALE.longitude + east_metres / 66_000
    )


def test_the_nearest_live_postcode_is_found(session):
    make_postcode(session, "OL161AA", beside(600))
    make_postcode(session, "OL161AB", beside(-300))
    make_postcode(session, "OL161AD", beside(50), terminated=200406)
    found = PostcodeNeighbourhood(session).nearest_postcode(ROCHDALE)
    assert found.distance_to(beside(-300)) < 1


def test_one_in_the_corner_of_a_box_is_not_taken_for_one_outside_it(session):
    make_postcode(session, "OL161AA", beside(450, 450))  # 636 m away, in the box of 500 m
    make_postcode(session, "OL161AB", beside(-520))
    found = PostcodeNeighbourhood(session).nearest_postcode(ROCHDALE)
    assert found.distance_to(beside(-520)) < 1


def test_one_more_than_ten_kilometres_away_is_none(session):
    make_postcode(session, "OL161AA", beside(11_000))
    assert PostcodeNeighbourhood(session).nearest_postcode(ROCHDALE) is None


def test_homes_are_counted_by_live_postcodes(session):
    for number in range(3):
        make_postcode(session, f"OL161A{'ABD'[number]}", HERE.centre)
    make_postcode(session, "OL161AE", HERE.centre, terminated=199606)
    make_postcode(session, "OL161AF", HERE.parent.parent.parent.centre)
    homes = PostcodeNeighbourhood(session).homes_in(HERE.parent)
    assert homes == {HERE: 37.5}


def test_eight_postcodes_hide_a_home(session):
    for letter in "ABDEFGHJ":
        make_postcode(session, f"OL161A{letter}", HERE.centre)
    shown = public_point(ROCHDALE, VenueType.PRIVATE, neighbourhood_of(session, ROCHDALE))
    assert shown.cell == HERE


def test_without_postcodes_the_people_of_towns_are_spread_around_them(session):
    make_place(session, population=100_000)
    homes = GazetteerNeighbourhood(session).homes_in(Cell.at(ROCHDALE, 8))
    assert sum(homes.values()) == pytest.approx(100_000 / PEOPLE_OF_A_HOME)
    assert len(homes) > 1
    assert max(cell.centre.distance_to(ROCHDALE) for cell in homes) < 5_000


def test_where_postcodes_are_loaded_for_another_part_of_the_country_towns_have_to_do(session):
    make_place(session)
    make_postcode(session, "SW1A1AA", Point(51.5, -0.14))
    assert isinstance(neighbourhood_of(session, ROCHDALE), GazetteerNeighbourhood)
    assert isinstance(neighbourhood_of(session, Point(51.5, -0.1)), PostcodeNeighbourhood)
