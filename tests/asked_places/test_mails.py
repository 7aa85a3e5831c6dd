"""What is written to hosts and to those who asked: folded, and never a name or a place in it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.asked_places.conftest import DOOR, tell_door
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.asked_places import make_asked
from tests.factories.pledges import make_contact, make_pledge
from webapp.accounts.models import User
from webapp.asked_places.actions import NewAsking, answer_questions, ask_for_place
from webapp.asked_places.models import Answer, AskedPlace
from webapp.asked_places.tasks import tell_of_places
from webapp.events.models import Event, EventStatus
from webapp.mail import worded
from webapp.outbox import OutgoingMail
from webapp.pledges.nonces import Receipt

LATER = timedelta(minutes=10)


def ask(session: Session, event: Event, at: datetime, *, name: str = "Sam") -> None:
    new = NewAsking(name=name, note="We met at the library.", mail_wording=None)
    ask_for_place(session, event, make_pledge(session, event), new, at)
    session.commit()


def run_at(app: Flask, when: datetime) -> None:
    with time_machine.travel(when), app.app_context():
        tell_of_places(0)


def mails(session: Session) -> list[OutgoingMail]:
    session.expire_all()
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at)))


def answer(session: Session, asked: AskedPlace, answer: Answer, by: User, **changes: Any) -> None:
    now = changes.pop("now", NOW)
    answer_questions(
        session, session.get_one(Event, asked.event_id), [asked.id],
        seen=asked.answer, answer=answer, by=by, now=now,
    )  # fmt: skip
    session.commit()


@pytest.fixture
def asked(session: Session, home: Event, receipt: Receipt) -> AskedPlace:
    """Somebody who would like a mail, at an address that is confirmed."""
    tell_door(session, home)
    make_contact(session, receipt, home)
    made = make_asked(session, home, NOW, receipt=receipt, mail_wording="1")
    session.commit()
    return made


def test_the_host_is_told_within_a_minute_and_then_at_most_once_an_hour(
    app: Flask, session: Session, home: Event
) -> None:
    ask(session, home, NOW)
    ask(session, home, NOW + timedelta(seconds=20))
    run_at(app, NOW + timedelta(minutes=1))
    run_at(app, NOW + timedelta(minutes=2))
    assert len(mails(session)) == 1

    ask(session, home, NOW + timedelta(minutes=10))
    ask(session, home, NOW + timedelta(minutes=50))
    run_at(app, NOW + timedelta(minutes=60))
    assert len(mails(session)) == 1
    run_at(app, NOW + timedelta(minutes=61))
    run_at(app, NOW + timedelta(minutes=62))

    assert [(each.template, each.recipient) for each in mails(session)] == [
        ("place_asked", "host@example.org")
    ] * 2


def test_the_mail_says_neither_who_nor_where(app: Flask, session: Session, home: Event) -> None:
    tell_door(session, home)
    ask(session, home, NOW, name="Samira")
    run_at(app, NOW)

    (mail,) = mails(session)
    with app.app_context():
        message = worded(mail)
    for text in (message.subject, message.text, message.html, str(mail.details)):
        assert "Samira" not in text
        assert "library" not in text
        assert "the blue door" not in text
    assert f"/events/{home.public_id}/place" in message.text


def test_who_has_answered_all_or_called_it_off_is_not_told(
    app: Flask, session: Session, home: Event
) -> None:
    ask(session, home, NOW)
    for row in session.scalars(select(AskedPlace)):
        row.answer, row.answered_at = Answer.DECLINED, NOW
    session.commit()
    run_at(app, NOW)
    ask(session, home, NOW)
    home.status = EventStatus.CANCELLED
    session.commit()
    run_at(app, NOW)

    assert mails(session) == []


def test_who_asked_for_a_mail_is_told_that_there_is_an_answer_and_not_which(
    app: Flask, session: Session, asked: AskedPlace, host: User
) -> None:
    answer(session, asked, Answer.ACCEPTED, host)
    run_at(app, NOW + LATER - timedelta(seconds=1))
    assert mails(session) == []
    run_at(app, NOW + LATER)
    run_at(app, NOW + LATER + LATER)

    (mail,) = mails(session)
    assert (mail.template, mail.recipient) == ("place_answered", "reader@example.org")
    with app.app_context():
        message = worded(mail)
    for text in (message.subject, message.text, message.html, str(mail.details)):
        assert DOOR.split("\n")[0] not in text
        assert "accepted" not in text
        assert "Sam" not in text
        assert host.email not in text
    assert f"/pledges/{mail.details['receipt']}" in message.text
    assert "/stop" in message.text


def test_an_answer_put_right_within_ten_minutes_is_one_mail(
    app: Flask, session: Session, asked: AskedPlace, host: User
) -> None:
    answer(session, asked, Answer.DECLINED, host)
    answer(session, asked, Answer.ACCEPTED, host, now=NOW + timedelta(minutes=9))
    run_at(app, NOW + LATER)
    assert mails(session) == []
    run_at(app, NOW + timedelta(minutes=19))

    assert len(mails(session)) == 1


@pytest.mark.parametrize("change", ["no box", "no address", "not confirmed", "cancelled"])
def test_nobody_else_is_written_to(
    app: Flask, session: Session, home: Event, host: User, change: str
) -> None:
    tell_door(session, home)
    receipt = make_pledge(session, home)
    if change != "no address":
        confirmed = {"confirmed_at": None} if change == "not confirmed" else {}
        make_contact(session, receipt, home, **confirmed)
    wording = None if change == "no box" else "1"
    made = make_asked(session, home, NOW, receipt=receipt, mail_wording=wording)
    session.commit()
    answer(session, made, Answer.ACCEPTED, host)
    if change == "cancelled":
        home.status = EventStatus.CANCELLED
        session.commit()

    run_at(app, NOW + LATER)

    assert mails(session) == []


def test_a_mail_from_the_page_itself_holds_the_first_name_in_no_job(
    app: Flask, client: PageClient, session: Session, path: str
) -> None:
    data = {"name": "Samira", "note": "", "leave_empty": ""}
    client.send(f"{path}/place", data, csrf=False)
    run_at(app, NOW + timedelta(minutes=1))

    (mail,) = mails(session)
    assert "Samira" not in str(mail.details)
