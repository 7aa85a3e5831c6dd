"""One question, one answer: postcodes, parts of them, coordinates, grid references, slips."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.points import Point
from geo.shapes import to_element
from tests.factories.places import ROCHDALE, make_area, make_place, make_postcode
from webapp.places.answers import (
    Ambiguous,
    Kind,
    Located,
    NotCovered,
    NotFound,
    Territory,
    Unfound,
)
from webapp.places.locate import locate, place_chosen
from webapp.places.models import Nation, PostcodePart

OSWESTRY = Point(52.86, -3.05)


def make_part(session, code, point=ROCHDALE, **changes):
    values = {
        "radius_metres": 900,
        "live": 40,
        "authority_codes": ["E08000005"],
        "region_codes": ["E12000002"],
        "nations": ["england"],
    }
    session.add(PostcodePart(code=code, point=to_element(point), **(values | changes)))
    session.flush()


@pytest.fixture
def directory(session):
    make_place(session)
    make_postcode(session, "OL161AB")
    make_postcode(session, "OL161AD", terminated=200406)
    make_postcode(session, "OL161AE", None)
    make_postcode(session, "OL169ZZ", None)
    make_part(session, "OL16")
    make_part(session, "OL16 1")


@pytest.mark.parametrize(
    "typed",
    [
        "OL16 1AB",
        "ol161ab",
        " OL16\u00a01AB ",
        "0L16 1AB",
        "OLI6 IAB",
        "ＯＬ１６ １ＡＢ",
        "O L 1 6 1 A B",
    ],
)
def test_a_whole_postcode_is_where_its_row_says(session, directory, typed):
    found = locate(session, typed)
    assert isinstance(found, Located)
    assert (found.kind, found.label, found.point) == (Kind.POSTCODE, "OL16 1AB", ROCHDALE)
    assert found.areas.authority == "E08000005"
    assert found.areas.nation is Nation.ENGLAND
    assert found.retired_in is None
    assert found.precision_metres <= 100


def test_a_retired_postcode_is_where_it_was(session, directory):
    found = locate(session, "OL16 1AD")
    assert found.retired_in == 2004
    assert found.point == ROCHDALE


def test_a_postcode_without_a_point_is_in_its_sector(session, directory):
    found = locate(session, "OL16 1AE")
    assert (found.kind, found.label, found.is_approximate) == (
        Kind.POSTCODE_PART, "OL16 1", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("OL16 9ZZ", Unfound.NON_GEOGRAPHIC),
        ("GIR 0AA", Unfound.NON_GEOGRAPHIC),
        ("OL16 1ZZ", Unfound.UNKNOWN_POSTCODE),
        ("OL99", Unfound.UNKNOWN_POSTCODE),
        ("QQ1 1QQ", Unfound.UNKNOWN_POSTCODE),
        ("48.85, 2.35", Unfound.ELSEWHERE),
    ],
)
def test_what_is_no_place_says_why(session, directory, typed, reason):
    assert locate(session, typed) == NotFound(reason)


def test_a_part_is_the_middle_of_its_postcodes(session, directory):
    found = locate(session, "ol16 1")
    assert (found.kind, found.label, found.precision_metres) == (Kind.POSTCODE_PART, "OL16 1", 900)
    assert found.areas.authority == "E08000005"
    assert not found.is_approximate


def test_a_part_that_spans_nations_leaves_them_open(session):
    make_part(
        session, "SY15", OSWESTRY, nations=["england", "wales"],
        authority_codes=["E06000051", "W06000023"], region_codes=["E12000005"],
    )  # fmt: skip
    areas = locate(session, "SY15").areas
    assert (areas.authority, areas.region, areas.nation) == (None, None, None)


def test_where_only_other_areas_are_loaded_a_postcode_is_near_its_areas_town(session, directory):
    found = locate(session, "S1 2HH")
    assert (found.kind, found.label) == (Kind.POSTCODE_AREA, "Sheffield")
    assert found.is_approximate


def test_two_readings_that_both_exist_are_both_offered(session):
    make_postcode(session, "IP11AA")
    make_postcode(session, "SO12AB", ROCHDALE)
    found = locate(session, "S01 2AB")
    assert found.label == "SO1 2AB"


@pytest.mark.parametrize(
    ("typed", "territory"),
    [
        ("JE2 3AB", Territory.JERSEY),
        ("GY1", Territory.GUERNSEY),
        ("IM1 1AA", Territory.ISLE_OF_MAN),
        ("D02 AF30", Territory.IRELAND),
        ("Isle of Man", Territory.ISLE_OF_MAN),
        ("Douglas, Isle of Man", Territory.ISLE_OF_MAN),
        ("Dublin", Territory.IRELAND),
        ("St. Helier", Territory.JERSEY),
    ],
)
def test_neighbours_are_told_kindly(session, typed, territory):
    assert locate(session, typed) == NotCovered(territory)


def test_a_british_place_of_that_name_comes_first(session):
    make_place(session, "Waterford", Point(51.81, -0.09))
    assert isinstance(locate(session, "Waterford"), Located)


@pytest.mark.parametrize("typed", ["53.6178,-2.1552", "-2.1552 53.6178", "53.6178N 2.1552W"])
def test_a_pair_counts_in_the_area_around_it(session, typed):
    make_area(session)
    found = locate(session, typed)
    assert (found.kind, found.point) == (Kind.COORDINATES, ROCHDALE)
    assert found.areas.authority == "E08000005"
    assert found.label == "53.62, -2.16"


def test_a_grid_reference_is_found(session):
    found = locate(session, "TQ 300 804")
    assert found.kind is Kind.GRID_REFERENCE
    assert found.point.distance_to(Point(51.5081, -0.1276)) < 150


@pytest.mark.parametrize("typed", ["Rochdael", "Rotchdale", "rohcdale", "Rochdlae"])
def test_a_slip_of_typing_is_asked_about_and_never_taken_for_granted(session, typed):
    make_place(session)
    found = locate(session, typed)
    assert isinstance(found, Ambiguous)
    assert found.is_guess
    assert [each.label for each in found.choices] == ["Rochdale"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [("Saint Ives", "St Ives"), ("Newcastle-upon-Tyne", "Newcastle upon Tyne"),
     ("newcastle on tyne", "Newcastle upon Tyne"), ("Cwmbrân", "Cwmbran")],
)  # fmt: skip
def test_spellings_of_one_name_are_one(session, typed, written):
    make_place(session, written)
    assert locate(session, typed).place.name == written


def test_a_qualifier_may_be_the_authority(session):
    make_place(session, "Newport", Point(51.58, -2.99), nation=Nation.WALES)
    make_place(session, "Newport", Point(50.70, -1.29), population=25_000)
    make_area(session, "E06000046", Point(50.70, -1.29), name="Isle of Wight")
    found = locate(session, "Newport, Isle of Wight")
    assert isinstance(found, Located)
    assert found.place.population == 25_000


def test_a_place_that_was_chosen_is_taken_by_its_number(session):
    place = make_place(session)
    assert place_chosen(session, place.geonames_id).place is place
    for number in (None, 0, -1, 5, 2**70):
        assert place_chosen(session, number) is None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.text(max_size=120))
def test_whatever_is_typed_gets_one_of_four_answers(session, typed):
    assert isinstance(locate(session, typed), Located | Ambiguous | NotFound | NotCovered)
