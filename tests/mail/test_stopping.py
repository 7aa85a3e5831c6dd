"""Mails that come by themselves can be stopped by a mail program’s own button, without a page (RFC 8058)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.pledges import make_contact, make_pledge
from tests.mail.conftest import MailSink
from webapp.mail import deliver, worded
from webapp.outbox import OutgoingMail
from webapp.pledges.contact_models import PledgeContact
from webapp.pledges.news import remind_pledgers

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def stop_address(app: Flask, session: Session, by_smtp: MailSink) -> str:
    """The address in the header of a reminder, as it arrived, without the site’s name."""
    event = make_event(session)
    make_contact(session, make_pledge(session, event), event)
    now = event.starts_at - timedelta(hours=1)
    remind_pledgers(session, now, app.config["SECRET_KEY"])
    session.commit()
    with app.app_context():
        for mail in session.scalars(select(OutgoingMail)):
            deliver(worded(mail), app.config["SETTINGS"])
    [email] = by_smtp.messages
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://localhost(/reminders/[\w.-]+/stop)>", email["List-Unsubscribe"])
    assert found, email["List-Unsubscribe"]
    assert found[1] in email.get_body(("plain",)).get_content()
    return found[1]


def addresses(session: Session) -> list[str]:
    return list(session.scalars(select(PledgeContact.email)))


def test_one_post_without_cookies_stops_them_and_another_changes_nothing(
    app: Flask, session: Session, stop_address: str
) -> None:
    for _ in range(2):
        answer = app.test_client(use_cookies=False).post(stop_address, data=ONE_CLICK)

        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "You get no more mails" in answer.text
        assert addresses(session) == []


@pytest.mark.parametrize("origin", ["null", "https://mail.example.com"])
def test_it_may_come_from_the_page_of_a_mail_program(
    app: Flask, session: Session, stop_address: str, origin: str
) -> None:
    client = app.test_client(use_cookies=False)

    plain = client.post(stop_address, headers={"Origin": origin})
    assert (plain.status_code, len(addresses(session))) == (403, 1)
    assert client.post(stop_address, data=ONE_CLICK, headers={"Origin": origin}).status_code == 200
    assert addresses(session) == []


def test_as_multipart_too(app: Flask, session: Session, stop_address: str) -> None:
    kind = {"content_type": "multipart/form-data"}

    assert app.test_client().post(stop_address, data=ONE_CLICK, **kind).status_code == 200
    assert addresses(session) == []


def test_opening_the_address_asks_and_stops_nothing(
    client: PageClient, session: Session, stop_address: str
) -> None:
    assert client.page(stop_address).h1 == "Stop these mails?"
    assert len(addresses(session)) == 1


def test_a_link_that_was_meddled_with_stops_nothing(
    app: Flask, session: Session, stop_address: str
) -> None:
    wrong = stop_address.replace("/stop", "x/stop")

    assert app.test_client().post(wrong, data=ONE_CLICK).status_code == 404
    assert len(addresses(session)) == 1
