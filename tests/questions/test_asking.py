"""Neighbours ask a host without either learning the other’s address."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.questions import make_question
from webapp.events.models import Event, EventStatus
from webapp.jobs import queue
from webapp.mail import worded
from webapp.outbox import OutgoingMail
from webapp.questions.actions import MAX_PER_CLIENT, MAX_PER_EVENT, forget_old_questions
from webapp.questions.models import Question
from webapp.questions.tasks import forget_questions

ASKED = {
    "question": "Is there a step?",
    "email": "Asker@example.org",
    "name": "Ada",
    "leave_empty": "",
}


@pytest.fixture
def event(session: Session) -> Event:
    """An event whose host can be asked."""
    group = make_group(session, by=make_user(session, email="host@example.org"))
    made = make_event(session, group=group)
    session.commit()
    return made


def send(client: PageClient, event: Event, **changes: Any) -> Page:
    path = f"/events/{event.public_id}/ask"
    nonce = client.page(path).value("nonce")
    return client.send(path, {**ASKED, "nonce": nonce, **changes}, csrf=False)


def asked(session: Session) -> list[Question]:
    statement = select(Question).options(undefer(Question.asker_email)).order_by(Question.id)
    return list(session.execute(statement).scalars())


def mails(session: Session) -> list[OutgoingMail]:
    return list(session.execute(select(OutgoingMail)).scalars())


def test_a_question_goes_to_the_host_and_nothing_to_whoever_asks(
    app: Flask, client: PageClient, session: Session, event: Event
) -> None:
    answer = send(client, event)

    assert answer.status == 303
    assert answer.location == f"/events/{event.public_id}/asked"
    assert client.page(answer.location).h1 == "Your question is on its way"
    [question], [mail] = asked(session), mails(session)
    assert (question.asker_email, question.asker_name) == ("asker@example.org", "Ada")
    assert mail.recipient == "host@example.org"
    with app.app_context():
        message = worded(mail)
    for text in (message.text, message.html):
        assert "Is there a step?" in text
        assert "Ada" in text
        assert f"/questions/{question.id}" in text
        assert "asker@example.org" not in text
        assert "/hide/" in text


def test_the_page_shows_no_address_and_touches_no_cookie(
    client: PageClient, session: Session, event: Event
) -> None:
    page = client.page(f"/events/{event.public_id}/ask")

    assert "host@example.org" not in page.html
    assert "Who sees what" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


def test_a_double_tap_asks_once(client: PageClient, session: Session, event: Event) -> None:
    path = f"/events/{event.public_id}/ask"
    answers = ASKED | {"nonce": client.page(path).value("nonce")}

    for _ in range(2):
        assert client.send(path, answers, csrf=False).status == 303

    assert len(asked(session)) == len(mails(session)) == 1


def test_a_name_is_optional_and_an_odd_nonce_no_crash(
    client: PageClient, session: Session, event: Event
) -> None:
    for nonce in ("", "nothing", "\u200b", "9" * 400):
        assert send(client, event, name="", nonce=nonce).status == 303

    assert [each.asker_name for each in asked(session)] == [None] * 4


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("question", "  ", "Write your question."),
        ("question", "x" * 5000, "Shorten this to 1000 characters or fewer."),
        ("question", "Is\u202e there", "There were invisible characters"),
        ("email", "", "Enter your e-mail address: the answer goes there."),
        ("email", "nobody", "Enter an e-mail address, such as name@example.org."),
        ("email", "a@example.org\r\nBcc: b@example.org", "Enter an e-mail address"),
        ("name", "x" * 81, "Shorten this to 80 characters or fewer."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(
    client: PageClient, session: Session, event: Event, name: str, typed: str, sentence: str
) -> None:
    page = send(client, event, **{name: typed})

    assert page.status == 422
    assert sentence in page.errors[0]
    others = {"question", "email", "name"} - {name}
    assert {each: page.value(each) for each in others} == {each: ASKED[each] for each in others}
    assert asked(session) == []


def test_markup_travels_as_text(
    app: Flask, client: PageClient, session: Session, event: Event
) -> None:
    send(client, event, question="<b>Tea</b>?", name="<i>")

    [mail] = mails(session)
    with app.app_context():
        message = worded(mail)
    assert "<b>Tea</b>" not in message.html
    assert "<b>Tea</b>?" in message.text


@pytest.mark.parametrize(
    "changes",
    [
        {"takes_questions": False},
        {"ends_at": NOW - timedelta(days=1), "starts_at": NOW - timedelta(days=2)},
    ],
)
def test_nobody_is_asked_who_takes_no_questions(
    client: PageClient, session: Session, event: Event, changes: dict[str, Any]
) -> None:
    for name, value in changes.items():
        setattr(event, name, value)
    session.commit()
    page = client.page(f"/events/{event.public_id}/ask")

    assert "No questions here" in page.text
    answer = client.send(f"/events/{event.public_id}/ask", ASKED, csrf=False)
    assert answer.status == 422
    assert asked(session) == []


def test_an_event_that_is_not_public_does_not_exist(
    client: PageClient, session: Session, event: Event
) -> None:
    event.status = EventStatus.HIDDEN
    session.commit()

    assert client.page(f"/events/{event.public_id}/ask").status == 404
    assert client.send(f"/events/{event.public_id}/ask", ASKED, csrf=False).status == 404


def test_a_program_that_fills_in_every_box_is_thanked_and_forgotten(
    client: PageClient, session: Session, event: Event
) -> None:
    assert send(client, event, leave_empty="x").status == 303
    assert asked(session) == []


def test_another_sites_page_cannot_ask(client: PageClient, event: Event) -> None:
    path = f"/events/{event.public_id}/ask"
    headers = {"Origin": "https://evil.example"}

    assert client.send(path, ASKED, csrf=False, headers=headers).status == 403


def test_one_client_asks_five_times_an_hour(
    client: PageClient, session: Session, event: Event
) -> None:
    for _ in range(MAX_PER_CLIENT):
        assert send(client, event).status == 303
    page = send(client, event)

    assert page.status == 422
    assert "Wait an hour" in page.text
    assert page.value("question") == ASKED["question"]
    assert len(mails(session)) == MAX_PER_CLIENT
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    path = f"/events/{event.public_id}/ask"
    assert client.send(path, ASKED, csrf=False, **elsewhere).status == 303


def test_an_event_is_asked_a_hundred_times_a_day(
    client: PageClient, session: Session, event: Event
) -> None:
    for _ in range(MAX_PER_EVENT):
        make_question(session, event, NOW - timedelta(hours=5))
    session.commit()

    assert send(client, event).status == 422


def test_questions_and_addresses_are_forgotten_after_thirty_days(
    session: Session, event: Event
) -> None:
    old = make_question(session, event, NOW - timedelta(days=31), client_hash=b"x")
    young = make_question(session, event, NOW - timedelta(days=2), client_hash=b"x")
    new = make_question(session, event, NOW, client_hash=b"x")
    forget_old_questions(session, NOW)
    session.expire_all()

    assert [each.id for each in asked(session)] == [young.id, new.id]
    assert old.id
    assert (young.client_hash, new.client_hash) == (None, b"x")
    assert young.asker_email == "asker@example.org"


def test_the_worker_forgets_them_by_the_clock(app: Flask, session: Session, event: Event) -> None:
    make_question(session, event, NOW - timedelta(days=31))
    session.commit()

    with app.app_context():
        forget_questions(timestamp=0)

    session.expire_all()
    assert asked(session) == []
    assert "webapp.questions.tasks" in queue.import_paths
