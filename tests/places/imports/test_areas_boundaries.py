"""Importing boundaries: any naming, any winding, codes of any year."""

import pytest
from shapely import Point as Dot
from shapely import Polygon

from tests.places.imports.boundaries import (
    REGIONS,
    AreaImporter,
    feature,
    nine_regions,
    polygon,
    ring,
)

pytest.importorskip("ijson", reason="the extra `data` is not installed")


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = AreaImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()


@pytest.mark.parametrize(
    "naming",
    [
        ("areacd", "areanm"),
        ("AREACD", "AREANM"),
        ("LAD24CD", "LAD24NM"),
        ("lad31cd", "lad31nm"),
        ("lad_code", "lad_name"),
    ],
)
def test_any_naming_of_code_and_name_is_understood(importer, naming):
    importer.report(importer.geojson(feature("E08000005", "Rochdale", naming=naming)))
    assert importer.areas()["E08000005"]["name"] == "Rochdale"


@pytest.mark.parametrize(
    ("code", "kind", "nation"),
    [
        ("E06000001", "authority", "england"),
        ("E07000083", "authority", "england"),
        ("E08000005", "authority", "england"),
        ("E09000001", "authority", "england"),
        ("W06000010", "authority", "wales"),
        ("S12000050", "authority", "scotland"),
        ("N09000003", "authority", "northern-ireland"),
        ("E12000002", "region", "england"),
        ("E92000001", "nation", "england"),
        ("W92000004", "nation", "wales"),
        ("S92000003", "nation", "scotland"),
        ("N92000002", "nation", "northern-ireland"),
    ],
)
def test_the_code_tells_the_kind_and_the_nation(importer, code, kind, nation):
    importer.report(importer.geojson(feature(code, "An area")))
    area = importer.areas()[code]
    assert (area["kind"], area["nation"]) == (kind, nation)


def test_the_code_of_an_area_s_own_kind_comes_before_that_of_its_region(importer):
    area = feature("E08000005", "Rochdale", OBJECTID=1, RGN24CD="E12000002", RGN24NM="North West")
    area["properties"] = dict(sorted(area["properties"].items()))
    importer.report(importer.geojson(area))
    assert list(importer.areas()) == ["E08000005"]


def test_codes_that_we_do_not_keep_are_told_and_left_out(importer):
    report = importer.report(
        importer.geojson(
            feature("E08000005", "Rochdale"),
            feature("E10000017", "Lancashire"),
            feature("L99999999", "Channel Islands"),
            feature("M99999999", "Isle of Man"),
        )
    )
    assert list(importer.areas()) == ["E08000005"]
    assert "1 local authority; 3 refused" in report
    assert "E10000017 is no nation, region or local authority" in report
    assert "L99999999 stands for no area" in report


def test_a_ring_that_runs_the_wrong_way_is_turned(importer):
    report = importer.report(
        importer.geojson(feature("E08000005", "Rochdale", polygon(ring(-2, 53)[::-1])))
    )
    assert "1 shape wound the other way round" in report
    (part,) = importer.areas()["E08000005"]["shape"].geoms
    assert part.exterior.is_ccw
    assert part.area == pytest.approx(0.25)


def test_a_bow_tie_is_repaired_and_keeps_both_its_halves(importer):
    bow_tie = polygon([[-2, 53], [-1, 54], [-1, 53], [-2, 54], [-2, 53]])
    report = importer.report(importer.geojson(feature("E08000005", "Rochdale", bow_tie)))
    assert "Repaired (1): Rochdale (E08000005)" in report
    shape = importer.areas()["E08000005"]["shape"]
    assert shape.is_valid
    assert shape.area == pytest.approx(0.5)


def test_parts_that_overlap_become_one_without_a_hole(importer):
    overlapping = {"type": "MultiPolygon", "coordinates": [[ring(-2, 53)], [ring(-1.75, 53)]]}
    importer.report(importer.geojson(feature("E08000005", "Rochdale", overlapping)))
    assert importer.areas()["E08000005"]["shape"].area == pytest.approx(0.375)


def test_a_hole_stays_a_hole_however_it_is_wound(importer):
    hole = ring(-1.9, 53.1, 0.1)
    shapes = [polygon(ring(-2, 53), each) for each in (hole, hole[::-1])]
    features = [feature(f"E0800000{n}", f"Town {n}", shape) for n, shape in enumerate(shapes, 1)]
    importer.report(importer.geojson(*features))
    for area in importer.areas().values():
        assert not area["shape"].covers(Dot(-1.85, 53.15))
        assert not area["shape"].geoms[0].interiors[0].is_ccw


def test_lines_and_points_in_a_collection_are_left_out(importer):
    mixed = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [-2, 53]},
            {"type": "MultiPolygon", "coordinates": [[ring(-2, 53)], [ring(-1, 53)]]},
        ],
    }
    importer.report(importer.geojson(feature("E08000005", "Rochdale", mixed)))
    assert importer.areas()["E08000005"]["shape"].area == pytest.approx(0.5)


