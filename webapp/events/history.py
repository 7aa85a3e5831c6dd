"""What happened to an event: who did what, and when. For its hosts and for staff."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from webapp.accounts.models import User
from webapp.database import Base, PrimaryKey, closed_set
from webapp.events.models import Event


class ChangeKind(StrEnum):
    """What somebody did with an event."""

    LISTED = "listed"
    SENT = "sent"  # for review
    APPROVED = "approved"
    RETURNED = "returned"
    EDITED = "edited"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    HIDDEN = "hidden"
    SHOWN = "shown"
    MERGED = "merged"  # into another listing of the same event
    TOOK_IN = "took-in"  # another listing
    PARTED = "parted"  # from another listing


class EventChange(Base):
    """One change. `by_id` is None where a link in a mail was used, or nobody did it.

    `explanation` is what was said with it. `changes` maps a field’s name to its value before and
    after, as text; of where an event is, only that it changed: [None, None]. `version` is the one
    that the change made.
    """

    __tablename__ = "event_change"

    id: Mapped[PrimaryKey]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(closed_set(ChangeKind, "kind"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    version: Mapped[int]
    explanation: Mapped[str | None]
    changes: Mapped[dict[str, list[str | None]]] = mapped_column(JSONB, default=dict)

    by: Mapped[User | None] = relationship()


def note_change(
    session: Session,
    event: Event,
    kind: ChangeKind,
    *,
    by: User | None,
    now: datetime,
    explanation: str | None = None,
    changes: dict[str, list[str | None]] | None = None,
) -> EventChange:
    """Write down that an event was changed."""
    change = EventChange(
        event_id=event.id,
        kind=kind,
        at=now,
        by_id=by.id if by else None,
        version=event.version,
        explanation=explanation,
        changes=changes or {},
    )
    session.add(change)
    return change
