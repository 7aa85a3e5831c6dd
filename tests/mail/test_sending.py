"""Messages on their way: to a mail server, or into a folder."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.mail.conftest import MailSink
from webapp.config import MailBackend
from webapp.jobs import MAX_ATTEMPTS
from webapp.language import Language
from webapp.mail import KEEP_FILES, forget_stale_mail, mail_folder, send_mail
from webapp.outbox import OutgoingMail, post_mail

Post = Callable[..., OutgoingMail]


def waiting(session: Session) -> list[str]:
    session.expire_all()
    return list(session.execute(select(OutgoingMail.recipient)).scalars())


def attempt(mail: OutgoingMail, number: int = 0) -> None:
    send_mail(SimpleNamespace(job=SimpleNamespace(attempts=number)), str(mail.id))


@pytest.fixture
def post(session: Session) -> Post:
    """Put a message into the outbox."""

    def put(to: str = "a@example.org", **kw: Any) -> OutgoingMail:
        values = {
            "language": Language.ENGLISH,
            "send_before": NOW + timedelta(minutes=10),
            "code": "012345",
        } | kw
        post_mail(session, "sign_in_code", to=to, **values)
        session.commit()
        return session.execute(
            select(OutgoingMail).where(OutgoingMail.recipient == to)
        ).scalar_one()

    return put


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Any:
    """Run each test as a worker runs jobs: in the application, without a request."""
    with app.app_context():
        yield


def test_a_message_reaches_a_mail_server_and_is_forgotten(
    session: Session, post: Post, by_smtp: MailSink
) -> None:
    mail = post()
    expected = str(mail.id)
    attempt(mail)
    (received,) = by_smtp.messages
    assert received["To"] == "a@example.org"
    assert received["Message-ID"].startswith(f"<{expected}@")
    assert "012345" in received.get_body(("plain",)).get_content()
    assert "012345" in received.get_body(("html",)).get_content()
    assert waiting(session) == []


def test_a_message_that_was_sent_is_not_sent_again(post: Post, by_smtp: MailSink) -> None:
    mail = post()
    kept = SimpleNamespace(id=mail.id)
    attempt(kept)
    attempt(kept)
    assert len(by_smtp.messages) == 1


def test_a_message_whose_time_has_passed_is_not_sent(
    session: Session, post: Post, by_smtp: MailSink
) -> None:
    attempt(post(send_before=NOW - timedelta(seconds=1)))
    assert by_smtp.messages == []
    assert waiting(session) == []


def test_a_server_that_says_later_is_asked_again(
    session: Session, post: Post, by_smtp: MailSink
) -> None:
    by_smtp.answers["a@example.org"] = "450 later"
    mail = post()
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        attempt(mail)
    assert waiting(session) == ["a@example.org"]
    by_smtp.answers.clear()
    attempt(mail, 1)
    assert len(by_smtp.messages) == 1


def test_an_address_that_does_not_exist_is_given_up_at_once(
    session: Session, post: Post, by_smtp: MailSink, caplog: pytest.LogCaptureFixture
) -> None:
    by_smtp.answers["a@example.org"] = "550 nobody here"
    attempt(post())
    assert waiting(session) == []
    assert "given up" in caplog.text
    assert "a@example.org" not in caplog.text


def test_after_the_last_attempt_a_message_is_given_up(
    session: Session, post: Post, by_smtp: MailSink
) -> None:
    by_smtp.answers["a@example.org"] = "450 later"
    attempt(post(), MAX_ATTEMPTS - 1)
    assert waiting(session) == []


def test_a_server_that_is_away_is_tried_again(session: Session, post: Post, app: Flask,
                                              monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    settings = app.config["SETTINGS"].model_copy(
        update={"mail_backend": MailBackend.SMTP, "mail_server": "127.0.0.1", "mail_port": 1}
    )
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    with pytest.raises(ConnectionRefusedError):
        attempt(post())
    assert waiting(session) == ["a@example.org"]


def test_in_development_a_message_becomes_a_file(session: Session, post: Post, app: Flask) -> None:
    folder = mail_folder(app.config["SETTINGS"])
    before = set(folder.glob("*.eml"))
    attempt(post())
    (file,) = set(folder.glob("*.eml")) - before
    assert "012345" in file.read_text()
    assert waiting(session) == []


def test_old_files_are_deleted(post: Post, app: Flask) -> None:
    folder = mail_folder(app.config["SETTINGS"])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(KEEP_FILES + 5):
        (folder / f"2000{number:04}.eml").write_text("old")
    attempt(post())
    assert len(list(folder.glob("*.eml"))) == KEEP_FILES
    for file in folder.glob("2000*.eml"):
        file.unlink()


def test_stale_messages_are_forgotten_whatever_became_of_their_jobs(
    session: Session, post: Post
) -> None:
    post("old@example.org", send_before=NOW - timedelta(hours=2))
    post("new@example.org")
    forget_stale_mail(0)
    assert waiting(session) == ["new@example.org"]
