"""What somebody does with a receipt: change how many come, withdraw, and see what became of it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.pledges import make_pledge
from webapp.events.models import Event, EventStatus
from webapp.pledges.actions import pledge
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce, NonceSigner, Receipt


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


def address(app: Flask, receipt: Receipt) -> str:
    return f"/pledges/{NonceSigner(app.config['SECRET_KEY']).sign_receipt(receipt)}"


@pytest.fixture
def path(app: Flask, session: Session, event: Event) -> str:
    receipt = make_pledge(session, event, party=4)
    session.commit()
    return address(app, receipt)


def nonce_of(client: PageClient, path: str) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', client.page(path).html)
    assert found
    return found[1]


def changes(session: Session) -> list[tuple[str, int]]:
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    return [(each.kind, each.party_change) for each in entries]


def send(client: PageClient, path: str, **data: str) -> int:
    return client.send(path, data, csrf=False).status


def test_fewer_come(client: PageClient, session: Session, path: str) -> None:
    nonce = nonce_of(client, f"{path}/change")
    for _ in range(2):  # a double tap
        assert send(client, f"{path}/change", nonce=nonce, party="1") == 303

    assert changes(session) == [("pledged", 4), ("changed", -3)]
    assert "1 person from you" in client.page(path).text


def test_nobody_comes(client: PageClient, session: Session, path: str) -> None:
    nonce = nonce_of(client, f"{path}/withdraw")
    for _ in range(2):
        assert send(client, f"{path}/withdraw", nonce=nonce) in {200, 303}

    assert changes(session) == [("pledged", 4), ("withdrawn", -4)]
    page = client.page(path)
    assert "You have withdrawn" in page.text
    assert f"{path}/change" not in page.links
    assert "You’re in" not in client.page(f"{path}?thanks=1").h1


def test_what_was_withdrawn_cannot_be_changed(
    client: PageClient, session: Session, path: str
) -> None:
    late = nonce_of(client, f"{path}/change")
    send(client, f"{path}/withdraw", nonce=nonce_of(client, f"{path}/withdraw"))

    assert send(client, f"{path}/change", nonce=late, party="2") == 422
    assert "can no longer be changed" in client.page(f"{path}/change").text
    assert len(changes(session)) == 2


@pytest.mark.parametrize("party", ["", "0", "13", "1.5", "٣", "two"])
def test_a_party_that_is_none_is_said_so(
    client: PageClient, session: Session, path: str, party: str
) -> None:
    answer = client.send(
        f"{path}/change", {"nonce": nonce_of(client, f"{path}/change"), "party": party}, csrf=False
    )

    assert answer.status == 422
    assert answer.value("party") == party
    assert changes(session) == [("pledged", 4)]


def test_the_same_number_writes_nothing(client: PageClient, session: Session, path: str) -> None:
    nonce = nonce_of(client, f"{path}/change")

    assert send(client, f"{path}/change", nonce=nonce, party="4") == 303
    assert changes(session) == [("pledged", 4)]


def test_it_can_be_changed_until_the_event_is_over(
    client: PageClient, session: Session, event: Event, path: str
) -> None:
    with time_machine.travel(event.ends_at + timedelta(hours=1)):
        assert send(client, f"{path}/withdraw", nonce="not a number") == 422
    with time_machine.travel(event.starts_at):
        assert send(client, f"{path}/withdraw", nonce="not a number") == 303

    assert changes(session) == [("pledged", 4), ("withdrawn", -4)]


@pytest.mark.parametrize("act", ["change", "withdraw"])
def test_a_form_with_another_pledge_s_key_is_a_form_like_any_other(
    client: PageClient, session: Session, event: Event, path: str, act: str
) -> None:
    other = make_pledge(session, event, party=3)
    session.commit()
    number = {"change": 1, "withdraw": 0}[act]

    for _ in range(2):
        assert send(client, f"{path}/{act}", nonce=str(other.key), party="1") in {200, 303}

    assert sum(change for _, change in changes(session)) == 3 + number
    assert len(changes(session)) == 3


def test_who_takes_part_at_home_withdraws_as_well(
    app: Flask, client: PageClient, session: Session
) -> None:
    moment = make_moment(session)
    path = address(app, pledge(session, Nonce.fresh(moment.id, None), party=2))
    session.commit()

    assert send(client, f"{path}/withdraw", nonce=nonce_of(client, f"{path}/withdraw")) == 303
    assert changes(session) == [("pledged", 2), ("withdrawn", -2)]


def test_another_site_can_do_nothing(client: PageClient, session: Session, path: str) -> None:
    for act in ("change", "withdraw"):
        answer = client.post(
            f"{path}/{act}", data={"party": "1"}, headers={"Origin": "https://evil.example"}
        )
        assert answer.status_code == 403

    assert changes(session) == [("pledged", 4)]


@pytest.mark.parametrize("token", ["made-up", "a.b"])
def test_a_receipt_that_was_never_given_is_not_found(client: PageClient, token: str) -> None:
    for act in ("change", "withdraw"):
        assert client.page(f"/pledges/{token}/{act}").status == 404


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.HIDDEN, EventStatus.DRAFT])
def test_of_an_event_that_is_off_a_receipt_says_so_and_offers_something_else(
    client: PageClient, session: Session, event: Event, path: str, status: EventStatus
) -> None:
    event.status = status
    session.commit()

    page = client.page(path)

    assert "You are not counted now" in page.text
    assert "counted once" not in page.text
    assert f"{path}/instead" in page.links
    assert f"{path}/change" not in page.links
    assert send(client, f"{path}/change", nonce=str(uuid4()), party="2") == 422
    assert send(client, f"{path}/withdraw", nonce=str(uuid4())) == 422
    assert changes(session) == [("pledged", 4)]


def test_of_a_postponed_event_a_receipt_can_be_changed(
    client: PageClient, session: Session, event: Event, path: str
) -> None:
    event.status = EventStatus.POSTPONED
    session.commit()

    assert "You are not counted now" not in client.page(path).text
    assert send(client, f"{path}/change", nonce=str(uuid4()), party="2") == 303
