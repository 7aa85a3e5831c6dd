"""Questions that neighbours ask a host; nobody’s address is shown to anybody.

The address that an answer goes to is erased with the question, thirty days after it was asked.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, CreatedAt, PrimaryKey, closed_set
from webapp.events.models import Event
from webapp.language import Language


class Question(Base):
    """One question about an event, and whether it was answered."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_created_at", "created_at"),)

    id: Mapped[PrimaryKey]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    asker_email: Mapped[str] = mapped_column(deferred=True)
    asker_name: Mapped[str | None]
    language: Mapped[Language] = mapped_column(closed_set(Language, "language"))
    text: Mapped[str]
    created_at: Mapped[CreatedAt]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )

    event: Mapped[Event] = relationship()
