"""List pages ask the database as many questions for many rows as for one."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import ROCHDALE, make_place
from tests.factories.pledges import make_pledge
from webapp.accounts.models import User
from webapp.events.models import Event

LONG_AGO = datetime(2027, 5, 1, 12, tzinfo=UTC)
SIZES = (1, 20, 200) if os.environ.get("SOAK") else (1, 20)
PATHS = [
    "/",
    "/cy/",
    "/events",
    "/events?lat=53.62&lon=-2.16",
    "/events?place={place}",
    "/events?postcode=OL11",
    "/moments/neighbours-day",
    "/moments/neighbours-day/pledge",
    "/groups/elm-road",
    "/events/{event}",
    "/account",
    "/events/new",
    "/api/v1/events.geojson?moment=neighbours-day",
    "/api/v1/moments/neighbours-day/count.json",
    "/api/v1/places.json",
]


def test_the_number_of_questions_does_not_grow(
    client: PageClient,
    session: Session,
    sign_in: Callable[..., User],
    questions: list[str],
) -> None:
    host, place = sign_in(), make_place(session)
    moment = make_moment(session, slug="neighbours-day")
    group = make_group(session, by=host, name="Elm Road")
    event = make_event(session, moment=moment, group=group)
    asked: dict[int, dict[str, list[str]]] = {}
    made = 0
    for size in SIZES:
        for number in range(made, size):
            add_a_row_to_every_list(session, event, host, number)
        made = size
        session.commit()
        asked[size] = {}
        for path in PATHS:
            questions.clear()
            session.expire_all()
            address = path.format(place=place.geonames_id, event=event.public_id)
            assert client.page(address).status == 200, address
            asked[size][path] = list(questions)

    smallest = {path: len(texts) for path, texts in asked[SIZES[0]].items()}
    for size in SIZES[1:]:
        grown = {path: texts for path, texts in asked[size].items() if len(texts) > smallest[path]}
        assert not grown, (size, grown)


def add_a_row_to_every_list(session: Session, event: Event, host: User, number: int) -> None:
    """Make more of everything that a list page may show beside an event."""
    moment, group = event.moments[0], event.group
    over = {"starts_at": LONG_AGO, "ends_at": LONG_AGO + timedelta(hours=1)}
    another = make_group(session, name=f"Host {number}")
    make_pledge(session, make_event(session, moment=moment, group=group))
    make_event(session, moment=moment, group=another, title=f"Party {number}")
    make_event(session, moment=moment, group=group, **(over if number % 2 else {}))
    make_group(session, by=host, name=f"Another {number}")
    make_place(session, f"Town {number}", ROCHDALE)
