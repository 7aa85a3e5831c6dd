"""Headers of postcode directories: those that there have been, and those still to come."""

import re
from pathlib import Path

import pytest

from tests.places.imports.directories import HEADER, PostcodeImporter, as_csv, row
from webapp.places.imports.postcode_columns import KEPT, columns_in

HEADERS = Path(__file__).parents[4] / "shared/data/postcodes/HEADERS.md"
OF_ADDRESSES = re.compile(r"nsul|onsud|Code-Point", re.IGNORECASE)


def real_headers():
    """Return each header of the collection as a parameter; one that skips where it is absent."""
    if not HEADERS.is_file():
        absent = pytest.mark.skip(reason="the test data are not beside the project")
        return [pytest.param("", [], id="absent", marks=absent)]
    found = re.findall(r"^## (.+)\n`(.+)`", HEADERS.read_text(encoding="utf-8"), re.MULTILINE)
    return [pytest.param(title, names.split(","), id=title.split()[0]) for title, names in found]


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = PostcodeImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()


def chosen(header):
    """Return the name of the column that is read for each thing kept, and for the location."""
    columns = columns_in(header)
    names = [header[place] if place < columns.width else None for place in columns.places]
    return dict(zip([*(each.name for each in KEPT), "east", "north"], names, strict=True))


@pytest.mark.parametrize(("title", "header"), real_headers())
def test_every_header_that_the_publisher_has_used_is_understood(title, header):
    if OF_ADDRESSES.search(title):
        with pytest.raises(ValueError, match=r"directory of addresses|Code-Point Open’s list"):
            columns_in(header)
        return
    found = chosen(header)
    assert found["pcds"] == "pcds"
    assert found["doterm"] == "doterm"
    assert re.fullmatch(r"lad\d\dcd|oslaua|laua", found["laua"])
    assert found["ctry"].startswith("ctry")
    assert re.fullmatch(r"rgn\d\dcd|rgn|gor", found["rgn"])
    assert found["ruc"] == max(
        (name for name in header if re.fullmatch(r"r?uc?\d\dind", name)),
        key=lambda name: int(name[-5:-3]),
    )
    if "2013" in title:
        assert (found["east"], found["north"], found["imd"]) == ("oseast1m", "osnrth1m", None)
    else:
        assert (found["east"], found["north"]) == ("long", "lat")
        assert found["imd"].startswith("imd")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"lad25cd": "lad31cd", "ctry25cd": "ctry31cd", "rgn25cd": "rgn31cd"}, "lad31cd"),
        ({"lad25cd": "LAD31CD"}, "LAD31CD"),
        ({"lad25cd": " laua "}, " laua "),
        ({"lad25cd": "oslaua"}, "oslaua"),
    ],
)
def test_a_header_of_any_year_is_understood(changes, expected):
    assert chosen([changes.get(name, name) for name in HEADER])["laua"] == expected


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        (("ur01ind", "ru11ind"), "ru11ind"),
        (("ruc21ind", "ruc11ind", "ruc01ind"), "ruc21ind"),
        (("ruc11ind", "ruc31ind"), "ruc31ind"),
    ],
)
def test_of_several_rural_classes_the_newest_counts(names, newest):
    header = [name for name in HEADER if name != "ruc21ind"]
    assert chosen([*header, *names])["ruc"] == newest


def test_a_postcode_may_stand_under_any_of_its_names():
    for name in ("pcds", "pcd7", "pcd", "pcd8", "pcd2"):
        header = [name, *(each for each in HEADER if not each.startswith("pcd"))]
        assert chosen(header)["pcds"] == name


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ("imd25ind", "imd column not found: ranks left empty."),
        ("ruc21ind", "ruc column not found: rural or urban left empty."),
        ("rgn25cd", "rgn column not found: regions left empty."),
        ("dointr", "dointr column not found: months of introduction left empty."),
        ("gridind", "gridind column not found: how good locations are left empty."),
    ],
)
def test_what_a_file_does_not_know_is_told_and_left_empty(importer, without, told):
    header = [name for name in HEADER if name != without]
    report = importer.report(importer.csv(row(), header=header))
    assert told in report
    assert len(importer.postcodes()) == 1


@pytest.mark.parametrize(
    ("without", "lacks"),
    [("doterm", "doterm"), ("lad25cd", "laua"), ("ctry25cd", "ctry"), ("lat", "lat and long")],
)
def test_a_file_without_what_is_needed_is_refused(importer, without, lacks):
    header = [name for name in HEADER if name != without]
    sentence = importer.refusal(importer.csv(row(), header=header))
    assert (
        f"directory.csv, line 1: is not the header of a postcode directory: it lacks {lacks};"
        in (sentence)
    )


def test_without_latitudes_the_national_grid_tells_where_postcodes_are(importer):
    header = [*(name for name in HEADER if name not in {"lat", "long"}), "oseast1m", "osnrth1m"]
    given = [
        row(oseast1m="389550", osnrth1m="0413150"),
        row("M1 1AA", oseast1m="", osnrth1m=""),
        row("BT1 1AA", oseast1m="334316", osnrth1m="374675", ctry25cd="N92000002"),
    ]
    report = importer.report(importer.written(as_csv(given, header)))
    assert "lat and long columns not found: locations are from eastings and northings." in report
    assert "1 postcode is left without location, because eastings and northings of" in report
    postcodes = importer.postcodes()
    here = postcodes["OL161AB"]
    assert (here["north"], here["east"]) == pytest.approx((53.6147, -2.1595), abs=0.0003)
    assert postcodes["M11AA"]["point"] is None
    assert postcodes["BT11AA"]["point"] is None


def test_a_position_off_the_grid_is_refused_with_its_line(importer):
    header = [*(name for name in HEADER if name not in {"lat", "long"}), "east1m", "north1m"]
    here = {"east1m": "389550", "north1m": "413150"}
    given = [row(f"OL{district} {n}AA", **here) for district in (16, 17) for n in range(10)]
    given.append(row("M1 1AA", east1m="99999999", north1m="1"))
    importer.report(importer.csv(*given, header=header))
    assert [refused[:2] for refused in importer.refused()] == [
        (22, "1, 99999999 is outside the UK")
    ]
