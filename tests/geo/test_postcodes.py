"""Postcodes as text, their areas, and folding of names."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.names import folded
from geo.postcode_areas import POSTCODE_AREAS
from geo.postcodes import (
    is_eircode,
    may_hold_full_postcode,
    outward_code,
    parse_postcode,
    postcode_in,
    readings,
)


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
        ("SW1A 1", "SW1A 1"),
        ("SW1A1", "SW1A 1"),
        ("OL161", "OL16 1"),
        ("M11", "M11"),
        ("M1\t1", "M1 1"),
        (" S W 1 A 1 A A ", "SW1A 1AA"),
        ("gir 0aa", "GIR 0AA"),
        ("m1", "M1"),
    ],
)
def test_postcodes_are_read_in_the_spellings_people_use(text, expected):
    assert str(parse_postcode(text)) == expected


def test_a_postcode_tells_its_parts():
    whole = parse_postcode("sw1a1aa")
    assert (whole.area, whole.outward, whole.inward, whole.sector) == (
        "SW", "SW1A", "1AA", "SW1A 1",
    )  # fmt: skip
    assert whole.compact == "SW1A1AA"
    assert whole.is_full
    assert parse_postcode("SW1A").sector is None
    assert not parse_postcode("SW1A 1").is_full


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SW1A 1AA", ["SW1A 1AA"]),
        ("S01 2AB", ["SO1 2AB"]),
        ("0L16 1AB", ["OL16 1AB"]),
        ("E1 OAA", ["E1 0AA"]),
        ("W1A OAX", ["W1A 0AX"]),
        ("Bl 1tt", ["B1 1TT"]),
        ("1P1 1AA", ["IP1 1AA"]),
        ("IP1", ["IP1"]),
        ("OL11 1LL", ["OL11 1LL"]),
        ("BSO 1AA", ["BS0 1AA"]),
        ("S0 1AA", []),
        ("No 1", []),
        ("QQ1 1QQ", []),
        ("12345", []),
        ("D02 AF30", []),
        ("Wilby", []),
        ("L0ND0N", []),
        ("SW1A 1AA'--", []),
        ("%00", []),
        ("", []),
        ("O" * 10_000, []),
        ("0" * 40, []),
    ],
)
def test_look_alikes_are_read_as_what_makes_a_postcode(text, expected):
    assert [str(each) for each in readings(text)] == expected


@pytest.mark.parametrize("area", ["BL", "BS", "CM", "CR", "FY", "HA", "PR", "SL", "SS"])
def test_nine_areas_have_a_district_0(area):
    assert [str(each) for each in readings(f"{area.lower()}0 1aa")] == [f"{area}0 1AA"]
    assert [str(each) for each in readings(f"{area}0")] == [f"{area}0"]


@given(st.text(max_size=50) | st.text(alphabet="ABEILOSW0123 ", max_size=12))
def test_whatever_is_typed_is_read_as_postcodes_of_areas_that_there_are(text):
    assert all(each.area in {*POSTCODE_AREAS, "GIR"} for each in readings(text))


@given(st.text(alphabet="ABEILOSW0123 ", max_size=12))
def test_what_can_be_a_postcode_as_it_stands_means_that_one_alone(text):
    found = readings(text)
    for each in found:
        assert readings(str(each)) == (each,)


CASES = json.loads(Path(__file__).with_name("full_postcodes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_a_text_that_may_hold_a_full_postcode_is_known(case):
    assert may_hold_full_postcode(case["text"]) is case["may"]


@given(st.text(max_size=20), st.from_regex(r"[A-Z]{1,2}[0-9]{1,2} ?[0-9][A-Z]{2}", fullmatch=True))
def test_no_full_postcode_is_let_through(before, postcode):
    if parse_postcode(postcode):
        assert may_hold_full_postcode(f"{before} {postcode}")
        assert may_hold_full_postcode(postcode.lower())


ODD_SPACES = ["", " ", "  ", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "-", "\t", "+"]
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "0": "o", "1": "l"})


@given(
    area=st.sampled_from(sorted(POSTCODE_AREAS)),
    rest=st.from_regex("[1-9][0-9]? [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True),
    spaces=st.lists(st.sampled_from(ODD_SPACES), min_size=8, max_size=8),
    alike=st.lists(st.booleans(), min_size=8, max_size=8),
    around=st.tuples(st.text(max_size=12), st.text(max_size=12)),
)
def test_no_spelling_of_a_full_postcode_is_let_through(area, rest, spaces, alike, around):
    letters = area + rest.replace(" ", "")
    typed = "".join(
        (letter.translate(LOOK_ALIKES) if other else letter) + space
        for letter, other, space in zip(letters, alike, spaces, strict=False)
    )
    if any(each.is_full for each in readings(typed)):
        assert may_hold_full_postcode(f"{around[0]} {typed} {around[1]}")


def test_too_long_a_text_is_not_trusted():
    assert may_hold_full_postcode("a " * 200)


def test_irish_postcodes_are_known_as_such():
    assert is_eircode("d02 af30")
    assert is_eircode("D6WXY00")
    assert not is_eircode("SW1A 1AA")
    assert not is_eircode("D02")
    assert not is_eircode("D" * 10_000)


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
