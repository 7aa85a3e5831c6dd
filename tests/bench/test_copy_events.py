"""Events made by COPY have the shape of events that hosts list."""

from sqlalchemy import text

from bench.copy_events import COLUMNS, copy_events
from bench.report import median_milliseconds, print_table
from geo.points import Point
from tests.factories.moments import make_moment
from tests.factories.places import make_place
from webapp.events.demonstration import list_demonstration
from webapp.events.models import Event

COUNT = 120

# For each column: how it may be empty, and for those with few values which they are.
SHAPE = text("""
    SELECT bool_or({0} IS NULL), bool_and({0} IS NULL), min(pg_typeof({0})::text)
    FROM event JOIN event_moment ON event_moment.event_id = event.id WHERE moment_id = :moment
""").text
VALUES = text("""
    SELECT DISTINCT venue_type, status, public_radius_metres > 0,
        ST_SRID(public_point), GeometryType(public_point), venue_name IS NULL,
        length(public_id), starts_at::date
    FROM event JOIN event_moment ON event_moment.event_id = event.id WHERE moment_id = :moment
""")


def _shapes(session, moment):
    names = [column.name for column in Event.__table__.columns]
    return {
        name: session.execute(text(SHAPE.format(f"event.{name}")), {"moment": moment.id}).one()
        for name in names
    }


def _values(session, moment):
    return {tuple(row) for row in session.execute(VALUES, {"moment": moment.id})}


def test_copied_events_have_the_shape_of_listed_ones(session):
    make_place(session)
    make_place(session, "Bury", Point(53.5933, -2.2966), population=60_000)
    listed = make_moment(session, is_demonstration=True)
    copied = make_moment(session, is_demonstration=True)
    list_demonstration(session, listed, COUNT)
    copy_events(session, copied, COUNT)
    assert _shapes(session, copied) == _shapes(session, listed)
    assert _values(session, copied) == _values(session, listed)


def test_every_column_that_an_event_cannot_do_without_is_copied():
    columns = Event.__table__.columns
    by_itself = {each.name for each in columns if each.server_default is not None or each.nullable}

    assert {each.name for each in columns} - by_itself - {"id"} <= set(COLUMNS)


def test_a_median_and_a_table(capsys):
    assert median_milliseconds([lambda: None] * 3) < 100
    print_table("Title", ["question", "ms"], [["one", "1.25"], ["another", "10.00"]])
    assert capsys.readouterr().out.splitlines()[3:] == [
        "question     ms",
        "--------  -----",
        "one        1.25",
        "another   10.00",
    ]
