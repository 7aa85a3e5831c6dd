"""Where is this?"""

import pytest

from geo.points import Point
from tests.factories.places import LLANELLI, ROCHDALE, make_place
from webapp.language import Language
from webapp.places.answers import Ambiguous, Located, NotFound, Unfound
from webapp.places.locate import locate
from webapp.places.models import Nation
from webapp.places.queries import (
    largest_places,
    nearest_place,
    place_with_id,
    places_named,
)

TELFORD_NEWPORT = Point(52.7668, -2.3773)
WELSH_NEWPORT = Point(51.5877, -2.9984)


@pytest.fixture
def newports(session):
    make_place(
        session, "Newport", WELSH_NEWPORT,
        name_cy="Casnewydd", nation=Nation.WALES, population=161_506,
    )  # fmt: skip
    make_place(session, "Newport", TELFORD_NEWPORT, near="Telford", population=12_741)


@pytest.mark.parametrize("typed", ["Rochdale", " rochdale ", "ROCHDALE", "Rochd", "Röchdale"])
def test_a_town_is_found_as_people_write_it(session, typed):
    make_place(session)
    found = locate(session, typed)
    assert isinstance(found, Located)
    assert found.place.name == "Rochdale"
    assert found.point == ROCHDALE
    assert not found.is_approximate


def test_a_town_is_found_by_its_welsh_name(session, newports):
    found = locate(session, "casnewydd")
    assert isinstance(found, Located)
    assert found.name_in(Language.WELSH) == "Casnewydd"
    assert found.name_in(Language.ENGLISH) == "Newport"


def test_several_towns_of_a_name_are_offered_largest_first(session, newports):
    found = locate(session, "Newport")
    assert isinstance(found, Ambiguous)
    assert [choice.place.population for choice in found.choices] == [161_506, 12_741]
    assert not found.is_guess


@pytest.mark.parametrize("typed", ["Newport, Telford", "newport,england"])
def test_what_tells_them_apart_may_be_typed_too(session, newports, typed):
    found = locate(session, typed)
    assert isinstance(found, Located)
    assert found.point == TELFORD_NEWPORT


def test_a_town_of_just_that_name_comes_before_longer_names(session):
    make_place(session, "Bath", Point(51.38, -2.36), population=101_557)
    make_place(session, "Bathgate", Point(55.9, -3.64), population=500_000)
    found = locate(session, "bath")
    assert isinstance(found, Located)
    assert found.label == "Bath"


def test_a_postcode_gives_its_areas_town_and_says_that_it_is_approximate(session):
    make_place(session, "Oldham", Point(53.5405, -2.1183))
    found = locate(session, "ol16 1ab")
    assert isinstance(found, Located)
    assert found.is_approximate
    assert found.place.name == "Oldham"


@pytest.mark.parametrize(
    "typed", ["SW1A 1AA'--", "10 Downing Street, London SW1A 2AA", "SW1A 1AA."]
)
def test_a_postcode_is_found_among_other_signs(session, typed):
    assert locate(session, typed).label == "London"


def test_a_postcode_is_located_before_there_is_any_place(session):
    found = locate(session, "S1 2HH")
    assert isinstance(found, Located)
    assert found.name_in(Language.ENGLISH) == "Sheffield"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Unfound.EMPTY),
        ("   ", Unfound.EMPTY),
        ("Atlantis", Unfound.UNKNOWN_PLACE),
        ("12345", Unfound.UNKNOWN_PLACE),
        ("%00", Unfound.UNKNOWN_PLACE),
        ("%", Unfound.UNKNOWN_PLACE),
        ("___", Unfound.UNKNOWN_PLACE),
        ("x\0y", Unfound.UNKNOWN_PLACE),
        ("🎉", Unfound.UNKNOWN_PLACE),
        (",,,", Unfound.UNKNOWN_PLACE),
        ("r" * 10_000, Unfound.UNKNOWN_PLACE),
        ("QQ1 1QQ", Unfound.UNKNOWN_POSTCODE),
    ],
)
def test_whatever_else_is_typed_gets_a_reason(session, typed, reason):
    make_place(session)
    assert locate(session, typed) == NotFound(reason)


def test_the_nearest_place_may_be_a_hamlet(session):
    make_place(session, "Wardle", Point(53.648, -2.134), population=300)
    make_place(session)
    assert nearest_place(session, Point(53.650, -2.135)).name == "Wardle"


def test_an_empty_gazetteer_has_no_nearest_place(session):
    assert nearest_place(session, ROCHDALE) is None
    assert places_named(session, "Rochdale") == []


def test_the_largest_places_come_first_and_are_limited(session):
    make_place(session, "Llanelli", LLANELLI, population=5)
    make_place(session)
    assert [place.name for place in largest_places(session, 5)] == ["Rochdale", "Llanelli"]
    assert len(largest_places(session, 1)) == 1


def test_a_place_is_found_by_its_number(session):
    place = make_place(session)
    assert place_with_id(session, place.geonames_id) is place
    assert place_with_id(session, 1) is None
