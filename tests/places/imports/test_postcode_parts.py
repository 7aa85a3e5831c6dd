"""Outward codes and sectors: the middle of their postcodes, how far these are, and their areas."""

import pytest

from tests.places.imports.directories import NOWHERE, PostcodeImporter, row

# About 111.2 metres to the north.
STEP = 0.001


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = PostcodeImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()


def parts_of(importer, *given):
    importer.report(importer.csv(*given))
    parts = importer.parts()
    for part in parts.values():
        part.pop("point")
    return parts


def test_an_outward_code_and_its_sectors_have_what_their_postcodes_share(importer):
    parts = parts_of(
        importer,
        row("OL16 1AA", lat="53.60"),
        row("OL16 1AB", lat="53.62"),
        row("OL16 2AA", lat="53.64", lad25cd="E08000003"),
    )
    assert parts["OL16 1"] == {
        "code": "OL16 1",
        "radius_metres": 1200,
        "live": 2,
        "authority_codes": ["E08000005"],
        "region_codes": ["E12000002"],
        "nations": ["england"],
        "north": 53.61,
        "east": -2.1593,
    }
    assert list(parts) == ["OL16", "OL16 1", "OL16 2"]
    assert (parts["OL16"]["north"], parts["OL16"]["radius_metres"]) == (53.62, 2300)
    assert parts["OL16"]["authority_codes"] == ["E08000003", "E08000005"]
    assert parts["OL16 2"]["radius_metres"] == 100


def test_an_outward_code_of_two_nations_has_both(importer):
    parts = parts_of(
        importer,
        row("SY15 6AA", ctry25cd="W92000004", lad25cd="W06000023", rgn25cd="W99999999"),
        row("SY15 6AB", ctry25cd="E92000001", lad25cd="E06000051", rgn25cd="E12000005"),
        row("SY15 6AD", ctry25cd="", lad25cd="", rgn25cd=""),
    )
    assert parts["SY15"]["nations"] == ["england", "wales"]
    assert parts["SY15"]["authority_codes"] == ["E06000051", "W06000023"]
    assert parts["SY15"]["region_codes"] == ["E12000005"]


def test_retired_postcodes_count_only_where_none_lives(importer):
    gone = {"doterm": "200406"}
    parts = parts_of(
        importer,
        row("OL16 1AA"),
        row("OL16 1AB", lat="54.0", lad25cd="E08000003", **gone),
        row("OL16 2AA", lat="55.0", lad25cd="E08000003", **gone),
        row("OL16 2AB", lat="55.1", **gone),
    )
    assert (parts["OL16"]["live"], parts["OL16"]["north"]) == (1, 53.6157)
    assert parts["OL16"]["authority_codes"] == ["E08000005"]
    assert (parts["OL16 2"]["live"], parts["OL16 2"]["north"]) == (0, 55.05)


def test_one_far_off_postcode_does_not_make_a_part_wide(importer):
    near = [row(f"OL16 1A{letter}") for letter in "ABDEFGHJLNPQRSTUWXYZ"]
    near += [row(f"OL16 1B{letter}", lat=str(53.6157 + STEP)) for letter in "ABDEFGHJLNPQRSTUWXYZ"]
    parts = parts_of(importer, *near, row("OL16 1DA", lat="53.7"))
    assert parts["OL16"]["radius_metres"] == 300


def test_a_part_without_any_location_is_none(importer):
    parts = parts_of(importer, row("OL16 1AA"), row("SE1P 5ZZ", **NOWHERE))
    assert list(parts) == ["OL16", "OL16 1"]


def test_a_live_part_whose_located_postcodes_are_retired_lives(importer):
    parts = parts_of(importer, row("OL16 1AA", doterm="200406"), row("OL16 1AB", **NOWHERE))
    assert (parts["OL16"]["live"], parts["OL16"]["north"]) == (1, 53.6157)


def test_areas_of_one_letter_do_not_take_those_of_two_with_them(importer):
    parts = parts_of(importer, row("S1 1AA"), row("SA1 1AA"), row("GIR 0AA"))
    assert list(parts) == ["GIR", "GIR 0", "S1", "S1 1", "SA1", "SA1 1"]
    assert {part["live"] for part in parts.values()} == {1}
