"""Code-Point Open: no header, the British National Grid, and no Northern Ireland."""

import pytest
from sqlalchemy import text

from tests.places.imports.directories import PostcodeImporter, row

LERWICK = ["ZE1 0AA", "10", "447759", "1141280", "S92000003", "", "S08000026", "", "S12000027", ""]
ROCHDALE = ["OL161AB", "30", "389550", "413150", "E92000001", "", "", "", "E08000005", "E05000001"]


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = PostcodeImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM area"))


def code_point(*rows):
    return "".join(",".join(f'"{cell}"' for cell in cells) + "\r\n" for cells in rows)


def changed(cells, **changes):
    places = {"quality": 1, "easting": 2, "northing": 3, "country": 4, "district": 8}
    copy = list(cells)
    for name, value in changes.items():
        copy[places[name]] = value
    return copy


def test_a_row_becomes_a_postcode_in_degrees(importer):
    importer.report(importer.written(code_point(LERWICK, ROCHDALE)))
    postcodes = importer.postcodes()
    lerwick = postcodes["ZE10AA"]
    assert (lerwick["north"], lerwick["east"]) == pytest.approx((60.1532, -1.1416), abs=0.0002)
    assert (lerwick["nation"], lerwick["authority_code"]) == ("scotland", "S12000027")
    assert (lerwick["quality"], postcodes["OL161AB"]["quality"]) == (1, 3)
    assert lerwick["terminated"] is None
    assert lerwick["region_code"] is None


@pytest.mark.parametrize(
    "nowhere",
    [{"quality": "90", "easting": "0", "northing": "0"}, {"easting": "", "northing": ""}],
)
def test_no_eastings_say_that_there_is_no_location(importer, nowhere):
    report = importer.report(importer.written(code_point(LERWICK, changed(ROCHDALE, **nowhere))))
    assert "1 of them without location" in report
    postcode = importer.postcodes()["OL161AB"]
    assert (postcode["point"], postcode["quality"]) == (None, None)


def test_old_codes_become_those_of_today(importer):
    importer.report(importer.written(code_point(changed(ROCHDALE, district="E07000100"))))
    assert importer.postcodes()["OL161AB"]["authority_code"] == "E07000240"


def test_regions_are_those_of_the_authorities_where_these_are_loaded(importer):
    path = importer.written(code_point(ROCHDALE))
    assert "It has no regions: these are left empty." in importer.report(path)
    with importer.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO area (code, kind, name, nation, region_code)"
                " VALUES ('E08000005', 'authority', 'Rochdale', 'england', 'E12000002')"
            )
        )
    assert "these are taken from those of the authorities" in importer.report(path)
    assert importer.postcodes()["OL161AB"]["region_code"] == "E12000002"


def test_northern_ireland_stays_as_it_was_and_what_is_lost_is_told(importer):
    belfast = {"ctry25cd": "N92000002", "lad25cd": "N09000003", "lat": "54.6024", "long": "-5.9223"}
    gone = {"doterm": "200406"}
    given = [row("BT1 1AA", **belfast), row("BT1 1AB", **belfast, **gone), row("M1 1AA", **gone)]
    importer.report(importer.csv(*given))
    before = importer.postcodes()
    report = importer.report(importer.written(code_point(LERWICK)))
    assert "has no postcodes of Northern Ireland: the 2 that were there are kept." in report
    assert "It has no retired postcodes: the one that was there is gone." in report
    assert "Loaded 3 postcodes" in report
    after = importer.postcodes()
    assert list(after) == ["BT11AA", "BT11AB", "ZE10AA"]
    assert after["BT11AA"] == before["BT11AA"]
    assert importer.parts()["BT1"]["live"] == 1


def test_without_any_of_northern_ireland_that_is_told_as_well(importer):
    report = importer.report(importer.written(code_point(LERWICK)))
    assert "of Northern Ireland: import the ONS Postcode Directory to have them." in report
    assert "retired" not in report.partition("Code-Point Open")[2]


def test_a_release_is_a_folder_of_files_in_a_zip(importer):
    files = {
        "Data/CSV/ol.csv": code_point(ROCHDALE),
        "Data/CSV/ze.csv": code_point(LERWICK),
        "Doc/Code-Point_Open_Column_Headers.csv": "PC,PQ,EA,NO\r\nPostcode,Quality,E,N\r\n",
    }
    assert "2 rows read" in importer.report(importer.zip(files))
    assert list(importer.postcodes()) == ["OL161AB", "ZE10AA"]


def test_a_row_that_is_wrong_is_refused_with_its_line(importer):
    many = [[f"OL16{n}A{letter}", *ROCHDALE[1:]] for n in range(2, 7) for letter in "ABDEF"]
    wrong = [changed(LERWICK, easting="east"), changed(ROCHDALE, quality="11")[:9], LERWICK]
    importer.report(importer.written(code_point(*many, *wrong)))
    assert [refused[:2] for refused in importer.refused()] == [
        (26, "“1141280”, “east” is no location"),
        (27, "has 9 cells and not 10"),
    ]


def test_the_list_of_its_columns_is_no_table_of_postcodes(importer):
    header = "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code\r\n"
    sentence = importer.refusal(importer.written(header))
    assert "is Code-Point Open’s list of its columns: import its Data/CSV folder" in sentence
