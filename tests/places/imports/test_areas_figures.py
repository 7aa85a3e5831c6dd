"""Importing population and deprivation: joined by code, by name, and kept by code."""

import pytest

from tests.places.imports.boundaries import (
    REGIONS,
    AreaImporter,
    feature,
    nine_regions,
    polygon,
    ring,
)
from webapp.places.imports.area_names import is_larger_area, normalised

pytest.importorskip("ijson", reason="the extra `data` is not installed")

POPULATION = "lad24cd", "lad24nm", "population_2020"
DEPRIVATION = "local-authority-code", "official-name", "la-deprivation-score", "la-imd-pop-decile"
ROCHDALE = "E08000005", "Rochdale", "223,773"
REGION = next(code for code, west in REGIONS.items() if west == -2)


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = AreaImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()


@pytest.fixture
def towns(importer):
    """Rochdale and Oldham, in one region."""
    return importer.geojson(
        *nine_regions(),
        feature("E08000005", "Rochdale", polygon(ring(-1.9, 53.1, 0.2))),
        feature("E08000004", "Oldham", polygon(ring(-1.5, 53.1, 0.2))),
        name="towns.geojson",
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (POPULATION, ROCHDALE),
        (("GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "OBS_VALUE"), ("E08000005", "Rochdale", "223773")),
        (("Population (mid-2024)", "Area Code"), ("223773.0", "E08000005")),
        (("lad31cd", "population_2019", "population_2021"), ("E08000005", "1", "223773")),
        (("code", "population density", "population"), ("E08000005", "1", "223773")),
    ],
)
def test_columns_of_population_are_found_whatever_their_names(importer, towns, header, row):
    importer.report(towns, importer.csv(header, row))
    assert importer.areas()["E08000005"]["population"] == 223_773


def test_a_region_s_and_a_nation_s_people_are_those_of_its_authorities(importer, towns):
    figures = importer.csv(POPULATION, ROCHDALE, ("E08000004", "Oldham", "237628"))
    report = importer.report(towns, figures)
    areas = importer.areas()
    assert areas[REGION]["population"] == areas["E92000001"]["population"] == 461_401
    assert "461,401 people" in report


def test_a_sum_is_not_told_while_one_of_its_authorities_is_not_known(importer, towns):
    report = importer.report(towns, importer.csv(POPULATION, ROCHDALE))
    areas = importer.areas()
    assert areas[REGION]["population"] is None
    assert "Authorities without it (1): Oldham (E08000004)." in report


def test_people_of_older_codes_are_added_up_under_the_one_of_today(importer):
    shape = importer.geojson(feature("E06000063", "Cumberland"))
    olds = ("E07000026", "a", "1"), ("E07000028", "b", "20"), ("E07000029", "c", "300")
    report = importer.report(shape, importer.csv(POPULATION, *olds))
    assert importer.areas()["E06000063"]["population"] == 321
    assert "E07000026 + E07000028 + E07000029 → Cumberland (E06000063)" in report


def test_people_are_not_added_up_while_a_part_is_missing(importer):
    shape = importer.geojson(feature("E06000063", "Cumberland"))
    report = importer.report(shape, importer.csv(POPULATION, ("E07000026", "Allerdale", "1")))
    assert importer.areas()["E06000063"]["population"] is None
    assert "E06000063, of which only parts are in the file" in report


def test_glasgow_s_codes_followed_each_other_and_are_not_added_up(importer):
    shape = importer.geojson(feature("S12000046", "Glasgow City"))
    importer.report(shape, importer.csv(POPULATION, ("S12000046", "Glasgow City", "635130")))
    assert importer.areas()["S12000049"]["population"] == 635_130


def test_rows_about_other_areas_are_left_out_and_counted(importer, towns):
    figures = importer.csv(
        POPULATION, ROCHDALE, ("E12000002", "North West", "7"), ("K02000001", "", "9")
    )
    assert "2 rows about other areas left out" in importer.report(towns, figures)


def test_rows_that_cannot_be_used_are_refused_with_line_and_reason(importer, towns):
    figures = importer.csv(
        POPULATION,
        ROCHDALE,
        ("E08000004", "Oldham", "many"),
        ("DRS", "Derry", "150000"),
        ("E08000005", "Rochdale", "5"),
    )
    report = importer.report(towns, figures)
    assert "1 row of population; 3 refused" in report
    assert "line 3: “many” is no number of people" in report
    assert "line 4: “DRS” is not the code of an area" in report
    assert "line 5: E08000005 came before, with another figure" in report
    assert importer.areas()["E08000005"]["population"] == 223_773


def test_rows_without_an_area_are_told(importer, towns):
    report = importer.report(towns, importer.csv(POPULATION, ("E06000001", "Hartlepool", "93836")))
    assert "In the file, but no area of ours (1): Hartlepool (E06000001)." in report


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("Rochdale", "Rochdale Metropolitan Borough Council"),
        ("Bradford", "City of Bradford Metropolitan District Council"),
        ("Derry City and Strabane", "Derry City and Strabane District Council"),
        ("City of London", "City of London Corporation"),
        ("Bristol, City of", "Bristol City Council"),
        ("Herefordshire, County of", "Herefordshire Council"),
        ("King's Lynn and West Norfolk", "Borough Council of Kings Lynn and West Norfolk"),
        ("Hammersmith and Fulham", "London Borough of Hammersmith & Fulham"),
        ("Swansea", "City and County of Swansea Council"),
        ("The Vale of Glamorgan", "Vale of Glamorgan Council"),
        ("Isles of Scilly", "Council of the Isles of Scilly"),
        ("Glasgow City", "Glasgow City Council"),
        ("St Albans", "St Albans City and District Council"),
        ("North Somerset", "North Somerset  Council"),
    ],
)
def test_an_official_name_and_a_plain_one_are_one(name, official):
    assert normalised(name) == normalised(official)


