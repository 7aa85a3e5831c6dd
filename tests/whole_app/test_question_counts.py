"""List pages ask the database as many questions for many rows as for one."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from webapp.accounts.models import User

PATHS = [
    "/",
    "/events",
    "/events?lat=53.62&lon=-2.16",
    "/moments/neighbours-day",
    "/groups/elm-road",
    "/account",
    "/api/v1/events.geojson?moment=neighbours-day",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_number_of_questions_does_not_grow(
    client: PageClient,
    session: Session,
    sign_in: Callable[..., User],
    questions: list[str],
    path: str,
) -> None:
    moment = make_moment(session, slug="neighbours-day")
    group = make_group(session, by=sign_in(), name="Elm Road")
    counts = []
    for more in (1, 30):
        for number in range(more):
            make_event(session, moment=moment, group=group, title=f"Party {more} {number}")
        session.commit()
        session.expire_all()
        questions.clear()
        assert client.page(path).status == 200
        counts.append(len(questions))

    assert counts[0] == counts[1], questions
