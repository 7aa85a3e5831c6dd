"""Points, boxes, and reading coordinates that people type."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.bounds import UK_BOX, Box
from geo.errors import GeographyError, Reason
from geo.points import Point, parse_coordinates, parse_pair

ROCHDALE = Point(53.6178, -2.1552)
LONDON = Point(51.5072, -0.1276)


@pytest.mark.parametrize("latitude", [math.nan, math.inf, -math.inf])
def test_a_point_is_finite(latitude):
    with pytest.raises(GeographyError) as refused:
        Point(latitude, 0.0)
    assert refused.value.reason is Reason.NOT_A_NUMBER


@pytest.mark.parametrize(("latitude", "longitude"), [(90.1, 0), (-91, 0), (0, 180.5), (0, -181)])
def test_a_point_is_on_earth(latitude, longitude):
    with pytest.raises(GeographyError) as refused:
        Point(latitude, longitude)
    assert refused.value.reason is Reason.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "expected"),
    [
        ("St Mary’s, Scilly", 49.914, -6.315, True),
        ("Unst, Shetland", 60.80, -0.80, True),
        ("Enniskillen", 54.344, -7.632, True),
        ("Lowestoft", 52.481, 1.763, True),
        ("Paris", 48.857, 2.352, False),
        ("Jersey", 49.187, -2.107, False),
        ("Null Island", 0.0, 0.0, False),
    ],
)
def test_the_box_of_the_uk_holds_its_corners(name, latitude, longitude, expected):
    assert Point(latitude, longitude).in_uk is expected, name


def test_distance_is_right_within_half_a_percent():
    # 272.7 km on the ellipsoid, by PostGIS.
    assert ROCHDALE.distance_to(LONDON) == pytest.approx(271_100, rel=0.01)
    assert ROCHDALE.distance_to(ROCHDALE) == 0


def test_distance_between_antipodes_is_half_the_way_round():
    assert Point(0, 0).distance_to(Point(0, 180)) == pytest.approx(20_015_115, rel=0.001)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("53.6178", "-2.1552"),
        (" 53.6178 ", "−2.1552"),
        ("53.6178°", "-2.1552°"),
        ("+53.6178", "-2.1552"),
    ],
)
def test_typed_coordinates_are_read(latitude, longitude):
    assert parse_coordinates(latitude, longitude) == ROCHDALE


@pytest.mark.parametrize(
    ("latitude", "longitude", "reason"),
    [
        ("", "-2.1", Reason.EMPTY),
        ("53.6", "  ", Reason.EMPTY),
        ("-2.1552", "53.6178", Reason.SWAPPED),
        ("48.857", "2.352", Reason.OUTSIDE_UK),
        ("0", "0", Reason.OUTSIDE_UK),
        ("95", "0", Reason.OUT_OF_RANGE),
        ("nan", "0", Reason.NOT_A_NUMBER),
        ("inf", "0", Reason.NOT_A_NUMBER),
        ("1e1", "0", Reason.NOT_A_NUMBER),
        ("5_1", "0", Reason.NOT_A_NUMBER),
        ("51,5", "0", Reason.NOT_A_NUMBER),
        ("51.5 N", "0", Reason.NOT_A_NUMBER),
        ("٥١.٥", "0", Reason.NOT_A_NUMBER),
        ("5" * 10_000, "0", Reason.NOT_A_NUMBER),
        ("'; DROP TABLE event; --", "0", Reason.NOT_A_NUMBER),
    ],
)
def test_what_is_no_position_in_the_uk_is_refused_with_a_reason(latitude, longitude, reason):
    with pytest.raises(GeographyError) as refused:
        parse_coordinates(latitude, longitude)
    assert refused.value.reason is reason


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_is_a_point_in_the_uk_or_refused(latitude, longitude):
    try:
        point = parse_coordinates(latitude, longitude)
    except GeographyError:
        return
    assert point.in_uk


def test_a_box_is_read_from_the_order_of_web_maps():
    assert Box.parse("-2.3,53.4,-2.1,53.7") == Box(west=-2.3, south=53.4, east=-2.1, north=53.7)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.NOT_A_BOX),
        ("1,2,3", Reason.NOT_A_BOX),
        ("1,2,3,4,5", Reason.NOT_A_BOX),
        ("a,b,c,d", Reason.NOT_A_BOX),
        ("nan,0,1,1", Reason.NOT_A_NUMBER),
        ("0,0,inf,1", Reason.NOT_A_NUMBER),
        ("-200,0,1,1", Reason.OUT_OF_RANGE),
        ("1,1,0,2", Reason.NOT_A_BOX),
        ("0,1,1,1", Reason.NOT_A_BOX),
    ],
)
def test_what_is_no_box_is_refused(text, reason):
    with pytest.raises(GeographyError) as refused:
        Box.parse(text)
    assert refused.value.reason is reason


@given(st.text(max_size=60))
def test_whatever_is_sent_as_a_box_is_one_or_refused(text):
    try:
        box = Box.parse(text)
    except GeographyError:
        return
    assert box.west < box.east
    assert box.south < box.north


def test_a_box_is_cut_to_another():
    ireland = Box(-11, 51, -5, 56)
    assert ireland.clipped_to(UK_BOX) == Box(-8.7, 51, -5, 56)
    assert ireland.overlaps(UK_BOX)
    australia = Box(110, -45, 155, -10)
    assert australia.clipped_to(UK_BOX) is None
    assert not australia.overlaps(UK_BOX)


@pytest.mark.parametrize(
    "text",
    ["51.5,-0.12", "-0.12, 51.5", "51.5 -0.12", "51.5N 0.12W", "0.12 w, 51.5 n", "51.5° , −0.12°",
     " 51.5 ; -0.12 ", "51.50000 / -0.120", "(51.5, -0.12)", "N 51.5 W 0.12", "w0.12,n51.5",
     "51.5°-0.12°", "51.5\N{NO-BREAK SPACE}-0.12", "51.5N, -0.12W", "51.5 -.12"],
)  # fmt: skip
def test_a_pair_is_read_in_either_order(text):
    assert parse_pair(text) == Point(51.5, -0.12)


@pytest.mark.parametrize(
    "text",
    ["", "51.5", "12345", "abc", "1,2,3", "SW1A 1AA", "48 2", "51.5 W", "51.5 N 0.1 N", "nan, inf",
     "٥١.٥ ٠.١", "5" * 10_000],
)  # fmt: skip
def test_what_is_no_pair_is_none(text):
    assert parse_pair(text) is None


@pytest.mark.parametrize("text", ["48.8, 2.3", "999,999", "0,0", "51.5 S 0.12 W", "0.1 N 51 E"])
def test_a_pair_elsewhere_is_refused(text):
    with pytest.raises(GeographyError) as refused:
        parse_pair(text)
    assert refused.value.reason is Reason.OUTSIDE_UK


@given(st.text(max_size=70))
def test_whatever_is_typed_is_a_pair_in_the_uk_or_refused(text):
    try:
        found = parse_pair(text)
    except GeographyError:
        return
    assert found is None or found.in_uk
