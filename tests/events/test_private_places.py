"""A home address is safe: whatever is asked, nothing tells more than the square that is shown."""

import os
import random
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from geo.bounds import Box
from geo.cells import Cell
from geo.points import Point
from geo.privacy import VenueType
from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import ROCHDALE, make_area, make_place, make_postcode
from tests.whole_app.addresses import address, arguments_of, rules
from webapp.events.exact_places import ExactPlace
from webapp.events.models import Event
from webapp.events.placing import Whereabouts, placing_of
from webapp.events.queries import events_in_view, events_of_moment
from webapp.language import Language

HERE = Cell.at(ROCHDALE, 16)
QUESTIONS = 10_000 if os.environ.get("SOAK") else 200


def inside(cell: Cell, across: float, down: float) -> Point:
    box = cell.box
    return Point(
        latitude=box.south + (box.north - box.south) * down,
        longitude=box.west + (box.east - box.west) * across,
    )


@pytest.fixture
def town(session: Session) -> None:
    """Two places and a border inside one square, so that they could give the home away."""
    make_place(session, "Rochdale", inside(HERE, 0.1, 0.5))
    make_place(session, "Wardleworth", inside(HERE, 0.9, 0.5), population=900)
    make_area(session, "E08000005", inside(HERE, -19, 0.5))
    for letter in "ABDEFGHJ":
        make_postcode(session, f"OL161A{letter}", HERE.centre)


def test_a_private_event_is_answered_alike_wherever_in_its_square_it_is(
    session: Session, client: PageClient, town: None
) -> None:
    moment = make_moment(session, slug="neighbours-day")
    group = make_group(session)
    answers = set()
    for across, down in [(0.01, 0.01), (0.99, 0.02), (0.5, 0.5), (0.2, 0.98)]:
        savepoint = session.begin_nested()
        event = make_event(
            session, moment=moment, group=group, venue_type=VenueType.PRIVATE, venue_name=None,
            point=inside(HERE, across, down),
        )  # fmt: skip
        event.public_id = "bcdfghjkmn"
        session.flush()
        answers.add(tuple(public_answers(session, client, moment.id, event.public_id)))
        savepoint.rollback()
    assert len(answers) == 1


def public_answers(
    session: Session, client: PageClient, moment_id: int, public_id: str
) -> list[str]:
    """Everything that the public can learn of an event: pages, lists, boxes, distances, orders."""
    west, south, east, north = -2.4, 53.5, -1.9, 53.8
    chance = random.Random(1)
    pages = (
        f"/events/{public_id}",
        "/events",
        "/events?lat=53.62&lon=-2.16",
        f"/api/v1/events.geojson?moment=neighbours-day&bbox={west},{south},{east},{north}",
        "/moments/neighbours-day",
    )
    found = [repr(each) for each in asked(session, moment_id, chance)]
    return found + [client.page(path).html for path in pages]


def asked(session: Session, moment_id: int, chance: random.Random) -> list[Any]:
    """Ask for boxes and for distances from points around the square."""
    found: list[Any] = []
    for _number in range(QUESTIONS):
        point = inside(HERE, chance.uniform(-1, 2), chance.uniform(-1, 2))
        size = chance.uniform(0.00001, 0.01)
        box = Box(point.longitude - size, point.latitude - size, point.longitude, point.latitude)
        rows, total = events_in_view(session, moment_id, box, language=Language.ENGLISH, limit=5)
        near = events_of_moment(session, moment_id, language=Language.ENGLISH, near=point, limit=5)
        found += [total, *map(plain, rows), *map(plain, near)]
    return found


def plain(row: Any) -> tuple[Any, ...]:
    """What a row tells, but for the numbers of its id."""
    return (row.point, row.radius_metres, row.place_name, row.distance_metres, row.venue_name)


def test_editing_a_private_event_a_hundred_times_tells_nobody_more(
    session: Session, town: None
) -> None:
    event = make_event(session, venue_type=VenueType.PRIVATE, point=inside(HERE, 0.4, 0.4))
    kept = session.get_one(ExactPlace, event.id)
    # More homes come: a new event would be shown in a smaller circle.
    for number in range(100):
        moved = Whereabouts(point=inside(HERE, 0.3 + number / 500, 0.4))
        placing = placing_of(session, moved, VenueType.PRIVATE, kept=kept)
        placing.put(event)
        assert placing.shown.point == HERE.centre
        assert event.public_radius_metres == HERE.radius_metres


def test_a_square_grown_for_few_homes_stays_when_more_are_built(session: Session) -> None:
    make_place(session)
    event = make_event(session, venue_type=VenueType.PRIVATE)
    kept = session.get_one(ExactPlace, event.id)
    for letter in "ABDEFGHJ":
        make_postcode(session, f"OL161A{letter}", HERE.centre)
    placing = placing_of(session, Whereabouts(point=ROCHDALE), VenueType.PRIVATE, kept=kept)
    assert str(placing.shown.cell) == kept.cell
    anew = placing_of(session, Whereabouts(point=ROCHDALE), VenueType.PRIVATE)
    assert anew.shown.cell == HERE


def test_an_event_has_nothing_exact_in_it() -> None:
    columns = {column.name for column in inspect(Event).columns}
    assert not columns & {"exact_point", "postcode", "cell", "point"}
    assert not [each for each in inspect(Event).relationships if each.mapper.class_ is ExactPlace]


def test_no_public_answer_asks_where_an_event_really_is(
    app: Any, client: PageClient, session: Session, questions: list[str], sign_in: Any
) -> None:
    host = sign_in()
    arguments = arguments_of(app, session, host)
    event = session.scalars(select(Event)).one()
    event.venue_type = VenueType.PRIVATE
    session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
    questions.clear()
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            client.get(address(app, rule, arguments))
    assert len(questions) > 20
    assert not [each for each in questions if "exact_place" in each]
