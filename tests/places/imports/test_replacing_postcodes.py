"""An import takes the place of all postcodes at once, while the site answers, or changes nothing."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import create_engine, text

from tests.places.imports.directories import PostcodeImporter, as_csv, row, rows
from webapp.places.imports import replacing
from webapp.places.imports.import_postcodes import LOCK


@pytest.fixture
def importer(app, owner_engine, tmp_path):
    importer = PostcodeImporter(app, owner_engine, tmp_path)
    yield importer
    importer.clear()


def test_an_import_replaces_all_that_was_there(importer):
    importer.report(importer.csv(*rows(5)))
    importer.report(importer.csv(*rows(5, "M1")))
    assert {code[:2] for code in importer.postcodes()} == {"M1"}
    assert list(importer.parts()) == ["M1", "M1 0"]


def test_an_import_may_be_repeated(importer):
    path = importer.csv(*rows(30))
    importer.report(path)
    before = importer.postcodes(), importer.parts()
    importer.report(path)
    assert (importer.postcodes(), importer.parts()) == before


def test_the_schema_is_as_the_models_say_afterwards(importer):
    importer.report(importer.csv(*rows(5)))
    done = importer.app.test_cli_runner().invoke(args=["database", "check"])
    assert done.exit_code == 0, done.output
    assert importer.tables_left_behind() == []


def test_indexes_and_constraints_keep_their_names(importer):
    def named():
        with importer.engine.connect() as connection:
            asked = text(
                "SELECT relname, pg_get_indexdef(oid) AS sense FROM pg_class WHERE relkind = 'i'"
                " AND relname ~ '^(pk|ix)_postcode' UNION ALL"
                " SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid IN ('postcode'::regclass, 'postcode_part'::regclass) ORDER BY 1, 2"
            )
            return [tuple(each) for each in connection.execute(asked)]

    before = named()
    importer.report(importer.csv(*rows(5)))
    assert named() == before


def test_a_much_smaller_file_is_warned_of(importer):
    importer.report(importer.csv(*rows(100)))
    report = importer.report(importer.csv(*rows(79)))
    assert "Warning: there were 100 postcodes before this import, and now there are 79." in report
    assert "Warning" not in importer.report(importer.csv(*rows(79)))


def test_the_site_may_read_the_new_tables_and_answers_all_the_time(importer, settings):
    small, large = importer.csv(*rows(500)), importer.csv(*rows(2000), name="large.csv")
    importer.report(small)
    counts, stop = set(), threading.Event()
    engine = create_engine(settings.database_url)

    def ask():
        with engine.connect() as connection:
            while not stop.is_set():
                # The driver prepares it after a few times, so that the swap meets a kept plan.
                counts.add(connection.scalar(text("SELECT count(code) FROM postcode")))
                counts.add(-connection.scalar(text("SELECT count(code) FROM postcode_part")))
                connection.rollback()
        counts.add("ended well")

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for path in (large, small, large):
            importer.report(path)
    finally:
        stop.set()
        asking.join()
        engine.dispose()
    assert counts == {500, 2000, -3, -6, "ended well"}


def test_what_a_killed_import_left_behind_is_dropped(importer):
    with importer.engine.begin() as connection:
        connection.execute(text("CREATE TABLE postcode_imported (code int)"))
        connection.execute(text("CREATE TABLE postcode_part_imported (code int)"))
    importer.report(importer.csv(*rows(3)))
    assert len(importer.postcodes()) == 3


def test_a_second_import_at_the_same_time_says_so(importer):
    path = importer.csv(*rows(3))
    with importer.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        sentence = importer.refusal(path)
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
    assert sentence == "Another import of postcodes is running: wait until it has ended."
    importer.report(path)


def test_an_import_waits_for_who_reads_the_old_table_and_lets_others_pass(importer):
    importer.report(importer.csv(*rows(3)))
    with importer.engine.connect() as reader:
        reader.execute(text("SELECT FROM postcode"))
        ending = threading.Timer(1, reader.rollback)
        ending.start()
        importer.report(importer.csv(*rows(5)))
        ending.join()
    assert len(importer.postcodes()) == 5


def test_an_import_gives_up_where_somebody_holds_the_old_table(importer, monkeypatch):
    monkeypatch.setattr(replacing, "SWAPS", 2)
    importer.report(importer.csv(*rows(3)))
    with importer.engine.connect() as reader:
        reader.execute(text("SELECT FROM postcode"))
        sentence = importer.refusal(importer.csv(*rows(5)))
    assert sentence.startswith("Something else has been using the table of postcodes for a minute")


def started(path, settings):
    """Start the command in a process of its own."""
    variables = {
        "FLASK_APP": "webapp.app",
        "DATABASE_URL": settings.database_url,
        "MIGRATIONS_DATABASE_URL": settings.owner_database_url,
        "SECRET_KEY": settings.secret_key,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "places", "import-postcodes", str(path)],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_is_stopped_changes_nothing(importer, settings, ending):
    importer.report(importer.csv(*rows(3)))
    many = [as_csv(rows(4000, f"M{n}")).partition("\n")[2] for n in range(1, 60)]
    process = started(importer.written(as_csv([]) + "".join(many), "large.csv"), settings)
    while not importer.tables_left_behind():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(ending)
    output, _ = process.communicate(timeout=30)
    assert len(importer.postcodes()) == 3
    if ending is signal.SIGINT:
        assert (process.returncode, output.strip()) == (
            130,
            "Stopped. The postcodes are as they were.",
        )
        assert importer.tables_left_behind() == []
    importer.report(importer.csv(row()))
    assert importer.tables_left_behind() == []
