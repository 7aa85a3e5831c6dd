"""Pages say truly whether somebody may decide alone: what they decided in the last day counts as well."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.corrections.test_pages import ask, only, trial
from tests.factories.accounts import make_user
from tests.factories.corrections import make_decision, make_held
from tests.factories.events import make_event
from webapp.accounts.models import User
from webapp.corrections.carrying_out import carry_out
from webapp.corrections.models import DecisionState
from webapp.events.models import Event
from webapp.pledges.models import MomentTally, PledgeStanding

NEEDS_TWO = "This needs a second person"


@pytest.fixture(autouse=True)
def sam(session: Session, sign_in: Callable[..., User]) -> User:
    """One of staff, signed in."""
    return sign_in(make_user(session, staff=True))


@pytest.fixture
def event(session: Session) -> Event:
    """An event with 240 people who are held, of a moment where one may decide about 400 alone."""
    event = make_event(session)
    for _ in range(20):
        make_held(session, event, 12)
    session.execute(update(MomentTally).values(people=40_000))
    session.commit()
    return event


def test_what_was_decided_alone_before_is_taken_off(
    client: PageClient, session: Session, event: Event, sam: User
) -> None:
    assert NEEDS_TWO not in client.page(trial(event)).text
    earlier = {"state": DecisionState.DONE, "done_heads": 200, "heads": 200}
    make_decision(session, event.moments[0], by=sam, **earlier)
    session.commit()

    page = client.page(trial(event))
    answer = ask(client, event)

    assert NEEDS_TWO in page.text
    assert "so many people at most: 200." in page.text
    assert "What was decided alone in the last day is taken off." in page.text
    assert only(session).state == "waiting"
    assert "Another member of staff has to confirm this." in client.page(answer.location).text


def test_it_is_said_of_what_is_too_large_alone(
    client: PageClient, session: Session, event: Event
) -> None:
    session.execute(update(PledgeStanding).values(party=12))
    session.commit()

    assert f"{NEEDS_TWO}Take them out of the number: " in client.page(trial(event)).text
    assert ask(client, event, held="239").status == 422
    assert ask(client, event).status == 303
    assert only(session).state == "running"


def test_undoing_counts_besides_what_is_undone(
    client: PageClient, session: Session, event: Event
) -> None:
    ask(client, event)
    number = only(session).id
    while carry_out(session, number, now=NOW):
        pass
    session.commit()
    path = f"/staff/held/decisions/{number}/undo"

    page = client.page(path)
    why = {"cause": "mistake", "reason": "It was no school.", "heads": page.value("heads")}
    client.send(path, why)

    assert "Another member of staff has to confirm it." in page.text
    assert only(session).state == "waiting"
