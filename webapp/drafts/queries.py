"""Finding drafts, the last touched first."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.drafts.models import EventDraft

MOST_SHOWN = 20


def draft_of_id(session: Session, draft_id: UUID, *, lock: bool = False) -> EventDraft | None:
    """Return a draft; with `lock`, nobody else changes it until the transaction ends."""
    statement = select(EventDraft).where(EventDraft.id == draft_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.execute(statement).scalar_one_or_none()


def drafts_of(session: Session, user: User) -> list[EventDraft]:
    """Return what somebody is still writing."""
    statement = select(EventDraft).where(EventDraft.user_id == user.id)
    ordered = statement.order_by(EventDraft.changed_at.desc(), EventDraft.id)
    return list(session.execute(ordered.limit(MOST_SHOWN)).scalars())


def drafts_of_browser(session: Session, ids: Collection[UUID]) -> list[EventDraft]:
    """Return those of a browser’s drafts that belong to nobody yet."""
    if not ids:
        return []
    statement = select(EventDraft).where(EventDraft.id.in_(ids), EventDraft.user_id.is_(None))
    ordered = statement.order_by(EventDraft.changed_at.desc(), EventDraft.id)
    return list(session.execute(ordered).scalars())
