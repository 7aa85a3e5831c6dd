"""Finding questions to hosts."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from webapp.events.models import Event
from webapp.questions.models import Question


def unanswered(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    """Return how many questions wait for an answer, by event; events without any are left out."""
    statement = (
        select(Question.event_id, func.count())
        .where(Question.event_id.in_(event_ids), Question.answered_at.is_(None))
        .group_by(Question.event_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def question_of_number(session: Session, number: int) -> Question | None:
    """Return a question with its event and the event’s host."""
    statement = (
        select(Question)
        .where(Question.id == number)
        .options(joinedload(Question.event).joinedload(Event.group))
    )
    return session.execute(statement).scalar_one_or_none()


def questions_of(session: Session, event_id: int) -> list[Question]:
    """Return what was asked about an event: what waits first, the newest first of each."""
    statement = (
        select(Question)
        .where(Question.event_id == event_id)
        .order_by(Question.answered_at.is_not(None), Question.created_at.desc(), Question.id.desc())
    )
    return list(session.execute(statement).scalars())
