"""The town that an address names."""

import pytest

from geo.points import Point
from tests.factories.places import ROCHDALE, make_place, make_postcode
from webapp.places.addresses import AddressPlacer, NoPlace

MANCHESTER = Point(53.4809, -2.2374)


@pytest.fixture
def placer(session):
    make_place(session)
    make_place(session, "Manchester", MANCHESTER, population=568_996)
    make_place(session, "Street", Point(51.125, -2.741), population=12_000)
    make_place(session, "Valley", Point(53.28, -4.56), population=2_400)
    make_place(session, "Newport", Point(51.5877, -2.9984), population=161_506)
    make_place(session, "Newport", Point(52.7668, -2.3773), population=12_741)
    return AddressPlacer(session)


@pytest.mark.parametrize(
    ("address", "postcode", "point"),
    [
        ("Town Hall, The Esplanade, Rochdale", "", ROCHDALE),
        ("Town Hall, Rochdale, UK", "", ROCHDALE),
        ("Town Hall\nRochdale\nUnited Kingdom", "", ROCHDALE),
        ("Alexandra Park, 180 Russell St, Manchester M16 7JL, United Kingdom", "", MANCHESTER),
        ("Alexandra Park, Moss Side Manchester M16 7JL", "M16 7JL", MANCHESTER),
        ("Birley Fields, Bonsall St, Manchester M15, United Kingdom", "", MANCHESTER),
        ("The Hall, Newport, TF10 7AA", "", Point(52.7668, -2.3773)),
    ],
)
def test_the_town_named_last_is_taken(placer, address, postcode, point):
    found = placer.place_of(address, postcode)
    assert found.point == point
    assert found.precision_metres == 3_000


def test_a_postcode_alone_gives_its_area_less_precisely(placer):
    found = placer.place_of("", "M20 1HP")
    assert found.point.distance_to(MANCHESTER) < 5_000
    assert found.precision_metres == 15_000


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "no coordinates, and no town found in the address"),
        ("TBC", "no coordinates, and no town found in the address"),
        ("G15 - 9.30am - 12:30pm", "no coordinates, and no town found in the address"),
        ("Moors Valley", "no coordinates, and no town found in the address"),
        ("12 Angel Street", "no coordinates, and no town found in the address"),
        ("The Hall, Newport", "several places are called Newport"),
        ("The Hall, Douglas, IM1 1AA", "outside the United Kingdom"),
    ],
)
def test_what_cannot_be_placed_says_why(placer, address, reason):
    assert placer.place_of(address, "") == NoPlace(reason)


def test_a_road_is_no_town_even_where_a_postcode_is_near(placer):
    found = placer.place_of("12 Angel Street BA16 0AA", "")
    assert found.precision_metres == 15_000


SPOTLAND = Point(53.6239, -2.1733)


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ("The Hall, Manchester", "OL12 6AA"),
        ("The Hall, Manchester", "ol126aa"),
        ("The Hall, Manchester", "OLI2 6AA"),
        ("The Hall, Spotland OL12 6AA, United Kingdom", ""),
    ],
)
def test_a_known_postcode_tells_more_than_the_town(session, placer, address, postcode):
    make_postcode(session, "OL126AA", SPOTLAND)
    found = placer.place_of(address, postcode)
    assert (found.point, found.precision_metres, found.postcode) == (SPOTLAND, 100, "OL126AA")


def test_a_postcode_that_is_not_known_leaves_it_to_the_town(session, placer):
    make_postcode(session, "OL126AA", SPOTLAND)
    make_postcode(session, "OL126AB", None)
    for postcode in ("OL12 6ZZ", "OL12 6AB"):
        found = placer.place_of("The Hall, Rochdale", postcode)
        assert (found.point, found.postcode) == (ROCHDALE, None)
