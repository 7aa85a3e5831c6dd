"""The home page: the moment, the number, what is on."""

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from webapp.pledges.models import MomentTally

MOST_QUESTIONS = 6


def test_home_shows_the_next_moment_and_its_number(client: PageClient, session: Session) -> None:
    moment = make_moment(session)
    make_event(session, moment=moment)
    session.add(MomentTally(moment_id=moment.id, pledges=2, heads=12_345, people=12_345))
    session.flush()

    page = client.page("/")

    assert page.h1 == "Neighbours’ Day"
    assert "12,345 people are in" in page.text
    assert "as of" in page.text
    assert "Tea on Elm Road" in page.text


def test_home_without_a_moment_says_so(client: PageClient, session: Session) -> None:
    page = client.page("/")

    assert page.status == 200
    assert "No national day is coming up" in page.text


@pytest.mark.parametrize("events", [0, 1, 12])
def test_home_asks_the_database_at_most_six_questions(
    client: PageClient, session: Session, questions: list[str], events: int
) -> None:
    moment = make_moment(session)
    for number in range(events):
        make_event(session, moment=moment, title=f"Event number {number}")
    session.commit()
    questions.clear()

    client.page("/")

    assert len(questions) <= MOST_QUESTIONS, questions


def test_home_in_welsh(client: PageClient, session: Session) -> None:
    make_moment(session)

    page = client.page("/cy/")

    assert page.tree.get("lang") == "cy"
    assert page.h1 == "Diwrnod y Cymdogion"
    assert "/cy/events" in page.links
    assert "/" in page.links
