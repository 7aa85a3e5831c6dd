"""Postcodes as text, their areas, and folding of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.names import folded
from geo.postcode_areas import POSTCODE_AREAS
from geo.postcodes import outward_code, parse_postcode, postcode_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SW1A 1AA", "SW1A 1AA"),
        ("sw1a1aa", "SW1A 1AA"),
        ("  m16  7dg ", "M16 7DG"),
        ("M1 1AE", "M1 1AE"),
        ("M11AE", "M1 1AE"),
        ("BT1\N{NO-BREAK SPACE}5GS", "BT1 5GS"),
        ("ＳＷ１Ａ　１ＡＡ", "SW1A 1AA"),
        ("SW1A\N{ZERO WIDTH SPACE}1AA", "SW1A 1AA"),
        ("SW1A", "SW1A"),
        ("SW1A 1", "SW1A"),
        ("m1", "M1"),
    ],
)
def test_postcodes_are_read_in_the_spellings_people_use(text, expected):
    assert str(parse_postcode(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "12345", "D02 AF30", "SW1A 1AA'--", "%00", "Rochdale", "A" * 10_000, "SW1A 1CC"]
)
def test_what_has_not_the_shape_is_no_postcode(text):
    assert parse_postcode(text) is None


def test_the_first_half_is_given_without_the_second():
    assert outward_code("m16 7dg") == "M16"
    assert outward_code("Manchester") is None


@given(st.text(max_size=50))
def test_reading_a_postcode_again_changes_nothing(text):
    once = parse_postcode(text)
    if once is not None:
        assert parse_postcode(str(once)) == once


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Alexandra Park, 180 Russell St, Manchester M16 7JL, United Kingdom", "M16 7JL"),
        ("Quinney Crescent, Manchester, M167DG", "M16 7DG"),
        ("M1 1AA, moved to M14 4SL", "M14 4SL"),
        ("G15 - 9.30am - 12:30pm", None),
        ("Room G15", None),
        ("", None),
    ],
)
def test_the_last_full_postcode_of_an_address_is_found(address, expected):
    found = postcode_in(address)
    assert (str(found) if found else None) == expected


def test_there_are_124_areas_and_three_are_not_covered():
    assert len(POSTCODE_AREAS) == 124
    outside = {code for code, area in POSTCODE_AREAS.items() if not area.is_covered}
    assert outside == {"GY", "IM", "JE"}


@pytest.mark.parametrize("code", sorted(set(POSTCODE_AREAS) - {"GY", "IM", "JE"}))
def test_each_area_lies_in_the_uk(code):
    assert POSTCODE_AREAS[code].point.in_uk


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Rochdale", "rochdale"),
        ("ST. IVES", "st ives"),
        ("Saint Ives", "st ives"),
        ("Llanfair-ym-Muallt", "llanfair ym muallt"),
        ("Cwmbrân", "cwmbran"),
        ("Pont-y-pŵl", "pont y pwl"),
        ("King’s Lynn", "kings lynn"),
        ("King's  Lynn", "kings lynn"),
        ("Newcastle upon Tyne", "newcastle on tyne"),
        ("  ", ""),
        ("%_", ""),
    ],
)
def test_names_are_folded(name, expected):
    assert folded(name) == expected


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(name):
    assert folded(folded(name)) == folded(name)
