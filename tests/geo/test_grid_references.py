"""National Grid references, and eastings and northings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeographyError
from geo.grid_references import british_national_grid, parse_grid_reference, points_of_grid
from geo.points import Point


@pytest.mark.parametrize(
    ("text", "latitude", "longitude", "precision_metres"),
    [
        ("TQ 300 804", 51.5081, -0.1276, 71),  # Trafalgar Square
        ("tq300804", 51.5081, -0.1276, 71),
        ("TQ 30000 80400", 51.5076, -0.1283, 1),
        ("NN 166 712", 56.7966, -5.0036, 71),  # Ben Nevis
        ("SH 609 543", 53.0685, -4.0767, 71),  # Snowdon
        ("HU 47 41", 60.1548, -1.1473, 707),  # Lerwick
        ("HP 61 14", 60.811, -0.874, 707),  # the north of Unst, in Shetland
        ("SJ 84 98", 53.483, -2.236, 707),  # Manchester
        ("SV 91 10", 49.9149, -6.2990, 707),  # Scilly
        ("TQ 38", 51.54, -0.06, 7071),
    ],
)
def test_a_reference_names_the_middle_of_its_square(text, latitude, longitude, precision_metres):
    found = parse_grid_reference(text)
    assert found.point.distance_to(Point(latitude, longitude)) < max(120, precision_metres)
    assert found.precision_metres == precision_metres


@pytest.mark.parametrize(
    "text",
    ["", "TQ", "TQ 3", "TQ 300 80", "TQ 3000000 8040000", "II 10 10", "AA 10 10", "SW1A", "12345",
     "TQ 300 804 1", "X" * 100],
)  # fmt: skip
def test_what_is_no_reference_to_land_is_none(text):
    assert parse_grid_reference(text) is None


@given(st.text(max_size=31))
def test_whatever_is_typed_is_a_reference_or_none(text):
    found = parse_grid_reference(text)
    assert found is None or found.point.in_uk


def test_many_positions_are_turned_at_once():
    (longitude, latitude), (far, _) = points_of_grid([530_047, 1e12], [180_422, 1e12])
    assert Point(latitude, longitude).distance_to(Point(51.5076, -0.1276)) < 20
    assert far == float("inf")
    assert points_of_grid([], []) == []


def test_a_position_off_the_grid_is_refused():
    with pytest.raises(GeographyError):
        british_national_grid(1e12, 1e12)
