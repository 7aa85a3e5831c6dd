"""Files of events: every row becomes an event or a refusal."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select

from geo.points import Point
from geo.shapes import from_element
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import ROCHDALE, make_place
from webapp.events.event_file import COLUMNS
from webapp.events.models import Event, EventStatus

REAL_FILE = Path(__file__).parents[3] / "shared/data/events/real_dated_uk_events.csv"

ROW = {
    "source": "eventbrite",
    "title": "Tea on Elm Road",
    "start": "2025-06-10T18:30:00",
    "end": "2025-06-10T21:00:00",
    "venue": "Town Hall",
    "address": "Town Hall, The Esplanade, Rochdale",
    "postcode": "OL16 1AB",
    "lat": "53.6157",
    "long": "-2.1593",
    "url": "https://example.org/tea",
    "status": "live",
}
BY_TOWN = ROW | {"lat": "", "long": "", "url": "https://example.org/town"}


class Importer:
    """Writes files of events and imports them as somebody at the command line does."""

    def __init__(self, app, session, folder):
        self.app, self.session, self.folder = app, session, folder
        self.group = make_group(session)
        self.moment = make_moment(session)
        self.rejects = folder / "rejects.csv"

    def write(self, *rows):
        path = self.folder / "events.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return path

    def run(self, path, *options):
        self.session.commit()
        arguments = ["--group", self.group.slug, "--moment", self.moment.slug]
        arguments += ["--rejects", str(self.rejects), *options]
        return self.app.test_cli_runner().invoke(args=["events", "import", str(path), *arguments])

    def rows(self, *rows, options=()):
        done = self.run(self.write(*rows), *options)
        assert done.exit_code == 0, done.output
        return done.output

    def reasons(self):
        with self.rejects.open(encoding="utf-8", newline="") as file:
            return [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]

    def events(self):
        return self.session.scalars(select(Event).order_by(Event.id)).all()


@pytest.fixture
def importer(app, session, tmp_path):
    make_place(session)
    return Importer(app, session, tmp_path)


def test_a_row_with_coordinates_is_an_event_there(importer):
    output = importer.rows(ROW)
    event = importer.events()[0]
    assert "1 placed by their coordinates" in output
    assert event.title == "Tea on Elm Road"
    assert event.venue_name == "Town Hall, The Esplanade, Rochdale"
    assert event.description == "https://example.org/tea"
    assert from_element(event.public_point) == Point(53.6157, -2.1593)
    assert event.public_radius_metres == 0
    assert event.group_id == importer.group.id
    assert event.moments == [importer.moment]
    assert event.starts_at.isoformat() == "2025-06-10T17:30:00+00:00"


def test_a_row_without_coordinates_is_near_its_town_and_says_so(importer):
    output = importer.rows(BY_TOWN)
    event = importer.events()[0]
    assert "1 placed by their town (approximate)" in output
    assert from_element(event.public_point) == ROCHDALE
    assert event.public_radius_metres > 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": " "}, "title: is missing"),
        ({"title": "x" * 101}, "title: longer than 100 characters"),
        ({"start": "soon"}, "start: “soon” is no date"),
        ({"end": "2025-06-10T18:00:00"}, "it ends before it starts"),
        ({"long": ""}, "only one of lat and long is given"),
        ({"lat": "nan"}, "lat or long is not a number"),
        ({"lat": "-2.1593", "long": "53.6157"}, "lat and long are swapped"),
        ({"lat": "48.85", "long": "2.35"}, "lat and long are outside the United Kingdom"),
        ({"lat": "0", "long": "0"}, "lat and long are outside the United Kingdom"),
        ({"lat": "99.999999", "long": "0.000000"}, "lat or long is out of range"),
        (
            {"lat": "", "long": "", "address": "TBC", "postcode": ""},
            "no coordinates, and no town found in the address",
        ),
    ],
)
def test_a_row_that_cannot_be_an_event_is_refused_with_its_line(importer, changes, reason):
    output = importer.rows(ROW | {"url": "https://example.org/1"}, ROW | changes)
    assert len(importer.events()) == 1
    assert importer.reasons() == [(3, reason)]
    assert "1 refused, with line and reason in" in output


def test_refused_rows_can_be_mended_and_imported(importer):
    importer.rows(ROW | {"lat": "nan"})
    mended = importer.rejects.read_text(encoding="utf-8").replace("nan", "53.6157")
    path = importer.folder / "mended.csv"
    path.write_text(mended, encoding="utf-8")
    importer.run(path)
    assert len(importer.events()) == 1


def test_a_second_run_makes_no_duplicates(importer):
    importer.rows(ROW, BY_TOWN)
    output = importer.rows(ROW, BY_TOWN)
    assert "0 events listed" in output
    assert "2 were there already." in output
    assert len(importer.events()) == 2


def test_the_same_row_twice_in_a_file_is_told(importer):
    importer.rows(ROW, ROW)
    assert len(importer.events()) == 1
    assert importer.reasons() == [(3, "the same as line 2")]


def test_dates_move_into_the_moments_week(importer):
    importer.rows(ROW, options=["--shift-into-moment"])
    event = importer.events()[0]
    assert event.starts_at.isoformat() == "2027-06-01T17:30:00+00:00"
    assert event.ends_at.isoformat() == "2027-06-01T20:00:00+00:00"


def test_what_was_cancelled_is_listed_as_cancelled(importer):
    output = importer.rows(ROW | {"status": "EventCancelled"})
    assert importer.events()[0].status is EventStatus.CANCELLED
    assert "1 of these cancelled" in output


def test_texts_lose_what_nobody_can_see_and_dangerous_addresses(importer):
    importer.rows(ROW | {"title": "Tea\u202e \t party 🎉", "url": "javascript:alert(1)"})
    event = importer.events()[0]
    assert event.title == "Tea party 🎉"
    assert event.description == ""


def test_long_venues_are_shortened(importer):
    importer.rows(ROW | {"venue": "", "address": "Hall " * 60})
    assert len(importer.events()[0].venue_name) <= 120


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "line 1: lacks the columns source, title"),
        (b"name,date\nTea,2025\n", "line 1: lacks the columns source, title"),
        (b"\xff\xfes\x00o\x00", "is UTF-16; save it as"),
        (b"source,title\nCaf\xe9,x\n", "line 2: is not UTF-8; save it as"),
        (b"source\0,title\n", "line 1: holds NUL bytes"),
        (",".join(COLUMNS).encode() + b"\na,b\n", "line 2: 2 cells instead of 11."),
        (",".join(COLUMNS).encode() + b'\n"a,b\n', "line 2: not well-formed CSV"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "Error: "),
    ],
)
def test_a_file_of_another_kind_is_one_sentence_and_changes_nothing(importer, content, sentence):
    path = importer.folder / "bad.csv"
    path.write_bytes(content)
    done = importer.run(path)
    assert done.exit_code == 1
    assert sentence in done.output
    assert done.output.count("\n") == 1
    assert importer.events() == []


def test_a_missing_file_and_a_folder_are_one_sentence(importer):
    missing = importer.run(importer.folder / "nothing.csv")
    folder = importer.run(importer.folder)
    assert missing.output.endswith("nothing.csv: No such file or directory.\n")
    assert folder.output.endswith("Is a directory.\n")


@pytest.mark.parametrize("option", ["--group", "--moment"])
def test_an_unknown_group_or_moment_is_one_sentence(importer, option):
    done = importer.run(importer.write(ROW), option, "no-such-thing")
    assert done.exit_code == 1
    assert "no-such-thing" in done.output
    assert done.output.count("\n") == 1


def test_nothing_is_imported_where_the_refused_rows_cannot_be_written(importer):
    path = importer.write(ROW, ROW | {"title": ""})
    done = importer.run(path, "--rejects", str(importer.folder / "no" / "folder.csv"))
    assert done.exit_code == 1
    assert "Nothing was imported." in done.output
    over_itself = importer.run(path, "--rejects", str(path))
    assert "is the file that is being imported" in over_itself.output
    importer.session.rollback()
    assert importer.events() == []


def test_the_real_file_becomes_events_and_refusals_without_a_rest(importer, session):
    if not REAL_FILE.exists():
        pytest.skip(f"the real file is not here: {REAL_FILE.name}")
    make_place(session, "Manchester", Point(53.4809, -2.2374), population=568_996)
    done = importer.run(REAL_FILE, "--shift-into-moment")
    assert done.exit_code == 0, done.output
    assert "470 rows read" in done.output
    assert "170 placed by their coordinates" in done.output
    listed = session.scalar(select(func.count()).select_from(Event))
    assert listed + len(importer.reasons()) == 470
    days = session.execute(select(func.min(Event.starts_at), func.max(Event.starts_at))).one()
    assert [day.isoformat()[:10] for day in days] == ["2027-05-30", "2027-06-06"]
    again = importer.run(REAL_FILE, "--shift-into-moment")
    assert f"{listed} were there already." in again.output
