"""A home address is safe: whatever is asked, nothing tells more than the square that is shown."""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import inspect, select, update
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
from webapp.events.queries import EventRow, events_in_view, events_of_moment
from webapp.language import Language
from webapp.moments.models import Moment
from webapp.places.models import Postcode

HERE = Cell.at(ROCHDALE, 16)
# Near the corners of the square and in its middle: as far from each other as two homes in it can be.
HOMES = [(0.01, 0.01), (0.99, 0.01), (0.5, 0.5), (0.01, 0.99), (0.99, 0.99)]
QUESTIONS = 10_000 if os.environ.get("SOAK") else 2_000  # about each of the homes
PUBLIC_ID = "bcdfghjkmn"
PATHS = (
    f"/events/{PUBLIC_ID}",
    f"/cy/events/{PUBLIC_ID}",
    "/",
    "/events",
    "/events?lat=53.62&lon=-2.16",
    "/events?place=2639323",
    "/api/v1/events.geojson?moment=neighbours-day&bbox=-2.4,53.5,-1.9,53.8",
    "/api/v1/moments/neighbours-day/count.json",
    "/moments/neighbours-day",
    "/groups/elm-road",
)


def inside(cell: Cell, across: float, down: float) -> Point:
    box = cell.box
    return Point(
        latitude=box.south + (box.north - box.south) * down,
        longitude=box.west + (box.east - box.west) * across,
    )


@pytest.fixture
def town(session: Session) -> None:
    """Two places and a border inside one square, so that they could give the home away."""
    make_place(session, "Rochdale", inside(HERE, 0.1, 0.5), geonames_id=2639323)
    make_place(session, "Wardleworth", inside(HERE, 0.9, 0.5), population=900)
    make_area(session, "E08000005", inside(HERE, -17.7, 0.5))
    make_area(session, "E08000002", inside(HERE, 18.75, 0.5))
    for letter in "ABDEFGHJ":
        make_postcode(session, f"OL161A{letter}", HERE.centre)


@pytest.fixture
def moment(session: Session, town: None) -> Moment:
    """A day with public events all around, in whose order the private one has its place."""
    moment = make_moment(session, slug="neighbours-day")
    for number in range(8):
        point = inside(HERE, number / 2 - 1.3, (number * 3 % 8) / 3 - 0.7)
        make_event(session, moment=moment, point=point, title=f"Tea {number}")
    return moment


def test_a_private_event_is_answered_alike_wherever_in_its_square_it_is(
    session: Session, client: PageClient, moment: Moment
) -> None:
    group = make_group(session, name="Elm Road")
    answers, counted = set(), set()
    for across, down in HOMES:
        savepoint = session.begin_nested()
        event = make_event(
            session, moment=moment, group=group, venue_type=VenueType.PRIVATE, venue_name=None,
            point=inside(HERE, across, down),
        )  # fmt: skip
        event.public_id = PUBLIC_ID
        session.flush()
        counted.add(session.scalar(select(Event.authority_code).where(Event.id == event.id)))
        answers.add(tuple(public_answers(session, client, moment)))
        savepoint.rollback()

    assert len(answers) == 1
    # The home may be anywhere in the circle that is shown: the two farthest are at its edges.
    widest = inside(HERE, *HOMES[0]).distance_to(inside(HERE, *HOMES[-1]))
    assert widest > 1.9 * HERE.radius_metres - 20
    # And yet it counts where it really is, on either side of the border.
    assert counted == {"E08000005", "E08000002"}


def public_answers(session: Session, client: PageClient, moment: Moment) -> Iterator[str]:
    """Everything that the public can learn of an event: pages, lists, boxes, distances, orders."""
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code == 200, path
        yield answer.text
    yield from (repr(each) for each in asked(session, moment.id))


def asked(session: Session, moment_id: int) -> Iterator[object]:
    """Ask for boxes, and for distances and orders from points, in and around the square."""
    chance = random.Random(1)
    for number in range(QUESTIONS):
        point = inside(HERE, chance.uniform(-1, 2), chance.uniform(-1, 2))
        if number % 2:
            yield tuple(map(plain, nearest(session, moment_id, point, chance.randint(1, 9))))
            continue
        # From about a metre to a kilometre: an edge may fall between any two homes.
        east, north = (10 ** chance.uniform(-5, -2) for _side in range(2))
        box = Box(point.longitude - east, point.latitude - north, point.longitude, point.latitude)
        rows, total = events_in_view(session, moment_id, box, language=Language.ENGLISH, limit=9)
        yield total, tuple(map(plain, rows))


def nearest(session: Session, moment_id: int, point: Point, limit: int) -> list[EventRow]:
    return events_of_moment(session, moment_id, language=Language.ENGLISH, near=point, limit=limit)


def plain(row: EventRow) -> EventRow:
    """Return what a row tells; its number is new each time that the event is listed."""
    return replace(row, id=0, public_id="" if row.public_id != PUBLIC_ID else PUBLIC_ID)


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


def test_a_home_that_was_called_a_street_for_a_day_keeps_its_square(
    session: Session, town: None
) -> None:
    event = make_event(session, venue_type=VenueType.PRIVATE)
    first = session.get_one(ExactPlace, event.id)
    street = placing_of(session, Whereabouts(point=ROCHDALE), VenueType.STREET, kept=first)
    assert street.shown.cell is None
    later = street.exact_place(event.id)
    # Meanwhile most of the homes have gone.
    session.execute(update(Postcode).values(terminated=202706))
    again = placing_of(session, Whereabouts(point=ROCHDALE), VenueType.PRIVATE, kept=later)
    assert str(again.shown.cell) == first.cell


def test_an_event_has_nothing_exact_in_it() -> None:
    columns = {column.name for column in inspect(Event).columns}
    assert not columns & {"exact_point", "postcode", "cell", "point"}
    assert not [each for each in inspect(Event).relationships if each.mapper.class_ is ExactPlace]


def test_no_public_answer_asks_where_an_event_really_is(
    app: Any, client: PageClient, session: Session, questions: list[str], sign_in: Any
) -> None:
    host = sign_in()
    arguments = arguments_of(app, session, host)
    for event in session.scalars(select(Event)):
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
