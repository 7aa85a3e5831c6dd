"""Importing areas from all sorts of files: what is wrong is said in a sentence, and nothing changes."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.places.imports.boundaries import AreaImporter, collection, feature, polygon, ring

pytest.importorskip("ijson", reason="the extra `data` is not installed")

SHARED = Path(__file__).parents[4] / "shared/data"
real_files = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the test data are not beside the project"
)

ONE = collection(feature("E08000005", "Rochdale"))
WHOLE = json.dumps(ONE).encode()


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = AreaImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "a.geojson is empty."),
        (b" \n", "a.geojson is empty."),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (b"PK\x03\x04zip", "is a zip file; unpack it"),
        (b'{"type": "Topology", "objects": {}}', "is TopoJSON; convert it to GeoJSON first"),
        (b'{"geometryType": "esriGeometryPolygon", "features": []}', "is Esri’s own JSON"),
        (b'{"error": {"code": 400}}', "is an error message instead of boundaries"),
        (b'{"rows": []}', "is JSON, but not GeoJSON with a list of features"),
        (b"[1, 2]", "is JSON, but not GeoJSON with a list of features"),
        (b"[" * 1000, "is JSON, but not GeoJSON with a list of features"),
        (b'{"features": []}', "holds no features"),
        (b'{"features": [3]}', "a.geojson, feature 1: it is no feature"),
        (b'{"features": [{"type": "Feature"}]}', "a.geojson, feature 1: it has no properties"),
        (b"code,population", "a.geojson is not JSON."),
        (b"{nonsense}", "a.geojson is not valid JSON"),
        (WHOLE[: WHOLE.index(b"-2.25") + 1], "a.geojson breaks off; download it again"),
        (WHOLE[:-2], "a.geojson breaks off after feature 1; download it again"),
        (WHOLE[:60], "a.geojson breaks off; download it again"),
        (WHOLE + b"}", "a.geojson is not valid JSON after feature 1"),
        (WHOLE.replace(b"Rochdale", b"\xff\xfe"), "a.geojson is not valid JSON"),
        (
            WHOLE.replace(b'"features"', b'"exceededTransferLimit": true, "features"'),
            "its publisher left some of the features out",
        ),
        (json.dumps(collection(feature("Rochdale", "5"))), "but not the codes of areas"),
        (json.dumps(collection(feature("E05000001", "A ward"))), "its codes are like E05000001"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_fault(importer, content, fault):
    importer.report(importer.geojson(feature("E08000004", "Oldham")))
    said = importer.refusal(importer.written(content, "a.geojson"))
    assert fault in said
    assert said.startswith("a.geojson")
    assert "The areas are as they were." in said


@pytest.mark.parametrize(
    ("corner", "fault"),
    [
        ((390_000, 410_000), "in eastings and northings of a national grid"),
        ((-240_000, 7_100_000), "in metres of Web Mercator"),
        ((9e9, 9e9), "in some other system of coordinates"),
        ((53.5, -2.2), "gives latitude before longitude"),
        ((2.3, 48.8), "lies outside the United Kingdom, near latitude 48.8, longitude 2.3"),
    ],
)
def test_coordinates_of_another_system_are_told_with_the_feature(importer, corner, fault):
    shapes = (
        feature("E08000004", "Oldham"),
        feature("E08000005", "Rochdale", polygon(ring(*corner))),
    )
    said = importer.refusal(importer.geojson(*shapes))
    assert said.startswith("areas.geojson, feature 2 (Rochdale): it ")
    assert fault in said


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a,b\n1,2\n", "line 1: there is no column of population or of deprivation scores"),
        (b"population\n1\n", "line 1: there is no column with the codes or names of areas"),
        (b"code,population\nE08000005,1\x00\n", "line 2: “1\x00” is no number of people; nothing"),
        ("code,population\nE08000005,some\n".encode("utf-16"), "line 2: “some” is no number"),
        ("code,population\nE08000005,£\n".encode("cp1252"), "line 2: “£” is no number"),
        (b"\n\n", "is empty"),
        (b"code,population\nE12000002,7\n", "a.csv tells nothing of local authorities."),
    ],
)
def test_a_table_of_another_kind_is_named_with_line_and_fault(importer, content, fault):
    said = importer.refusal(importer.written(content, "a.csv"))
    assert said.startswith("a.csv")
    assert fault in said


def test_figures_need_areas(importer):
    figures = importer.csv(("lad24cd", "population"), ("E08000005", "1"))
    assert "There are no local authorities yet" in importer.refusal(figures)


def test_a_broken_file_leaves_everything_as_it_was_though_others_are_whole(importer, owner_engine):
    importer.report(importer.geojson(feature("E08000004", "Oldham")))
    whole = importer.geojson(feature("E08000005", "Rochdale"), name="whole.geojson")
    importer.refusal(whole, importer.written(WHOLE[:-2], "broken.geojson"))
    with owner_engine.connect() as connection:
        left = connection.execute(text("SELECT to_regclass('area_imported')")).scalar()
    assert left is None


def test_what_a_killed_import_left_behind_is_no_hindrance(importer, owner_engine):
    with owner_engine.begin() as connection:
        connection.execute(text("CREATE TABLE area_imported (rubbish text)"))
    importer.report(importer.geojson(feature("E08000005", "Rochdale")))
    assert list(importer.areas()) == ["E08000005"]


def test_a_database_that_cannot_be_reached_is_told_in_a_sentence(importer, settings, monkeypatch):
    nowhere = settings.model_copy(
        update={"migrations_database_url": "postgresql://nobody@127.0.0.1:1/nothing"}
    )
    monkeypatch.setitem(importer.app.config, "SETTINGS", nowhere)
    said = importer.refusal(importer.geojson(feature("E08000005", "Rochdale")))
    assert said.startswith("The database says: ")


def test_two_imports_do_not_run_at_once(importer, owner_engine):
    path = importer.geojson(feature("E08000005", "Rochdale"))
    with owner_engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(20200102)"))
        assert "Another import of areas is running" in importer.refusal(path)


def test_a_folder_s_files_are_read_and_those_of_another_kind_told(importer, tmp_path):
    importer.geojson(feature("E08000005", "Rochdale"))
    importer.csv(("code", "population"), ("E08000005", "7"))
    importer.written("pcds,lat,long\n", "postcodes.csv")
    importer.written("what to read", "README.txt")
    report = importer.report(tmp_path)
    assert importer.areas()["E08000005"]["population"] == 7
    assert "Not used: postcodes.csv, line 1" in report
    assert "README" not in report


def test_what_is_refused_is_written_beside_the_file_and_never_read_as_figures(importer, tmp_path):
    importer.geojson(feature("E08000005", "Rochdale"), feature("E10000017", "Lancashire"))
    importer.csv(("code", "population"), ("E08000005", "7"), ("E08000004", "many"))
    report = importer.report(tmp_path)
    written = (tmp_path / "figures.csv.refused.csv").read_text(encoding="utf-8").splitlines()
    assert written == [
        "line,reason,content",
        "3,“many” is no number of people,E08000004,many",
    ]
    assert f"What was refused of areas.geojson is in {tmp_path}/areas.geojson.refused.csv" in report
    assert importer.report(tmp_path) == report.replace(
        "1 new, 0 changed, 0 as before, 0 removed.", "Nothing has changed."
    )


def test_what_is_refused_of_a_file_in_a_closed_folder_is_written_here(
    importer, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "closed").mkdir()
    shapes = feature("E08000005", "Rochdale"), feature("E10000017", "Lancashire")
    path = importer.geojson(*shapes, name="closed/areas.geojson")
    # Nobody can write a file where a folder of its name is, not even root.
    (tmp_path / "closed/areas.geojson.refused.csv").mkdir()
    assert "is in areas.geojson.refused.csv." in importer.report(path)
    assert "Lancashire" in (tmp_path / "areas.geojson.refused.csv").read_text(encoding="utf-8")


def test_a_folder_without_any_such_file_is_told(importer, tmp_path):
    assert "holds no file that ends in" in importer.refusal(tmp_path)


def test_a_byte_order_mark_is_no_hindrance(importer):
    mark = b"\xef\xbb\xbf"
    shapes = importer.written(mark + WHOLE, "a.geojson")
    figures = importer.written(mark + b"code,population\nE08000005,7\n", "a.csv")
    importer.report(shapes, figures)
    assert importer.areas()["E08000005"]["population"] == 7


def test_a_second_run_changes_nothing_and_says_so(importer):
    path = importer.geojson(feature("E08000005", "Rochdale"))
    assert "1 new" in importer.report(path)
    before = importer.areas()
    assert "Nothing has changed." in importer.report(path)
    assert importer.areas() == before


def test_areas_that_the_new_files_lack_go_but_those_of_other_nations_stay(importer):
    codes = "E08000004", "E08000005", "W06000010"
    importer.report(importer.geojson(*(feature(code, code) for code in codes)))
    report = importer.report(importer.geojson(feature("E08000005", "Rochdale")))
    assert list(importer.areas()) == ["E08000005", "W06000010"]
    assert "0 new, 1 changed, 1 as before, 1 removed" in report


def test_readers_are_not_held_up(importer, engine):
    importer.report(importer.geojson(feature("E08000004", "Oldham")))
    with engine.connect() as reader:
        reader.execute(text("SELECT code FROM area")).all()
        importer.report(importer.geojson(feature("E08000005", "Rochdale")))


@real_files
def test_the_official_files_join_without_anything_left(importer):
    report = importer.report(SHARED / "areas")
    areas = importer.areas().values()
    authorities = [area for area in areas if area["kind"] == "authority"]
    assert len(areas) == 374
    assert len(authorities) == 361
    assert all(area["shape"].is_valid for area in areas)
    assert sum(area["population"] for area in authorities) == 67_081_234
    assert all(area["deprivation_score"] is not None for area in authorities)
    assert sum(area["region_code"] is not None for area in authorities) == 296
    nations = [area["population"] for area in areas if area["kind"] == "nation"]
    assert sum(nations) == 67_081_234
    assert "67,081,234 people" in report
    assert "36 rows about counties and combined authorities left out" in report
    assert "Authorities without it" not in report


@real_files
@pytest.mark.parametrize("path", sorted((SHARED / "messy").glob("*")), ids=lambda path: path.name)
def test_messy_files_are_refused_in_a_sentence(importer, path):
    assert path.name in importer.refusal(path)


@real_files
@pytest.mark.parametrize(
    "path", sorted((SHARED / "postcodes").glob("*")), ids=lambda path: path.name
)
def test_files_of_postcodes_are_no_areas(importer, path):
    assert path.name in importer.refusal(path)
