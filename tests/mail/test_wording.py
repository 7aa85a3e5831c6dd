"""How messages read, in text and in HTML."""

from datetime import timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import html5lib
import pytest
from flask import Flask

from tests.conftest import NOW
from tests.whole_app.odd import TEXTS
from webapp.forms import without_invisible
from webapp.language import Language
from webapp.mail import Message, worded
from webapp.outbox import OutgoingMail

# As a form would let them through.
ODD_TITLES = {
    name: " ".join(without_invisible(text).split())[:200]
    for name, text in TEXTS.items()
    if without_invisible(text).strip("\u200b \t")
}


def outgoing(language: Language = Language.ENGLISH, **details: str) -> OutgoingMail:
    return OutgoingMail(
        id=uuid4(),
        template="sign_in_code",
        recipient="a@example.org",
        language=language,
        details={"code": "012345"} | details,
        send_before=NOW + timedelta(minutes=10),
    )


@pytest.fixture
def message(app: Flask) -> Message:
    """A worded message."""
    with app.app_context():
        return worded(outgoing())


def test_a_code_is_in_both_forms_of_the_message(message: Message) -> None:
    assert message.subject == "Your code to sign in"
    assert "012345" in message.text.splitlines()
    assert ">012345<" in message.html


def test_the_html_is_valid_and_loads_nothing(message: Message) -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(message.html)
    assert not parser.errors
    assert tree.get("lang") == "en-GB"
    for word in ("src=", "url(", "<script", "<link", "@import", "<img"):
        assert word not in message.html


def test_no_message_has_a_link_that_acts(message: Message) -> None:
    assert "<a " not in message.html
    assert "http" not in message.text.replace("http://localhost", "")


def test_details_cannot_bring_markup(app: Flask) -> None:
    with app.app_context():
        message = worded(outgoing(code="<b>&</b>"))
    assert "<b>" not in message.html
    assert "<b>&</b>" in message.text


@pytest.mark.parametrize("title", ODD_TITLES.values(), ids=ODD_TITLES)
def test_an_odd_title_is_text_in_each_part_and_one_line_in_the_subject(
    app: Flask, title: str
) -> None:
    mail = outgoing(public_id="bcdfghjkmn", title=title, when="Saturday 5 June 2027, 2pm to 6pm")
    mail.template = "how_many_came"
    with app.app_context():
        message = worded(mail)

    sent = message.as_email("site@example.org", "example.org").as_bytes()
    read = message_from_bytes(sent, policy=policy.default)
    assert read["Subject"].split() == ["About", "how", "many", "came?", *title.split()]
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(message.html)
    assert not parser.errors
    assert "<script>" not in message.html
    assert "11249" not in message.html
    assert title.strip() in message.text


def test_a_message_says_its_language(app: Flask) -> None:
    with app.app_context():
        message = worded(outgoing(Language.WELSH))
    assert '<html lang="cy">' in message.html
    assert message.as_email("s@example.org", "example.org")["Content-Language"] == "cy"


def test_it_travels_as_text_and_html_under_an_id_that_stays(message: Message) -> None:
    first, second = (message.as_email("site@example.org", "example.org") for _ in range(2))
    email = message_from_bytes(first.as_bytes(), policy=policy.default)
    assert email["To"] == "a@example.org"
    assert email["From"] == "site@example.org"
    assert email["Message-ID"] == second["Message-ID"] == f"<{message.id}@example.org>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert email.get_body(("plain",)).get_content().strip() == message.text.strip()
    assert email.get_body(("html",)).get_content().strip() == message.html.strip()
