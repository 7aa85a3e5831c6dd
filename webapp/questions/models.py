"""Questions that neighbours ask a host; nobody’s address is shown to anybody.

The address that an answer goes to is erased once it has gone there, and with the question thirty
days after it was asked. `client_hash` is a keyed hash of the address bucket, for limits; it is
erased after a day.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, CreatedAt, PrimaryKey, closed_set
from webapp.events.models import Event
from webapp.language import Language
from webapp.security import Act

LONGEST_QUESTION = 1000


class Question(Base):
    """One question about an event, and whether it was answered; `nonce` is its form’s, sent once."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_created_at", "created_at"),
        CheckConstraint(
            "answered_at IS NOT NULL OR asker_email IS NOT NULL", name="can_be_answered"
        ),
    )

    id: Mapped[PrimaryKey]
    nonce: Mapped[UUID] = mapped_column(unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    asker_email: Mapped[str | None] = mapped_column(deferred=True)
    asker_name: Mapped[str | None]
    client_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[Language] = mapped_column(closed_set(Language, "language"))
    text: Mapped[str]
    created_at: Mapped[CreatedAt]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )

    event: Mapped[Event] = relationship()

    def permits(self, act: Act, user: Any) -> bool:  # noqa: ARG002 -- all acts alike
        """Tell whether a person may do this: who edits the event may, to others it does not exist."""
        return user is not None and self.event.permits(Act.EDIT, user)
