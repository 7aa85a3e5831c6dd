"""Events that somebody is still writing: what they typed so far, page by page.

A draft belongs to the browser that began it (a random token in its session) until somebody signs in
there, then to that person. What was typed, a home’s postcode among it, is erased with it: when it is
sent, thrown away, or not touched for thirty days.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, CreatedAt

KEPT_FOR = timedelta(days=30)


class EventDraft(Base):
    """One event being written; `answers` maps a field’s name to what was typed, as text or texts."""

    __tablename__ = "event_draft"
    __table_args__ = (Index("ix_event_draft_changed_at", "changed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    answers: Mapped[dict[str, str | list[str]]] = mapped_column(JSONB, default=dict)
    # “Use this again”: whose picture and co-hosts go with it.
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[datetime]
