"""The public point of an event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.points import Point
from geo.privacy import VenueType, public_point

TOWN = Point(53.6178, -2.1552)
HOME = Point(53.6321, -2.1412)
HIDDEN = [VenueType.STREET, VenueType.PRIVATE]

near_town = st.builds(
    Point,
    latitude=st.floats(53.0, 54.2, allow_nan=False),
    longitude=st.floats(-3.0, -1.2, allow_nan=False),
)


def test_a_public_venue_is_shown_where_it_is():
    shown = public_point(HOME, VenueType.PUBLIC, TOWN)
    assert shown.point == HOME
    assert shown.radius_metres == 0


def test_a_public_venue_of_which_only_the_town_is_known_says_so():
    shown = public_point(TOWN, VenueType.PUBLIC, TOWN, precision_metres=3000)
    assert shown.radius_metres == 3000


@pytest.mark.parametrize("venue_type", HIDDEN)
def test_a_home_and_a_street_are_shown_at_the_town(venue_type):
    shown = public_point(HOME, venue_type, TOWN)
    assert shown.point == TOWN
    assert shown.radius_metres == 2000


@pytest.mark.parametrize("venue_type", HIDDEN)
@given(exact=near_town)
def test_the_exact_point_is_inside_the_radius(venue_type, exact):
    shown = public_point(exact, venue_type, TOWN)
    assert exact.distance_to(shown.point) <= shown.radius_metres


@given(exact=near_town, moved=st.floats(-0.0005, 0.0005))
def test_moving_the_pin_a_little_tells_nothing_but_a_step_of_the_radius(exact, moved):
    before = public_point(exact, VenueType.PRIVATE, TOWN)
    after = public_point(Point(exact.latitude + moved, exact.longitude), VenueType.PRIVATE, TOWN)
    assert before.point == after.point == TOWN
    assert {before.radius_metres, after.radius_metres} <= {
        2000,
        5000,
        10_000,
        20_000,
        50_000,
        100_000,
    }
