"""Events that somebody is still writing: what they typed so far, page by page.

A draft belongs to the browser that began it (its id in the browser’s signed session) until somebody
signs in there, then to that person. What was typed, a home’s postcode among it, is erased with it:
when it is sent, thrown away, or not touched for thirty days.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, CreatedAt

KEPT_FOR = timedelta(days=30)


class Step(StrEnum):
    """A page of the way to a listed event; the code that comes by mail follows the last."""

    WHAT = "what"
    WHERE = "where"
    CHECK = "check"


class EventDraft(Base):
    """One event being written; `answers` maps a field’s name to what was typed, as text or texts.

    Under SAVED it holds the steps that were sent at least once, under RIGHT those where nothing was
    wrong then.
    """

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

    SAVED, RIGHT = "saved", "right"

    @property
    def title(self) -> str:
        """What it is called so far; empty where nothing was typed."""
        return self.text("title").strip()

    @property
    def next_step(self) -> Step:
        """The page on which to go on: the first that is not right yet, else the last."""
        right = self.answers.get(self.RIGHT, ())
        return next((step for step in Step if step.value not in right), Step.CHECK)

    def is_saved(self, step: Step) -> bool:
        """Tell whether a page was sent at least once."""
        return step.value in self.answers.get(self.SAVED, ())

    def text(self, name: str) -> str:
        """Return what was typed into a field; empty where nothing was."""
        found = self.answers.get(name, "")
        return found if isinstance(found, str) else ", ".join(found)

    def belongs_to(self, user: Any, browser: Collection[UUID]) -> bool:
        """Tell whether it is somebody’s own; `browser` are the drafts begun in their browser."""
        if self.user_id is None:
            return self.id in browser
        return user is not None and self.user_id == user.id
