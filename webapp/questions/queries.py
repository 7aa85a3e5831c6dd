"""Finding questions to hosts."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.questions.models import Question


def unanswered(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    """Return how many questions wait for an answer, by event; events without any are left out."""
    statement = (
        select(Question.event_id, func.count())
        .where(Question.event_id.in_(event_ids), Question.answered_at.is_(None))
        .group_by(Question.event_id)
    )
    return dict(session.execute(statement).tuples().all())
