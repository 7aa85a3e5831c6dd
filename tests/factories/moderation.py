"""Concerns of the public, for tests."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.moderation.models import Concern, ConcernKind


def make_concern(session: Session, event: Event, at: datetime, **changes: Any) -> Concern:
    """Return what somebody told of an event at a time, not settled."""
    values: dict[str, Any] = {"nonce": uuid4(), "kind": ConcernKind.NOT_REAL, "created_at": at}
    concern = Concern(event=event, **{**values, **changes})
    session.add(concern)
    session.flush()
    return concern
