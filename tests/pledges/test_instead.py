"""Who was to come to an event that is off goes somewhere near, or takes part at home: once, with one tap."""

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.pledges import make_pledge
from tests.pledges.test_moving import cancel, do, events, headline, restore, take  # noqa: F401 -- fixtures
from tests.pledges.test_rollup import fold, fold_all
from webapp.events.models import Event, EventStatus
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import NonceSigner, Receipt

NOT_COUNTED = "You are not counted now"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    session.commit()
    return event


def path_of(app: Flask, receipt: Receipt) -> str:
    return f"/pledges/{NonceSigner(app.config['SECRET_KEY']).sign_receipt(receipt)}"


def called_off(session: Session, event: Event, status: EventStatus = EventStatus.CANCELLED) -> None:
    event.status = status
    session.commit()


def entries(session: Session) -> list[tuple[int | None, int]]:
    found = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    return [(each.event_id, each.party_change) for each in found]


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.HIDDEN])
def test_the_receipt_leads_to_what_is_near_and_home_without_script(
    app: Flask, client: PageClient, session: Session, event: Event, status: EventStatus
) -> None:
    near = make_event(session, moment=event.moments[0], title="Soup next door")
    path = path_of(app, make_pledge(session, event, 3))
    called_off(session, event, status)
    assert f"{path}/instead" in client.page(path).links
    page = client.page(f"{path}/instead")
    assert "Soup next door" in page.text
    assert event.title not in page.text

    for _ in range(2):  # pressed twice
        answer = client.send(f"{path}/instead", {"event": near.public_id}, csrf=False)
        assert answer.status == 303
    assert "Soup next door" in client.page(answer.location).text
    answer = client.send(f"{path}/instead", {"event": ""}, csrf=False)
    assert "At home" in client.page(answer.location).text

    assert entries(session) == [(event.id, 3), (near.id, 3), (None, 3)]
    people = session.scalars(select(LedgerEntry.participant)).all()
    assert len(set(people)) == 1  # so that the number counts three


def test_who_withdraws_that_too_may_choose_it_again(
    app: Flask, client: PageClient, session: Session, event: Event
) -> None:
    path = path_of(app, make_pledge(session, event, 3))
    called_off(session, event)
    for _ in range(3):
        answer = client.send(f"{path}/instead", {"event": ""}, csrf=False)
        receipt = answer.location.partition("?")[0]
        assert "3 people from you" in client.page(receipt).text
        client.send(f"{receipt}/withdraw", csrf=False)

    assert sum(party for event_id, party in entries(session) if event_id is None) == 0
    assert len(entries(session)) == 1 + 3 * 2


def test_what_is_on_leads_nobody_away(
    app: Flask, client: PageClient, session: Session, event: Event
) -> None:
    path = path_of(app, make_pledge(session, event, 3))
    session.commit()

    assert client.page(f"{path}/instead").location == path
    answer = client.send(f"{path}/instead", {"event": ""}, csrf=False)
    assert client.page(answer.location).location == path
    assert entries(session) == [(event.id, 3)]


@pytest.mark.parametrize("chosen", ["zzzzzzzzzz", "itself", "of another moment", "\0", "x" * 5000])
def test_what_cannot_be_chosen_counts_nobody(
    app: Flask, client: PageClient, session: Session, event: Event, chosen: str
) -> None:
    other = make_event(session)
    path = path_of(app, make_pledge(session, event, 3))
    called_off(session, event)
    named = {"itself": event.public_id, "of another moment": other.public_id}
    answer = client.send(f"{path}/instead", {"event": named.get(chosen, chosen)}, csrf=False)

    assert answer.location == f"{path}/instead"
    assert entries(session) == [(event.id, 3)]


def test_who_withdrew_and_who_has_no_receipt_take_nothing_over(
    app: Flask, client: PageClient, session: Session, event: Event
) -> None:
    path = path_of(app, make_pledge(session, event, 3))
    session.commit()
    client.send(f"{path}/withdraw", csrf=False)
    called_off(session, event)

    assert client.page(f"{path}/instead").location == path
    assert client.send(f"{path[:-2]}/instead", {"event": ""}, csrf=False).status == 404
    foreign = {"Origin": "https://evil.example"}
    answer = client.send(f"{path}/instead", {"event": ""}, csrf=False, headers=foreign)
    assert answer.status == 403
    assert entries(session) == [(event.id, 3), (event.id, -3)]


def test_who_goes_elsewhere_counts_once_when_the_event_is_on_again(
    app: Flask,
    engine: Engine,
    events: list[Event],  # noqa: F811 -- a fixture
) -> None:
    event, near = events
    path = path_of(app, take(engine, event, 3))
    do(engine, event, cancel)
    fold_all(engine)
    assert headline(engine, event) == 0
    public_id = near.public_id

    def press(_session: Session) -> int:
        data, own = {"event": public_id}, {"Origin": "http://localhost"}
        return app.test_client().post(f"{path}/instead", data=data, headers=own).status_code

    assert NOT_COUNTED in app.test_client().get(path).text
    assert set(at_once(engine, 8, press)) == {303}
    fold_all(engine)
    fold(engine)
    assert headline(engine, event) == 3
    receipt = app.test_client().get(path).text
    assert "You are counted elsewhere" in receipt
    assert NOT_COUNTED not in receipt
    do(engine, event, restore)
    fold_all(engine)
    fold(engine)

    assert headline(engine, event) == 3