def test_names_that_differ_in_more_than_what_councils_add_are_not_one():
    names = ["Lincoln", "Lincolnshire", "Newcastle upon Tyne", "Newcastle-under-Lyme", "Aberdeen"]
    assert len({normalised(name) for name in [*names, "Aberdeenshire"]}) == 6


def test_counties_and_combined_authorities_are_known_for_what_they_are():
    larger = "Kent County Council", "Greater London Authority", "Liverpool City Region"
    larger += "East Midlands Combined County Authority", "North of Tyne Combined Authority"
    assert all(is_larger_area(name) for name in larger)
    assert not is_larger_area("Rochdale Metropolitan Borough Council")


def test_deprivation_is_joined_by_name(importer, towns):
    figures = importer.csv(
        DEPRIVATION,
        ("RCH", "Rochdale Metropolitan Borough Council", "39.25", "1"),
        ("LAN", "Lancashire County Council", "26.0", "4"),
        ("ATL", "Atlantis Borough Council", "1.5", "10"),
    )
    report = importer.report(towns, figures)
    area = importer.areas()["E08000005"]
    assert (area["deprivation_score"], area["deprivation_decile"]) == (39.25, 1)
    assert "1 row about counties and combined authorities left out" in report
    assert "In the file, but no area of ours (1): Atlantis Borough Council." in report
    assert "Authorities without it (1): Oldham (E08000004)." in report


def test_a_name_that_is_quite_another_is_in_the_table_of_exceptions(importer):
    shape = importer.geojson(feature("E06000010", "Kingston upon Hull, City of"))
    importer.report(shape, importer.csv(DEPRIVATION, ("KHL", "Hull City Council", "46.5", "1")))
    assert importer.areas()["E06000010"]["deprivation_score"] == 46.5


def test_deprivation_is_joined_by_code_where_there_is_one(importer, towns):
    figures = importer.csv(("lad24cd", "imd_score", "decile"), ("E08000005", "39.25", "1"))
    importer.report(towns, figures)
    assert importer.areas()["E08000005"]["deprivation_decile"] == 1


def test_a_score_or_decile_that_is_none_is_refused(importer, towns):
    figures = importer.csv(
        DEPRIVATION,
        ("RCH", "Rochdale Borough Council", "39.25", "11"),
        ("OLD", "Oldham Borough Council", "nan", "1"),
        ("BUR", "Bury Borough Council", "22.5", "3"),
    )
    report = importer.report(towns, figures)
    assert "line 2: “11” is no tenth from 1 to 10" in report
    assert "line 3: “nan” is no deprivation score" in report


def test_figures_alone_change_the_areas_that_are_there(importer, towns):
    importer.report(towns)
    report = importer.report(importer.csv(POPULATION, ROCHDALE))
    areas = importer.areas()
    assert areas["E08000005"]["population"] == 223_773
    assert areas["E08000005"]["region_code"] == REGION
    assert "1 changed" in report


def test_what_is_not_told_anew_is_kept_by_code(importer, towns):
    score = importer.csv(DEPRIVATION, ("OLD", "Oldham Council", "33.1", "1"), name="score.csv")
    importer.report(towns, importer.csv(POPULATION, ROCHDALE), score)
    moved = feature("E08000005", "Rochdale", polygon(ring(-1.8, 53.2, 0.2)))
    oldham = feature("E08000004", "Oldham", polygon(ring(-1.5, 53.1, 0.2)))
    importer.report(importer.geojson(moved, oldham))
    areas = importer.areas()
    assert areas["E08000005"]["population"] == 223_773
    assert areas["E08000004"]["deprivation_score"] == 33.1


def test_a_figure_that_is_kept_from_an_earlier_import_is_told(importer, towns):
    importer.report(towns, importer.csv(POPULATION, ROCHDALE))
    report = importer.report(importer.csv(POPULATION, ("E08000004", "Oldham", "237628")))
    assert "Kept from an earlier import (1): Rochdale (E08000005)." in report


def test_without_shapes_of_regions_a_table_s_names_of_them_do(importer):
    header = "lad24cd", "lad24nm", "region", "population_2020"
    figures = importer.csv(header, ("E08000005", "Rochdale", "North West", "223773"))
    importer.report(importer.geojson(feature("E08000005", "Rochdale")), figures)
    assert importer.areas()["E08000005"]["region_code"] == "E12000002"
