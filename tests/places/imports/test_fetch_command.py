"""The command that fetches the official files and imports them."""

import fcntl

import pytest

from tests.places.imports.publisher import Publisher, resumable, status
from tests.places.imports.test_fetching import NEW
from webapp.places.imports import fetch_command
from webapp.places.imports.fetch_places import FollowUp, Import, ImportFailedError
from webapp.places.imports.sources import BY_NAME, SOURCES

pytest.importorskip("requests", reason="the extra `data` is not installed")

SHAPES = b'{"type": "FeatureCollection", "features": []}'
TABLE = b"code,value\n"


@pytest.fixture
def publisher():
    with Publisher().open() as publisher:
        yield publisher


@pytest.fixture
def addresses(publisher):
    addresses = {
        source.setting: publisher.answers(f"/{source.name}", status(404)) for source in SOURCES
    }
    for name, content in {
        "postcodes": NEW, "code-point": NEW,
        "authorities": SHAPES, "regions": SHAPES, "nations": SHAPES,
        "population": TABLE, "deprivation": TABLE,
    }.items():  # fmt: skip
        publisher.answers(f"/{name}", resumable(content, f'"{name}"'))
    return addresses


@pytest.fixture
def folder(app, settings, addresses, tmp_path, monkeypatch):
    changed = settings.model_copy(update=addresses | {"local_folder": tmp_path})
    monkeypatch.setitem(app.config, "SETTINGS", changed)
    return tmp_path / "places"


@pytest.fixture
def imported(monkeypatch):
    """Put in the imports’ place what only keeps what it was called with."""
    imported = []

    def kept(title):
        def run(paths):
            imported.append((title, {name: path.name for name, path in paths.items()}))
            return f"{len(paths)} files read."

        return run

    monkeypatch.setattr(
        fetch_command,
        "IMPORTS",
        [
            Import("Postcodes", ("postcodes",), kept("Postcodes")),
            Import("Areas", ("authorities", "nations", "population"), kept("Areas")),
        ],
    )
    monkeypatch.setattr(fetch_command, "FOLLOW_UPS", [FollowUp("Events", lambda: "0 moved.")])
    return imported


@pytest.fixture
def fetch(app, session, folder, imported):
    return lambda *arguments: app.test_cli_runner().invoke(args=["places", "fetch", *arguments])


def test_everything_is_fetched_and_imported(fetch, folder, imported):
    done = fetch()
    assert done.exit_code == 0
    assert imported == [
        ("Postcodes", {"postcodes": "postcodes.zip"}),
        (
            "Areas",
            {
                "authorities": "authorities.geojson",
                "nations": "nations.geojson",
                "population": "population.csv",
            },
        ),
    ]
    assert "  postcodes: the newest ONS Postcode Directory\n    100 kB, downloaded\n" in done.output
    assert done.output.endswith(
        "Areas:\n  3 files read.\nEvents:\n  0 moved.\n\nDone: Postcodes, Areas, Events.\n"
    )
    assert not (folder / "code-point.zip").exists()


def test_a_second_run_fetches_only_what_has_changed(fetch, folder, publisher):
    fetch()
    publisher.answers("/population", resumable(b"code,newer\n", '"newer"'))
    done = fetch()
    assert done.output.count("not changed since last time") == 5
    assert done.output.count("downloaded") == 1
    assert (folder / "population.csv").read_bytes() == b"code,newer\n"


def test_one_that_fails_does_not_stop_the_others(fetch, publisher, imported):
    publisher.answers("/postcodes", status(404))
    done = fetch()
    assert done.exit_code == 1
    assert [title for title, _paths in imported] == ["Areas"]
    assert "Done: Areas, Events." in done.output
    assert "\npostcodes\n  The publisher has moved it:" in done.output
    assert "POSTCODES_URL" in done.output
    assert done.output.endswith("Then run this again: what was fetched is kept.\n")


def test_an_import_takes_those_of_its_files_that_are_there(fetch, publisher, imported):
    publisher.answers("/population", status(404))
    assert fetch().exit_code == 1
    assert imported[1] == (
        "Areas",
        {"authorities": "authorities.geojson", "nations": "nations.geojson"},
    )


def test_the_file_from_last_time_is_imported_where_there_is_no_newer_one(
    fetch, publisher, imported
):
    fetch("--only-download")
    publisher.answers("/postcodes", status(404))
    assert fetch("postcodes").exit_code == 1
    assert imported == [("Postcodes", {"postcodes": "postcodes.zip"})]


def test_an_import_that_fails_is_told_at_the_end(fetch, monkeypatch):
    def broken(_paths):
        msg = "postcodes.zip, line 7: no postcode column."
        raise ImportFailedError(msg)

    monkeypatch.setattr(fetch_command, "IMPORTS", [Import("Postcodes", ("postcodes",), broken)])
    done = fetch()
    assert done.exit_code == 1
    assert "\nPostcodes\n  postcodes.zip, line 7: no postcode column.\n" in done.output
    assert "Events" not in done.output, "nothing was loaded, so nothing follows"


def test_a_name_fetches_one_and_imports_what_it_belongs_to(fetch, folder, publisher, imported):
    fetch("--only-download")
    publisher.asked.clear()
    assert fetch("population").exit_code == 0
    assert [path for path, _headers in publisher.asked] == ["/population"]
    assert [title for title, _paths in imported] == ["Areas"]


def test_only_download_imports_nothing(fetch, folder, imported):
    assert fetch("--only-download").exit_code == 0
    assert (folder / "nations.geojson").read_bytes() == SHAPES
    assert imported == []


def test_only_import_asks_nobody(fetch, folder, publisher, imported):
    folder.mkdir()
    (folder / "postcodes.zip").write_bytes(NEW)
    done = fetch("--only-import", "postcodes")
    assert done.exit_code == 0
    assert imported == [("Postcodes", {"postcodes": "postcodes.zip"})]
    assert publisher.asked == []


def test_only_import_says_which_file_is_not_there(fetch, folder):
    done = fetch("--only-import", "postcodes")
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert f"There is no {folder}/postcodes.zip: download the newest ONS Postcode" in said
    assert BY_NAME["postcodes"].page in said


def test_a_web_page_saved_by_hand_is_not_imported(fetch, folder, imported):
    folder.mkdir()
    (folder / "population.csv").write_text("<html>")
    done = fetch("--only-import", "authorities")
    assert "population.csv is not a CSV file: it is a web page." in " ".join(done.output.split())
    assert imported == []


def test_a_source_without_an_address_is_left_out(app, fetch, addresses, monkeypatch):
    without = app.config["SETTINGS"].model_copy(update={"population_url": ""})
    monkeypatch.setitem(app.config, "SETTINGS", without)
    done = fetch()
    assert done.exit_code == 0
    assert "not fetched, because POPULATION_URL is empty" in done.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only-download", "--only-import"], "leave nothing to do."),
        (["postcodes", "code-point"], "Name postcodes or code-point, not both"),
        (["towns"], "'towns' is not one of 'postcodes', 'code-point', 'authorities'"),
    ],
)
def test_what_cannot_be_meant_is_refused(fetch, arguments, sentence):
    done = fetch(*arguments)
    assert done.exit_code == 2
    assert sentence in done.output


def test_a_second_run_at_once_ends_with_a_sentence(fetch, folder):
    folder.mkdir()
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = fetch()
    assert done.exit_code == 1
    assert "Another run is fetching into" in done.output


def test_every_source_says_where_it_comes_from():
    for source in SOURCES:
        assert source.page.startswith("https://")
        assert source.licence
        assert source.publisher
