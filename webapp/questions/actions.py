"""Ask a host, answer, and forget: the site stands between the two, so neither learns the other’s address.

Nothing is sent to whoever asks but the host’s answer: anybody can type anybody’s address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.addresses import keyed_hash
from webapp.accounts.models import User
from webapp.events.mail_details import mail_details
from webapp.events.models import Event
from webapp.groups.queries import Addressee
from webapp.language import Language
from webapp.outbox import post_mail
from webapp.questions.models import Question

MAX_PER_CLIENT, CLIENT_WINDOW = 5, timedelta(hours=1)
MAX_PER_EVENT, EVENT_WINDOW = 100, timedelta(days=1)
KEPT_FOR = timedelta(days=30)
CLIENT_KEPT_FOR = timedelta(days=1)
# Mail servers may be away for a weekend; later than that a host has seen the question on the site.
SENT_WITHIN = timedelta(days=3)


class TooManyQuestionsError(Exception):
    """A client or an event has had as many questions as the limits allow."""


class AnsweredError(Exception):
    """Somebody else has answered this question already."""


@dataclass(frozen=True, kw_only=True)
class NewQuestion:
    """What a neighbour asks; `client` is the address bucket that it comes from."""

    nonce: UUID
    name: str | None
    email: str
    text: str
    language: Language
    client: str


def ask_host(
    session: Session,
    event: Event,
    new: NewQuestion,
    *,
    to: Sequence[Addressee],
    secret_key: str,
    now: datetime,
) -> None:
    """Pass a question on to an event’s host; the same nonce again changes nothing.

    Raises TooManyQuestionsError; nothing is sent then.
    """
    client_hash = keyed_hash(secret_key, "question", new.client)
    # Those of one client wait for each other here, then those about one event: limits count all.
    for line in (f"question {client_hash.hex()}", f"question about {event.id}"):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(line, 0))))
    if session.scalar(select(Question.id).where(Question.nonce == new.nonce)) is not None:
        return
    _require_room(session, event, client_hash, now)
    number = _keep(session, event, new, client_hash, now)
    if number is not None:
        _write_to_host(session, event, new, number, to, now)


def answer_question(
    session: Session, question: Question, text: str, *, by: User, now: datetime
) -> None:
    """Send the host’s answer to whoever asked, and forget their address.

    Raises AnsweredError where another editor was faster.
    """
    session.refresh(question, ["answered_at", "asker_email"], with_for_update=True)
    if question.answered_at is not None or question.asker_email is None:
        raise AnsweredError
    post_mail(
        session,
        "question_answered",
        to=question.asker_email,
        language=question.language,
        send_before=now + SENT_WITHIN,
        **mail_details(question.event, question.language),
        host_name=question.event.group.name,
        question=question.text,
        answer=text,
    )
    question.asker_email = None
    question.answered_at = now
    question.answered_by_id = by.id


def discard_question(session: Session, question: Question) -> None:
    """Delete a question that is none, and the address with it."""
    session.delete(question)


def forget_old_questions(session: Session, now: datetime) -> None:
    """Delete questions of thirty days ago, and what is known of who asked after a day."""
    session.execute(delete(Question).where(Question.created_at < now - KEPT_FOR))
    session.execute(
        update(Question)
        .where(Question.created_at < now - CLIENT_KEPT_FOR, Question.client_hash.is_not(None))
        .values(client_hash=None)
    )


def _require_room(session: Session, event: Event, client_hash: bytes, now: datetime) -> None:
    by_client = func.count().filter(
        Question.client_hash == client_hash, Question.created_at > now - CLIENT_WINDOW
    )
    about_event = func.count().filter(Question.event_id == event.id)
    asked = select(by_client, about_event).where(Question.created_at > now - EVENT_WINDOW)
    of_client, of_event = session.execute(asked).one()
    if of_client >= MAX_PER_CLIENT or of_event >= MAX_PER_EVENT:
        raise TooManyQuestionsError


def _keep(
    session: Session, event: Event, new: NewQuestion, client_hash: bytes, now: datetime
) -> int | None:
    """Write a question down; return its number, None where its nonce was used before."""
    statement = (
        insert(Question)
        .values(
            nonce=new.nonce,
            event_id=event.id,
            asker_email=new.email,
            asker_name=new.name,
            language=new.language,
            text=new.text,
            client_hash=client_hash,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["nonce"])
        .returning(Question.id)
    )
    return session.execute(statement).scalar()


def _write_to_host(
    session: Session,
    event: Event,
    new: NewQuestion,
    number: int,
    to: Sequence[Addressee],
    now: datetime,
) -> None:
    for reader in to:
        post_mail(
            session,
            "question_asked",
            to=reader.email,
            language=reader.language,
            send_before=now + SENT_WITHIN,
            **mail_details(event, reader.language),
            number=str(number),
            name=new.name or "",
            question=new.text,
        )
