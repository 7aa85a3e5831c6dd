"""Rows of a postcode directory: each becomes a postcode, is left out or is refused with a reason."""

import pytest

from tests.places.imports.directories import HEADER, NOWHERE, PostcodeImporter, as_csv, row, rows


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = PostcodeImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()


def test_everything_that_the_directory_says_of_a_postcode_is_kept(importer):
    importer.report(importer.csv(row()))
    postcode = importer.postcodes()["OL161AB"]
    postcode.pop("point")
    assert postcode == {
        "code": "OL161AB",
        "quality": 1,
        "introduced": 198001,
        "terminated": None,
        "authority_code": "E08000005",
        "region_code": "E12000002",
        "nation": "england",
        "deprivation_rank": 812,
        "rural_urban": "UN1",
        "east": -2.1593,
        "north": 53.6157,
    }


@pytest.mark.parametrize("spelling", ["OL16 1AB", "OL161AB", "OL16  1AB", "ol16 1ab", " OL16 1AB "])
def test_a_postcode_is_understood_however_it_is_spaced(importer, spelling):
    importer.report(importer.csv(row(spelling)))
    assert list(importer.postcodes()) == ["OL161AB"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"doterm": "200406"}, {"terminated": 200406}),
        ({"dointr": ""}, {"introduced": None}),
        ({"lad25cd": "E08000019"}, {"authority_code": "E08000039"}),
        ({"lad25cd": "S12000044", "ctry25cd": "S92000003"}, {"authority_code": "S12000050"}),
        ({"rgn25cd": "S99999999"}, {"region_code": None}),
        ({"rgn25cd": ""}, {"region_code": None}),
        ({"ctry25cd": "W92000004", "rgn25cd": "W99999999"}, {"nation": "wales"}),
        ({"ctry25cd": "", "lad25cd": "N09000003"}, {"nation": "northern-ireland"}),
        ({"ctry25cd": "", "lad25cd": ""}, {"nation": None, "authority_code": None}),
        ({"imd25ind": "0"}, {"deprivation_rank": None}),
        ({"imd25ind": ""}, {"deprivation_rank": None}),
        ({"ruc21ind": ""}, {"rural_urban": None}),
        ({"gridind": ""}, {"quality": None}),
        (NOWHERE, {"north": None, "east": None, "quality": None}),
        ({"lat": "", "long": ""}, {"north": None, "east": None}),
    ],
)
def test_what_a_cell_means(importer, changes, expected):
    importer.report(importer.csv(row(**changes)))
    postcode = importer.postcodes()["OL161AB"]
    assert {name: postcode[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("JE2 3AB", "L93000001"),
        ("GY1 1AA", "L93000001"),
        ("IM1 1AA", "M83000003"),
        ("IM1 1AA", ""),
    ],
)
def test_what_is_not_in_the_united_kingdom_is_left_out_and_counted(importer, code, country):
    elsewhere = row(code, ctry25cd=country, lad25cd="M99999999", **NOWHERE)
    report = importer.report(importer.csv(row(), elsewhere))
    assert "1 in the Channel Islands and the Isle of Man, left out" in report
    assert list(importer.postcodes()) == ["OL161AB"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"pcds": "OL16"}, "“OL16” is no postcode"),
        ({"pcds": ""}, "“” is no postcode"),
        ({"pcds": "OL16 1CV"}, "“OL16 1CV” is no postcode"),
        ({"pcds": "O" * 50}, "“OOOOOOOOOOOOOOOOOOOOOOOOOOOOOO” is no postcode"),
        ({"pcds": "OL16 1AB'--"}, "“OL16 1AB'--” is no postcode"),
        ({"doterm": "AAAAAA"}, "“AAAAAA” is no month of termination"),
        ({"doterm": "200413"}, "“200413” is no month of termination"),
        ({"dointr": "1980"}, "“1980” is no month of introduction"),
        ({"lad25cd": "Rochdale"}, "“Rochdale” is no code of a local authority"),
        ({"rgn25cd": "\\N"}, "“\\N” is no code of a region"),
        ({"ctry25cd": "England"}, "“England” is no code of a country"),
        ({"gridind": "7.5"}, "“7.5” is no quality of a location"),
        ({"imd25ind": "-1"}, "“-1” is no deprivation rank"),
        ({"ruc21ind": "a\tb"}, "“a?b” is no rural or urban class"),
        ({"lat": "north"}, "“north”, “-2.1593” is no location"),
        ({"lat": "53.6157", "long": ""}, "“53.6157”, “” is no location"),
        ({"lat": "nan"}, "nan, -2.1593 is outside the UK"),
        ({"lat": "-2.1593", "long": "53.6157"}, "-2.1593, 53.6157 is outside the UK"),
        ({"lat": "0", "long": "0"}, "0, 0 is outside the UK"),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_its_line_and_reason(importer, changes, reason):
    report = importer.report(importer.csv(*rows(20), row(**changes), row("M1 1AA")))
    assert f"1 refused directory.csv, line 22: {reason}" in report
    assert f"The refused rows are in {importer.folder / 'directory.csv.refused.csv'}." in report
    line, why, *cells = importer.refused()[0]
    assert (line, why, len(cells)) == (22, reason, len(HEADER))
    assert len(importer.postcodes()) == 21


