"""Who lives around a point, by postcodes and by the people of towns."""

import pytest

from geo.cells import Cell
from geo.points import Point
from geo.privacy import VenueType, public_point
from tests.factories.places import ROCHDALE, make_place, make_postcode
from webapp.places.neighbourhood import (
    JUDGED_ZOOM,
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


def test_homes_that_postcodes_count_are_not_counted_among_those_of_towns(session):
    make_place(session)
    london = make_place(session, "London", Point(51.5, -0.1), population=9_000_000)
    whole = Cell.at(ROCHDALE, 4)
    before = GazetteerNeighbourhood(session).homes_in(whole)
    make_postcode(session, "SW1A1AA", london.position)
    after = GazetteerNeighbourhood(session).homes_in(whole)
    covered = Cell.at(london.position, JUDGED_ZOOM)
    gone = before.keys() - after.keys()
    assert gone
    assert {cell.at_zoom(JUDGED_ZOOM) for cell in gone} == {covered}
    assert Cell.at(ROCHDALE, 13) in after


@pytest.mark.parametrize("zoom", [13, 11, 9, 6])
def test_a_part_of_the_country_holds_what_the_whole_country_holds_there(session, zoom):
    make_place(session, population=100_000)
    make_place(session, "Manchester", Point(53.48, -2.24), population=900_000)
    make_place(session, "Wardle", Point(53.648, -2.134), population=300)
    whole = GazetteerNeighbourhood(session).homes_in(Cell.at(ROCHDALE, 4))
    part = Cell.at(ROCHDALE, zoom)
    expected = {cell: homes for cell, homes in whole.items() if cell.at_zoom(zoom) == part}
    assert GazetteerNeighbourhood(session).homes_in(part) == pytest.approx(expected)


@pytest.mark.parametrize("across", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("down", [0.01, 0.5, 0.99])
def test_all_of_a_large_square_is_judged_alike(session, across, down):
    box = Cell.at(ROCHDALE, JUDGED_ZOOM).box
    make_postcode(session, "OL161AA", Point(box.south + 0.001, box.west + 0.001))
    point = Point(
        box.south + (box.north - box.south) * down, box.west + (box.east - box.west) * across
    )
    assert isinstance(neighbourhood_of(session, point), PostcodeNeighbourhood)
    assert isinstance(
        neighbourhood_of(session, Point(point.latitude, box.west - 0.0001)), GazetteerNeighbourhood
    )
