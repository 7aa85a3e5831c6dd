"""Questions to hosts, for tests."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.language import Language
from webapp.questions.models import Question


def make_question(session: Session, event: Event, at: datetime, **changes: Any) -> Question:
    """Return a question that somebody asked at a time and that waits for an answer."""
    values: dict[str, Any] = {
        "nonce": uuid4(),
        "asker_email": "asker@example.org",
        "asker_name": None,
        "language": Language.ENGLISH,
        "text": "Is there a step at the door?",
        "created_at": at,
    }
    question = Question(event=event, **{**values, **changes})
    session.add(question)
    session.flush()
    return question
