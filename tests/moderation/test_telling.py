"""Anybody tells staff what is wrong with an event; staff decide, and nothing happens by itself."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.moderation import make_concern
from webapp.events.models import Event, EventStatus
from webapp.jobs import queue
from webapp.mail import worded
from webapp.moderation.actions import MAX_OPEN_PER_EVENT, MAX_PER_CLIENT, forget_clients
from webapp.moderation.models import Concern, ConcernKind
from webapp.moderation.tasks import forget_concerned_clients
from webapp.outbox import OutgoingMail

TOLD = {"kind": "not-real", "text": "", "leave_empty": ""}


@pytest.fixture
def event(session: Session) -> Event:
    """An event that everybody sees."""
    made = make_event(session)
    session.commit()
    return made


def tell(
    client: PageClient, event: Event, *, client_address: str = "192.0.2.1", **changes: Any
) -> Page:
    path = f"/events/{event.public_id}/report"
    where = {"REMOTE_ADDR": client_address}
    answers = {**TOLD, "nonce": client.page(path).value("nonce"), **changes}
    return client.send(path, answers, csrf=False, environ_base=where)


def told(session: Session) -> int:
    return session.execute(select(func.count()).select_from(Concern)).scalar_one()


def mails(session: Session) -> list[OutgoingMail]:
    return list(session.execute(select(OutgoingMail)).scalars())


def test_anybody_tells_without_an_account_or_a_cookie(
    client: PageClient, session: Session, event: Event
) -> None:
    page = client.page(f"/events/{event.public_id}/report")
    assert "Set-Cookie" not in page.headers

    answer = tell(client, event, text="The hall closed\r\nlast year.")

    assert answer.status == 303
    assert client.page(answer.location).h1 == "Thank you for telling us"
    session.expire_all()
    concern = session.execute(select(Concern)).scalar_one()
    assert concern.kind is ConcernKind.NOT_REAL
    assert concern.text == "The hall closed\nlast year."
    assert concern.client_hash
    assert event.status is EventStatus.PUBLISHED
    assert mails(session) == []


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"kind": ""}, "Choose what comes closest."),
        ({"kind": "nothing"}, "Choose one of the options."),
        ({"kind": "other"}, "Say in a few words what is wrong."),
        ({"kind": "other", "text": "\u200b"}, "Say in a few words what is wrong."),
        ({"text": "x" * 5000}, "Shorten this to 1000 characters or fewer."),
        ({"text": "a\u202eb"}, "There were invisible characters"),
    ],
)
def test_what_is_wrong_with_it_is_said_beside_the_field(
    client: PageClient, session: Session, event: Event, answers: dict[str, str], sentence: str
) -> None:
    page = tell(client, event, **answers)

    assert page.status == 422
    assert sentence in page.errors[0]
    assert page.all("title")[0].text.startswith("Mistake:")
    assert told(session) == 0


def test_a_double_tap_tells_once(client: PageClient, session: Session, event: Event) -> None:
    path = f"/events/{event.public_id}/report"
    answers = TOLD | {"nonce": client.page(path).value("nonce")}
    for _ in range(2):
        assert client.send(path, answers, csrf=False).status == 303

    assert told(session) == 1


def test_over_the_limit_the_answer_is_the_same(
    client: PageClient, session: Session, event: Event
) -> None:
    answers = [tell(client, event) for _ in range(MAX_PER_CLIENT + 1)]

    assert {(each.status, each.location) for each in answers} == {
        (303, f"/events/{event.public_id}/told")
    }
    assert told(session) == MAX_PER_CLIENT


def test_an_event_has_fifty_open_concerns_at_most(
    client: PageClient, session: Session, event: Event
) -> None:
    for _ in range(MAX_OPEN_PER_EVENT):
        make_concern(session, event, NOW - timedelta(days=1))
    session.commit()

    assert tell(client, event).status == 303
    assert told(session) == MAX_OPEN_PER_EVENT


def test_a_program_is_thanked_and_nothing_is_kept(
    client: PageClient, session: Session, event: Event
) -> None:
    assert tell(client, event, leave_empty="x").status == 303
    assert told(session) == 0


def test_another_sites_page_cannot_tell_us(client: PageClient, event: Event) -> None:
    path = f"/events/{event.public_id}/report"
    headers = {"Origin": "https://evil.example"}

    assert client.send(path, TOLD, csrf=False, headers=headers).status == 403


def test_what_is_not_public_cannot_be_told_of(
    client: PageClient, session: Session, event: Event
) -> None:
    event.status = EventStatus.IN_REVIEW
    session.commit()

    assert client.page(f"/events/{event.public_id}/report").status == 404
    assert client.page(f"/events/{event.public_id}/told").status == 404


def test_three_clients_that_tell_of_a_home_address_make_one_mail_to_each_of_staff(
    app: Flask, client: PageClient, session: Session, event: Event
) -> None:
    for email in ("a@example.org", "b@example.org"):
        make_user(session, staff=True, email=email)
    make_user(session, staff=True, active=False)
    make_user(session)
    session.commit()
    for _ in range(3):
        tell(client, event, kind="home-address")
    tell(client, event, kind="home-address", client_address="192.0.2.2")
    assert mails(session) == []

    for address in ("192.0.2.3", "192.0.2.4"):
        tell(client, event, kind="home-address", client_address=address)

    session.expire_all()
    assert sorted(mail.recipient for mail in mails(session)) == ["a@example.org", "b@example.org"]
    assert event.status is EventStatus.PUBLISHED
    with app.app_context():
        message = worded(mails(session)[0])
    assert f"/staff/review/{event.public_id}" in message.text
    assert f"/staff/review/{event.public_id}" in message.html
    assert "/hide/" not in message.text


def test_one_network_of_ipv6_is_one_client(
    client: PageClient, session: Session, event: Event
) -> None:
    make_user(session, staff=True)
    for number in range(1, 5):
        tell(client, event, kind="home-address", client_address=f"2001:db8::{number}")

    assert mails(session) == []


def test_who_told_is_forgotten_after_a_day(session: Session, event: Event) -> None:
    old = make_concern(session, event, NOW - timedelta(days=1, minutes=1), client_hash=b"x")
    new = make_concern(session, event, NOW - timedelta(hours=23), client_hash=b"x")
    forget_clients(session, NOW)
    session.expire_all()

    assert (old.client_hash, new.client_hash) == (None, b"x")


def test_the_worker_forgets_them_by_the_clock(app: Flask, session: Session, event: Event) -> None:
    old = make_concern(session, event, NOW - timedelta(days=2), client_hash=b"x")
    session.commit()

    with app.app_context():
        forget_concerned_clients(timestamp=0)

    session.expire_all()
    assert old.client_hash is None
    assert "webapp.moderation.tasks" in queue.import_paths
