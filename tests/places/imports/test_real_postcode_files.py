"""The real samples of official files become the postcodes that their papers say."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.places.imports.directories import PostcodeImporter

SHARED = Path(__file__).parents[4] / "shared/data"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the test data are not beside the project"
)


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = PostcodeImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()


def copy_of(importer, name):
    """Copy a file, as refused rows are written beside it."""
    return Path(shutil.copyfile(SHARED / name, importer.folder / Path(name).name))


@pytest.mark.parametrize(
    ("name", "read", "live", "terminated", "unlocated", "left_out"),
    [
        ("onspd_2025-09_8048rows.csv", "8,048", "4,236", "3,811", "1", "1"),
        ("nspl_2022-08_E.csv.gz", "29,033", "16,771", "12,262", "298", "0"),
        ("uk-geo-utils_onspd_aug2024.csv", "4", "0", "2", "0", "2"),
        ("uk-geo-utils_onspd_nov2025.csv", "4", "0", "3", "0", "1"),
        ("epb_postcodes_test.csv", "14", "5", "9", "0", "0"),
        ("locations-api_ONSPD_JUN_2023_UK.zip", "10", "0", "10", "0", "0"),
        ("codepoint_open_2014_ze.csv", "644", "644", "0", "0", "0"),
    ],
)
def test_what_a_sample_holds_is_counted(
    importer, name, read, live, terminated, unlocated, left_out
):
    report = importer.report(copy_of(importer, f"postcodes/{name}"))
    assert (
        f": {read} rows read {live} live {terminated} terminated {unlocated} of them without location "
        f"{left_out} in the Channel Islands and the Isle of Man, left out 0 refused "
    ) in report


def test_a_retired_postcode_without_a_place_keeps_what_else_is_known(importer):
    importer.report(copy_of(importer, "postcodes/onspd_2025-09_8048rows.csv"))
    known = importer.postcodes()["AB113AG"]
    assert (known["terminated"], known["point"], known["quality"]) == (199707, None, None)
    assert (known["nation"], known["introduced"]) == ("scotland", 199707)


def test_northern_ireland_has_the_degrees_of_the_file_and_not_its_eastings(importer):
    importer.report(copy_of(importer, "postcodes/epb_postcodes_test.csv"))
    known = importer.postcodes()["BT11AA"]
    assert (known["north"], known["east"], known["nation"]) == (
        54.6024,
        -5.9223,
        "northern-ireland",
    )


def test_the_national_grid_agrees_with_the_degrees_of_the_same_postcodes(importer):
    """Both are in the directory, and in a few of the sample’s rows they are not of one place."""
    sample = (SHARED / "postcodes/onspd_2025-09_8048rows.csv").read_text(encoding="utf-8")
    importer.report(importer.written(sample))
    degrees = importer.postcodes()
    with importer.engine.begin() as connection:
        connection.execute(text("CREATE TABLE degrees AS SELECT * FROM postcode"))
    metric = sample.replace(",lat,long,", ",north,east,", 1)
    importer.report(importer.written(metric))
    with importer.engine.begin() as connection:
        distance, count = connection.execute(
            text(
                "SELECT percentile_disc(0.95) WITHIN GROUP ("
                " ORDER BY ST_DistanceSphere(postcode.point, degrees.point)), count(*)"
                " FROM postcode JOIN degrees USING (code) WHERE postcode.point IS NOT NULL"
            )
        ).one()
        connection.execute(text("DROP TABLE degrees"))
    assert count == sum(each["point"] is not None for each in degrees.values())
    assert distance < 5


def test_the_broken_official_file_is_refused_by_its_line(importer):
    name = "locations-api_ONSPD_JUN_2023_UK_AB_broken.csv"
    sentence = importer.refusal(copy_of(importer, f"postcodes/{name}"))
    assert sentence.startswith(f"{name}, line 2: “AAAAAA” is no month of termination. ")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("democracy-counts-utf-16le.csv", "is UTF-16 text; save it as UTF-8."),
        ("encoding-windows1252.tsv", "line 1: divides its cells by tabs and not by commas"),
        ("ext-tsv-with-csv-ext.csv", "line 1: divides its cells by tabs and not by commas"),
        ("ext-csv-with-tsv-ext.tsv", "line 1: is the header of a directory of addresses"),
        ("incomplete-file.CSV", "line 1: is not the header of a postcode directory: it lacks pcds"),
    ],
)
def test_other_people_s_files_are_refused_in_a_sentence(importer, name, fault):
    sentence = importer.refusal(copy_of(importer, f"messy/{name}"))
    assert sentence.startswith(name)
    assert fault in sentence
