"""What is still to be told, and what was told: reported numbers and shares of who met."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.events.models import Event, EventStatus
from webapp.filters import LONDON, local
from webapp.headcounts.models import Headcount

# How long hosts are reminded under “Your events”; the link in their mail works for longer.
DUE_FOR = timedelta(days=60)


def due_of_groups(session: Session, group_ids: Sequence[int], now: datetime) -> list[int]:
    """Return the events of these groups that took place and whose number is not told yet.

    Those that ended before today and not long ago, the latest first.
    """
    statement = (
        select(Event.id)
        .outerjoin(Headcount, Headcount.event_id == Event.id)
        .where(Event.group_id.in_(group_ids), Headcount.event_id.is_(None), took_place(now))
        .where(Event.ends_at > now - DUE_FOR)
        .order_by(Event.ends_at.desc(), Event.id)
    )
    return list(session.scalars(statement))


def reported(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    """Return how many came to each of these events whose hosts have told."""
    statement = select(Headcount.event_id, Headcount.people).where(
        Headcount.event_id.in_(event_ids)
    )
    return {row.event_id: row.people for row in session.execute(statement)}


def took_place(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an event was on and ended before today."""
    return (Event.status == EventStatus.PUBLISHED) & (Event.ends_at < start_of_today(now))


def start_of_today(now: datetime) -> datetime:
    """Return when today began, as the clocks in the United Kingdom show it."""
    return datetime.combine(local(now).date(), time(), LONDON)
