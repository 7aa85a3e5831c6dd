"""How long what people left with a pledge to an event is kept after it."""

from datetime import datetime, timedelta

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from webapp.events.models import Event, EventStatus

KEPT_AFTERWARDS = timedelta(days=14)
# Nobody counts on a new day any more where none was named for so long after the old one.
KEPT_WHILE_POSTPONED = timedelta(days=180)


def long_over(now: datetime) -> Select[int]:
    """Return the question for the ids of events that were over so long ago that what was left goes.

    Of a listing that was merged it goes with the one that was kept.
    """
    listed = aliased(Event)
    stands_for = Event.id == func.coalesce(listed.merged_into_id, listed.id)
    is_postponed = Event.status == EventStatus.POSTPONED
    last = case((is_postponed, now - KEPT_WHILE_POSTPONED), else_=now - KEPT_AFTERWARDS)
    return select(listed.id).join(Event, stands_for).where(Event.ends_at < last)
