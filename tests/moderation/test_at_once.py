"""What comes together is kept within its limits and decided once; with real commits, from threads."""

from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from webapp.accounts.models import User
from webapp.events.history import ChangeKind, EventChange
from webapp.events.models import Event, EventStatus
from webapp.groups.queries import Addressee
from webapp.language import Language
from webapp.moderation.actions import MAX_PER_CLIENT, NewConcern, raise_concern
from webapp.moderation.decisions import DecidedError, Decision, Seen, decide
from webapp.moderation.models import Concern, ConcernKind
from webapp.outbox import OutgoingMail
from webapp.questions.actions import MAX_PER_CLIENT as MOST_QUESTIONS
from webapp.questions.actions import (
    AnsweredError,
    NewQuestion,
    TooManyQuestionsError,
    answer_question,
    ask_host,
)
from webapp.questions.models import Question

KNOWN: dict[str, Any] = {"secret_key": "a-secret-that-only-this-test-knows", "now": NOW}
HOST = [Addressee("host@example.org", Language.ENGLISH)]


@pytest.fixture
def event_id(real_engine: Engine) -> int:
    """An event that waits for review, and one of staff, for good."""
    with Session(real_engine) as session:
        event = make_event(session, by=make_user(session, staff=True))
        event.status, event.submitted_at = EventStatus.IN_REVIEW, NOW
        session.commit()
        return event.id


def how_many(real_engine: Engine, table: type) -> int:
    with Session(real_engine) as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def question(nonce: Any) -> NewQuestion:
    return NewQuestion(
        nonce=nonce,
        name=None,
        email="a@example.org",
        text="When?",
        language=Language.ENGLISH,
        client="192.0.2.1",
    )


def concern(client: str, kind: ConcernKind = ConcernKind.HOME_ADDRESS) -> NewConcern:
    return NewConcern(nonce=uuid4(), kind=kind, text="", client=client)


def test_of_several_staff_at_once_one_decides(real_engine: Engine, event_id: int) -> None:
    def approve(session: Session) -> ChangeKind | None:
        event = session.get_one(Event, event_id)
        by = session.get_one(User, event.listed_by_id)
        seen, deed = Seen(version=1), Decision.APPROVE
        try:
            decide(session, event, deed, seen=seen, by=by, reason="", now=NOW)
        except DecidedError as decided:
            kind = decided.change.kind if decided.change else None
            session.rollback()
            return kind
        return None

    outcomes = at_once(real_engine, 8, approve)
    assert sorted(map(str, outcomes)) == ["None", *["approved"] * 7]
    assert how_many(real_engine, EventChange) == 1


def test_a_question_sent_twice_at_once_is_asked_once(real_engine: Engine, event_id: int) -> None:
    nonce = uuid4()

    def ask(session: Session) -> None:
        event = session.get_one(Event, event_id)
        ask_host(session, event, question(nonce), to=HOST, **KNOWN)

    at_once(real_engine, 8, ask)

    assert how_many(real_engine, Question) == how_many(real_engine, OutgoingMail) == 1


def test_questions_at_once_keep_the_limit(real_engine: Engine, event_id: int) -> None:
    def ask(session: Session) -> bool:
        event = session.get_one(Event, event_id)
        try:
            ask_host(session, event, question(uuid4()), to=HOST, **KNOWN)
        except TooManyQuestionsError:
            return False
        return True

    assert sum(at_once(real_engine, 16, ask)) == MOST_QUESTIONS


def test_two_editors_who_answer_at_once_send_one_answer(real_engine: Engine, event_id: int) -> None:
    at_once(
        real_engine,
        1,
        lambda session: ask_host(
            session, session.get_one(Event, event_id), question(uuid4()), to=[], **KNOWN
        ),
    )

    def answer(session: Session) -> bool:
        asked = session.execute(select(Question)).scalar_one()
        by = session.get_one(User, asked.event.listed_by_id)
        try:
            answer_question(session, asked, "At two.", by=by, now=NOW)
        except AnsweredError:
            return False
        return True

    assert sum(at_once(real_engine, 8, answer)) == 1
    assert how_many(real_engine, OutgoingMail) == 1


def test_concerns_at_once_keep_the_limit(real_engine: Engine, event_id: int) -> None:
    def tell(session: Session) -> None:
        event = session.get_one(Event, event_id)
        raise_concern(session, event, concern("192.0.2.1", ConcernKind.NOT_REAL), **KNOWN)

    at_once(real_engine, 16, tell)

    assert how_many(real_engine, Concern) == MAX_PER_CLIENT


def test_many_home_addresses_at_once_make_one_mail(real_engine: Engine, event_id: int) -> None:
    numbers = count(1)

    def tell(session: Session) -> None:
        event = session.get_one(Event, event_id)
        raise_concern(session, event, concern(f"192.0.2.{next(numbers)}"), **KNOWN)

    at_once(real_engine, 12, tell)

    assert how_many(real_engine, Concern) == 12
    assert how_many(real_engine, OutgoingMail) == 1
