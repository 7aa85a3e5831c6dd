"""What waits for staff: new events, events that changed after staff looked, and open concerns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, literal, select, true, union_all
from sqlalchemy.orm import Session, joinedload, undefer

from webapp.events.history import ChangeKind, EventChange
from webapp.events.models import PUBLIC_STATUSES, Event, EventStatus
from webapp.groups.models import Group, Standing
from webapp.moderation.models import Concern, ConcernKind, StandingChange


@dataclass(frozen=True)
class Waiting:
    """How much waits, and since when the oldest does."""

    items: int
    new: int
    changed: int
    with_concerns: int
    oldest_since: datetime | None


@dataclass(frozen=True)
class ReviewItem:
    """One event that waits, with all its reasons; `since` is the oldest of them."""

    event: Event
    since: datetime
    is_new: bool
    is_changed: bool
    concerns: int
    is_urgent: bool


def waiting(session: Session) -> Waiting:
    """Return how much waits for staff."""
    items = _items().subquery()
    row = session.execute(
        select(
            func.count(),
            func.count().filter(items.c.is_new),
            func.count().filter(items.c.is_changed),
            func.count().filter(items.c.concerns > 0),
            func.min(items.c.since),
        )
    ).one()
    return Waiting(*row)


def items_waiting(session: Session, *, limit: int, offset: int = 0) -> list[ReviewItem]:
    """Return what waits: home addresses that were told of first, then the oldest."""
    items = _items().subquery()
    statement = (
        select(
            Event,
            items.c.since,
            items.c.is_new,
            items.c.is_changed,
            items.c.concerns,
            items.c.is_urgent,
        )
        .join(items, items.c.event_id == Event.id)
        .options(joinedload(Event.group), joinedload(Event.place))
        .order_by(items.c.is_urgent.desc(), items.c.since, Event.id)
        .limit(limit)
        .offset(offset)
    )
    return [ReviewItem(*row) for row in session.execute(statement)]


def open_concerns(session: Session, event_id: int) -> list[Concern]:
    """Return what is told of an event and not settled, home addresses first, then the oldest."""
    is_urgent = Concern.kind == ConcernKind.HOME_ADDRESS
    statement = (
        select(Concern)
        .where(Concern.event_id == event_id, Concern.settled_at.is_(None))
        .order_by(is_urgent.desc(), Concern.created_at, Concern.id)
    )
    return list(session.execute(statement).scalars())


def changes_of(session: Session, event_id: int) -> list[EventChange]:
    """Return all that was done with an event, the oldest first, with who did it."""
    statement = (
        select(EventChange)
        .where(EventChange.event_id == event_id)
        .options(joinedload(EventChange.by))
        .order_by(EventChange.id)
    )
    return list(session.execute(statement).unique().scalars())


def others_of_group(
    session: Session, event: Event, limit: int
) -> tuple[list[tuple[Event, int]], int]:
    """Return a group’s other events, the latest first, each with its open concerns; and how many."""
    concerns = (
        select(func.count())
        .where(Concern.event_id == Event.id, Concern.settled_at.is_(None))
        .correlate(Event)
        .scalar_subquery()
    )
    statement = (
        select(Event, concerns, func.count().over())
        .where(Event.group_id == event.group_id, Event.id != event.id)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(limit)
    )
    rows = session.execute(statement).all()
    return [(row[0], row[1]) for row in rows], rows[0][2] if rows else 0


def groups_named(
    session: Session, text: str, *, limit: int, offset: int = 0
) -> tuple[list[Group], int]:
    """Return the groups whose name holds a text, by name, and how many there are."""
    statement = (
        select(Group, func.count().over())
        .where(Group.name.icontains(text, autoescape=True))
        .options(joinedload(Group.place))
        .order_by(Group.name, Group.id)
        .limit(limit)
        .offset(offset)
    )
    rows = session.execute(statement).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def group_for_staff(session: Session, slug: str) -> Group | None:
    """Return a group with the phone number that staff alone may see."""
    statement = (
        select(Group)
        .where(Group.slug == slug)
        .options(joinedload(Group.place), undefer(Group.contact_phone))
    )
    return session.execute(statement).scalar_one_or_none()


def standing_changes_of(session: Session, group_id: int) -> list[StandingChange]:
    """Return who trusted a group or no longer did, the latest first."""
    statement = (
        select(StandingChange)
        .where(StandingChange.group_id == group_id)
        .options(joinedload(StandingChange.by))
        .order_by(StandingChange.id.desc())
    )
    return list(session.execute(statement).unique().scalars())


def _items() -> Select[Any]:
    """One row for each event that waits: since when, and why."""
    reasons = union_all(_new(), _changed(), _with_concerns()).subquery()
    return select(
        reasons.c.event_id,
        func.min(reasons.c.since).label("since"),
        func.bool_or(reasons.c.is_new).label("is_new"),
        func.bool_or(reasons.c.is_changed).label("is_changed"),
        # At most one of an event’s rows counts concerns.
        func.max(reasons.c.concerns).label("concerns"),
        func.bool_or(reasons.c.is_urgent).label("is_urgent"),
    ).group_by(reasons.c.event_id)


def _reason(
    event_id: Any,
    since: Any,
    *,
    is_new: bool = False,
    is_changed: bool = False,
    concerns: ColumnElement[int] | None = None,
    is_urgent: ColumnElement[bool] | None = None,
) -> Select[Any]:
    return select(
        event_id.label("event_id"),
        since.label("since"),
        (true() if is_new else false()).label("is_new"),
        (true() if is_changed else false()).label("is_changed"),
        (literal(0) if concerns is None else concerns).label("concerns"),
        (false() if is_urgent is None else is_urgent).label("is_urgent"),
    )


def _new() -> Select[Any]:
    since = func.coalesce(Event.submitted_at, Event.created_at)
    return _reason(Event.id, since, is_new=True).where(Event.status == EventStatus.IN_REVIEW)


def _changed() -> Select[Any]:
    """Public events of groups that are not trusted, changed after staff had looked."""
    first_change = (
        select(func.min(EventChange.at))
        .where(
            EventChange.event_id == Event.id,
            EventChange.version > Event.reviewed_version,
            EventChange.kind != ChangeKind.APPROVED,
        )
        .correlate(Event)
        .scalar_subquery()
    )
    return (
        _reason(Event.id, func.coalesce(first_change, Event.created_at), is_changed=True)
        .join(Group, Group.id == Event.group_id)
        .where(
            Event.status.in_(sorted(PUBLIC_STATUSES)),
            Event.version > Event.reviewed_version,
            Group.standing == Standing.UNVERIFIED,
        )
    )


def _with_concerns() -> Select[Any]:
    return (
        _reason(
            Concern.event_id,
            func.min(Concern.created_at),
            concerns=func.count(),
            is_urgent=func.bool_or(Concern.kind == ConcernKind.HOME_ADDRESS),
        )
        .where(Concern.settled_at.is_(None))
        .group_by(Concern.event_id)
    )
