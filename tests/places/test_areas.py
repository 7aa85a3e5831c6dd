"""Which areas a pin, a postcode and a part of one count in."""

import pytest

from geo.points import Point
from tests.factories.places import (
    LLANELLI,
    ROCHDALE,
    make_area,
    make_place,
    make_postcode,
    make_postcode_part,
)
from webapp.places.area_codes import AreaCodes
from webapp.places.areas import area_names, areas_at, areas_of_part, areas_of_postcode
from webapp.places.models import Nation

NORTH_WEST = "E12000002"
ENGLAND, WALES = "E92000001", "W92000004"
NOWHERE = AreaCodes()


def north_of(point, metres):
    return Point(latitude=point.latitude + metres / 111_300, longitude=point.longitude)


@pytest.fixture
def rochdale(session):
    """A square of 0.2 degrees, whose northern edge is 11.1 km from its middle."""
    return make_area(session, centre=ROCHDALE, region_code=NORTH_WEST)


def test_a_pin_counts_where_it_lies(session, rochdale):
    assert areas_at(session, ROCHDALE) == AreaCodes("E08000005", NORTH_WEST, Nation.ENGLAND)


def test_a_pin_on_a_border_always_counts_in_the_same_authority(session, rochdale):
    make_area(session, "E08000004", Point(ROCHDALE.latitude, ROCHDALE.longitude + 0.2))
    border = Point(ROCHDALE.latitude, ROCHDALE.longitude + 0.1)
    assert {areas_at(session, border).authority for _ in range(3)} == {"E08000004"}


@pytest.mark.parametrize(("metres", "authority"), [(4_900, "E08000005"), (5_100, None)])
def test_a_pin_off_the_coast_counts_in_the_nearest_authority_within_five_kilometres(
    session, rochdale, metres, authority
):
    pin = north_of(ROCHDALE, 0.1 * 111_300 + metres)
    assert areas_at(session, pin).authority == authority


def test_of_two_near_authorities_the_nearer_counts(session, rochdale):
    make_area(session, "E08000004", north_of(ROCHDALE, 0.23 * 111_300))
    pin = north_of(ROCHDALE, 0.12 * 111_300)
    assert areas_at(session, pin).authority == "E08000004"


def test_a_near_authority_comes_before_the_nation_that_covers_the_pin(session, rochdale):
    make_area(session, ENGLAND, ROCHDALE, half_degrees=2)
    pin = north_of(ROCHDALE, 0.1 * 111_300 + 1_000)
    assert areas_at(session, pin).authority == "E08000005"


def test_far_from_every_authority_only_the_nation_is_told(session, rochdale):
    make_area(session, ENGLAND, ROCHDALE, half_degrees=2)
    pin = north_of(ROCHDALE, 0.1 * 111_300 + 20_000)
    assert areas_at(session, pin) == AreaCodes(nation=Nation.ENGLAND)


@pytest.mark.parametrize(("metres", "nation"), [(24_000, Nation.WALES), (26_000, None)])
def test_a_pin_at_sea_counts_in_the_nearest_nation_within_25_kilometres(session, metres, nation):
    make_area(session, WALES, LLANELLI, half_degrees=0.5)
    pin = north_of(LLANELLI, 0.5 * 111_300 + metres)
    assert areas_at(session, pin) == AreaCodes(nation=nation)


def test_without_shapes_the_nearest_place_tells_the_nation(session):
    make_place(session, "Rochdale", ROCHDALE)
    make_place(session, "Llanelli", LLANELLI, nation=Nation.WALES)
    assert areas_at(session, north_of(LLANELLI, 9_000)) == AreaCodes(nation=Nation.WALES)


def test_a_place_across_the_sea_tells_nothing(session):
    make_place(session, "Llanelli", LLANELLI, nation=Nation.WALES)
    dublin = Point(latitude=53.35, longitude=-6.26)
    assert areas_at(session, dublin) == NOWHERE


def test_with_nothing_loaded_nothing_is_told(session):
    assert areas_at(session, ROCHDALE) == NOWHERE


def test_an_area_without_a_shape_is_no_hindrance(session):
    make_area(session, centre=None)
    assert areas_at(session, ROCHDALE) == NOWHERE


def test_a_pin_on_land_asks_one_question_and_no_pin_more_than_four(session, rochdale, questions):
    areas_at(session, ROCHDALE)
    assert len(questions) == 1
    questions.clear()
    areas_at(session, LLANELLI)
    assert len(questions) <= 4


def test_a_postcode_counts_where_its_row_says(session, rochdale):
    make_postcode(session, "HR11AA", ROCHDALE, authority_code="E06000019", region_code="E12000005")
    expected = AreaCodes("E06000019", "E12000005", Nation.ENGLAND)
    assert areas_of_postcode(session, "HR11AA") == expected


def test_a_postcode_of_which_only_the_authority_is_known_has_that_one_s_region(session, rochdale):
    make_postcode(session, region_code=None, nation=None)
    expected = AreaCodes("E08000005", NORTH_WEST, Nation.ENGLAND)
    assert areas_of_postcode(session, "OL161AB") == expected


def test_a_postcode_s_areas_need_not_be_loaded(session):
    make_postcode(session)
    expected = AreaCodes("E08000005", NORTH_WEST, Nation.ENGLAND)
    assert areas_of_postcode(session, "OL161AB") == expected


def test_a_postcode_without_areas_is_known_all_the_same(session):
    make_postcode(session, "SE1P5ZZ", None, authority_code=None, region_code=None, nation=None)
    assert areas_of_postcode(session, "SE1P5ZZ") == NOWHERE


def test_an_unknown_postcode_has_no_answer(session):
    assert areas_of_postcode(session, "ZZ991AA") is None
    assert areas_of_part(session, "ZZ99") is None


def test_a_part_in_one_authority_counts_there(session):
    make_postcode_part(session)
    expected = AreaCodes("E08000005", NORTH_WEST, Nation.ENGLAND)
    assert areas_of_part(session, "OL16") == expected


def test_a_part_that_spans_authorities_leaves_the_authority_open(session):
    make_postcode_part(session, authority_codes=["E08000004", "E08000005"])
    assert areas_of_part(session, "OL16") == AreaCodes(None, NORTH_WEST, Nation.ENGLAND)


def test_a_part_that_spans_nations_leaves_everything_open(session):
    make_postcode_part(
        session,
        "SY15",
        authority_codes=["E06000051", "W06000023"],
        region_codes=["E12000005"],
        nations=["england", "wales"],
    )
    assert areas_of_part(session, "SY15") == NOWHERE


def test_areas_are_named_as_far_as_they_are_loaded(session, rochdale):
    assert area_names(session, ["E08000005", "W06000010"]) == {"E08000005": "Rochdale"}
    assert area_names(session, []) == {}
