"""Hosts answer once, by mail, and learn nobody’s address."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.questions import make_question
from webapp.accounts.models import User
from webapp.language import Language
from webapp.mail import worded
from webapp.outbox import OutgoingMail
from webapp.questions.models import Question
from webapp.questions.queries import unanswered

SignIn = Callable[..., User]


@pytest.fixture
def question(session: Session) -> Question:
    """A question to a group that has an owner."""
    event = make_event(session, group=make_group(session))
    return make_question(session, event, NOW, asker_name="Ada")


@pytest.fixture
def editor(session: Session, sign_in: SignIn, question: Question) -> User:
    """An editor of the group, signed in."""
    return sign_in(make_member(session, question.event.group))


@pytest.mark.usefixtures("editor")
def test_an_editor_reads_a_question_but_not_who_asked(
    client: PageClient, question: Question
) -> None:
    page = client.page(f"/questions/{question.id}")

    assert "Is there a step at the door?" in page.text
    assert "Ada" in page.text
    assert "asker@example.org" not in page.html


def test_the_answer_goes_to_whoever_asked_and_their_address_is_forgotten(
    app: Flask, client: PageClient, session: Session, question: Question, editor: User
) -> None:
    answer = client.send(f"/questions/{question.id}", {"answer": "No step.\nCome in!"})

    assert answer.status == 303
    page = client.page(answer.location)
    assert "Your answer is on its way." in page.text
    assert "Answered" in page.text
    session.expire_all()
    assert question.asker_email is None
    assert (question.answered_at is not None, question.answered_by_id) == (True, editor.id)
    mail = session.execute(select(OutgoingMail)).scalar_one()
    assert mail.recipient == "asker@example.org"
    with app.app_context():
        message = worded(mail)
    for text in (message.text, message.html):
        assert "No step." in text
        assert question.event.group.name in text
        assert editor.email not in text
        assert "/hide/" not in text


def test_the_answer_is_framed_in_the_language_in_which_the_question_was_asked(
    client: PageClient, session: Session, question: Question, editor: User
) -> None:
    question.language = Language.WELSH
    session.commit()
    client.send(f"/questions/{question.id}", {"answer": "No step."})

    assert session.execute(select(OutgoingMail)).scalar_one().language is Language.WELSH
    assert editor.language is Language.ENGLISH


@pytest.mark.usefixtures("editor")
def test_a_second_answer_is_not_sent(
    client: PageClient, session: Session, question: Question
) -> None:
    client.send(f"/questions/{question.id}", {"answer": "No step."})
    page = client.send(f"/questions/{question.id}", {"answer": "One step."}, csrf=True)

    assert page.status in {400, 422}
    assert len(session.execute(select(OutgoingMail)).all()) == 1


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write your answer."),
        ("x" * 5000, "Shorten this to 2000 characters or fewer."),
        ("No\u2066 step", "There were invisible characters"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_beside_it(
    client: PageClient, session: Session, question: Question, typed: str, sentence: str
) -> None:
    page = client.send(f"/questions/{question.id}", {"answer": typed})

    assert page.status == 422
    assert sentence in page.errors[0]
    assert session.execute(select(OutgoingMail)).all() == []


@pytest.mark.usefixtures("editor")
def test_spam_is_deleted_after_asking(
    client: PageClient, session: Session, question: Question
) -> None:
    number, event = question.id, question.event
    assert client.page(f"/questions/{number}/spam").h1 == "Delete this question?"
    answer = client.send(f"/questions/{number}/spam")

    assert answer.location == f"/events/{event.public_id}/questions"
    page = client.page(answer.location)
    assert "The question is deleted." in page.text
    assert "Nobody has asked anything yet" in page.text
    assert client.page(f"/questions/{number}").status == 404


@pytest.mark.parametrize("path", ["/questions/{}", "/questions/{}/spam"])
def test_to_everybody_else_a_question_does_not_exist(
    client: PageClient, session: Session, sign_in: SignIn, question: Question, path: str
) -> None:
    other = make_user(session)
    make_group(session, by=other)
    sign_in(other)

    assert client.page(path.format(question.id)).status == 404
    assert client.page(f"/events/{question.event.public_id}/questions").status == 403


@pytest.mark.parametrize("number", ["0", "9" * 30, "1"])
@pytest.mark.usefixtures("editor")
def test_a_number_that_is_no_question_leads_nowhere(client: PageClient, number: str) -> None:
    assert client.page(f"/questions/{number}").status == 404


def test_questions_that_wait_are_counted_by_event(session: Session, question: Question) -> None:
    event = question.event
    make_question(session, event, NOW)
    make_question(session, event, NOW, answered_at=NOW, asker_email=None)
    quiet = make_event(session)

    assert unanswered(session, [event.id, quiet.id]) == {event.id: 2}
    assert unanswered(session, []) == {}