def test_a_row_with_too_few_or_too_many_cells_is_refused(importer):
    lines = as_csv(rows(40)).splitlines()
    lines[5] += ",more"
    lines[9] = "M1 1AA,M11AA"
    importer.report(importer.written("\r\n".join(lines) + "\r\n"))
    assert [refused[:2] for refused in importer.refused()] == [
        (6, "has 13 cells and not 12"),
        (10, "has 2 cells and not 12"),
    ]


def test_of_a_postcode_that_stands_twice_the_first_counts(importer):
    again = [row("OL16 0AA", lat="51.5"), row("ol160aa")]
    report = importer.report(importer.csv(*rows(30), *again))
    assert "2 refused" in report
    assert [refused[:2] for refused in importer.refused()] == [
        (32, "OL16 0AA stands in an earlier line as well"),
        (33, "OL16 0AA stands in an earlier line as well"),
    ]
    assert importer.postcodes()["OL160AA"]["north"] == 53.6157


def test_only_the_first_few_refusals_are_shown_and_all_are_written_down(importer):
    wrong = [row(f"nowhere {number}") for number in range(9)]
    report = importer.report(importer.csv(*rows(200), *wrong))
    assert report.count("is no postcode") == 5
    assert len(importer.refused()) == 9


def test_where_every_tenth_row_is_refused_the_file_is_not_used(importer):
    importer.report(importer.csv(row("M1 1AA"), name="before.csv"))
    sentence = importer.refusal(importer.csv(*rows(9), row(lat="no")))
    assert sentence == (
        "directory.csv, line 11: “no”, “-2.1593” is no location. With 1 of 10 rows refused, nothing "
        f"was imported. The refused rows are in {importer.folder / 'directory.csv.refused.csv'}."
    )


def test_refusals_of_an_earlier_run_are_removed(importer):
    importer.report(importer.csv(*rows(20), row("nowhere")))
    importer.report(importer.csv(*rows(20)))
    assert not (importer.folder / "directory.csv.refused.csv").exists()


def test_blank_lines_are_no_rows(importer):
    content = "\r\n" + as_csv([row()]) + "\r\n\r\n"
    assert "1 rows read" in importer.report(importer.written(content))


def test_the_report_counts_what_was_read(importer):
    given = [row("M1 1AA"), row("M1 1AB", doterm="200406"), row("M1 1AD", **NOWHERE)]
    report = importer.report(importer.csv(*given))
    for told in ("3 rows read", "2 live", "1 terminated", "1 of them without location"):
        assert told in report
    assert "Loaded 3 postcodes and 2 outward codes and sectors in" in report