def test_heights_are_left_out(importer):
    high = polygon([[*corner, 12.5] for corner in ring(-2, 53)])
    importer.report(importer.geojson(feature("E08000005", "Rochdale", high)))
    assert not importer.areas()["E08000005"]["shape"].has_z


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        ({"type": "Point", "coordinates": [-2, 53]}, "it is no polygon"),
        ({"type": "Polygon", "coordinates": []}, "it is no polygon"),
        ({"type": "Polygon", "coordinates": [[[-2, 53], [-1, 53]]]}, "its coordinates cannot be"),
        ({"type": "Polygon", "coordinates": [["a", "b"]]}, "its coordinates cannot be read"),
        ({"type": "Blob", "coordinates": []}, "its coordinates cannot be read"),
        ({"coordinates": []}, "its coordinates cannot be read"),
        ([1, 2], "its coordinates cannot be read"),
        (polygon([[-2, 53], [-1, 53], [-1.5, 53], [-2, 53]]), "its shape has no surface"),
    ],
)
def test_a_shape_that_cannot_be_used_is_refused_with_its_reason(importer, geometry, reason):
    bad = feature("E08000004", "Oldham", geometry)
    report = importer.report(importer.geojson(feature("E08000005", "Rochdale"), bad))
    assert list(importer.areas()) == ["E08000005"]
    assert "1 refused" in report
    assert reason in report


def test_an_area_without_any_shape_is_refused(importer):
    bare = feature("E08000004", "Oldham") | {"geometry": None}
    report = importer.report(importer.geojson(feature("E08000005", "Rochdale"), bare))
    assert "it has no shape" in report


def test_an_older_code_becomes_the_one_of_today(importer):
    report = importer.report(importer.geojson(feature("S12000044", "North Lanarkshire")))
    assert list(importer.areas()) == ["S12000050"]
    assert "S12000044 → S12000050 (North Lanarkshire)" in report


def test_authorities_that_were_merged_since_become_one(importer):
    olds = ("E07000026", "Allerdale"), ("E07000028", "Carlisle"), ("E07000029", "Copeland")
    parts = [
        feature(code, name, polygon(ring(-3.5 + 0.5 * n, 54.5)))
        for n, (code, name) in enumerate(olds)
    ]
    report = importer.report(importer.geojson(*parts))
    area = importer.areas()["E06000063"]
    assert area["name"] == "Cumberland"
    assert area["shape"].area == pytest.approx(0.75)
    assert "E07000026 + E07000028 + E07000029 → E06000063 (Cumberland)" in report


def test_a_merged_authority_is_left_out_while_a_part_of_it_is_missing(importer):
    parts = [feature("E07000026", "Allerdale"), feature("E08000005", "Rochdale")]
    report = importer.report(importer.geojson(*parts))
    assert list(importer.areas()) == ["E08000005"]
    assert "E06000063, of which there is only E07000026" in report


def test_the_shape_of_today_comes_before_that_of_an_older_code(importer):
    old = feature("E08000016", "Barnsley", polygon(ring(-5, 53)))
    new = feature("E08000038", "Barnsley", polygon(ring(-2, 53)))
    importer.report(importer.geojson(old, new))
    (area,) = importer.areas().values()
    assert area["shape"].covers(Dot(-1.75, 53.25))


def test_an_area_that_comes_twice_is_taken_once_and_told(importer):
    first = importer.geojson(feature("E08000005", "Rochdale"), name="a.geojson")
    second = importer.geojson(feature("E08000005", "Elsewhere"), name="b.geojson")
    report = importer.report(first, second)
    assert importer.areas()["E08000005"]["name"] == "Rochdale"
    assert "E08000005 came before, in a.geojson" in report


def test_england_is_made_of_its_nine_regions(importer):
    report = importer.report(importer.geojson(*nine_regions()))
    england = importer.areas()["E92000001"]
    assert england["shape"].equals(Polygon([(-7, 53), (2, 53), (2, 54), (-7, 54)]))
    assert all(part.exterior.is_ccw for part in england["shape"].geoms)
    assert "England’s shape is made of its nine regions." in report


def test_england_is_not_made_of_eight_regions(importer):
    importer.report(importer.geojson(*nine_regions()[1:]))
    assert "E92000001" not in importer.areas()


def test_a_shape_of_england_in_the_files_comes_before_one_that_is_made(importer):
    given = feature("E92000001", "England", polygon(ring(-2, 53)))
    importer.report(importer.geojson(*nine_regions(), given))
    assert importer.areas()["E92000001"]["shape"].area == pytest.approx(0.25)


def test_an_authority_is_in_the_region_that_it_lies_in(importer):
    inside = feature("E08000005", "Rochdale", polygon(ring(-1.8, 53.2)))
    reaching_over = feature("E08000004", "Oldham", polygon(ring(-1.2, 53.2)))
    off_the_coast = feature("E06000053", "Isles of Scilly", polygon(ring(-1.8, 54.2, 0.1)))
    far_away = feature("E06000046", "Isle of Wight", polygon(ring(-1.8, 56, 0.1)))
    report = importer.report(
        importer.geojson(*nine_regions(), inside, reaching_over, off_the_coast, far_away)
    )
    regions = {code: area["region_code"] for code, area in importer.areas().items()}
    expected = next(code for code, west in REGIONS.items() if west == -2)
    assert regions["E08000005"] == regions["E06000053"] == expected
    assert regions["E08000004"] != expected
    assert regions["E06000046"] is None
    assert "Authorities in no region (1): Isle of Wight." in report


def test_authorities_of_other_nations_are_in_no_region(importer):
    welsh = feature("W06000010", "Carmarthenshire", polygon(ring(-4.5, 53.2)))
    importer.report(importer.geojson(*nine_regions(), welsh))
    assert importer.areas()["W06000010"]["region_code"] is None
