"""Finding the events of somebody’s groups, hidden ones too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.events.history import ChangeKind, EventChange
from webapp.events.models import Event, EventStatus
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.models import Group
from webapp.groups.network_invitations import NetworkInvitation
from webapp.moments.models import Moment
from webapp.pledges.models import EventTally

# What waits for its host or for staff, and what waits for a new day.
UNSETTLED = frozenset({EventStatus.DRAFT, EventStatus.IN_REVIEW, EventStatus.POSTPONED})
LONGEST_HISTORY = 200


@dataclass(frozen=True)
class HostedEvent:
    """An event as its hosts’ lists show it; `people` have said that they are in."""

    id: int
    public_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    status: EventStatus
    group_name: str
    people: int


def coming_events(
    session: Session, group_ids: Sequence[int], now: datetime, *, limit: int, offset: int = 0
) -> list[HostedEvent]:
    """Return what groups still have to come, soonest first."""
    statement = _hosted().where(Event.group_id.in_(group_ids), _is_coming(now))
    return _read(session, statement.order_by(*_SOONEST).limit(limit).offset(offset))


def past_events(
    session: Session, group_ids: Sequence[int], now: datetime, *, limit: int, offset: int = 0
) -> list[HostedEvent]:
    """Return what groups have had, the latest first."""
    statement = _hosted().where(Event.group_id.in_(group_ids), ~_is_coming(now))
    ordered = statement.order_by(Event.starts_at.desc(), Event.id)
    return _read(session, ordered.limit(limit).offset(offset))


def count_of_events(session: Session, group_ids: Sequence[int], now: datetime) -> tuple[int, int]:
    """Return how many events groups have to come, and how many they had."""
    statement = select(
        func.count().filter(_is_coming(now)), func.count().filter(~_is_coming(now))
    ).where(Event.group_id.in_(group_ids))
    coming, past = session.execute(statement).one()
    return coming, past


def event_ids_of_groups(session: Session, group_ids: Sequence[int]) -> list[int]:
    """Return the ids of all events of groups."""
    statement = select(Event.id).where(Event.group_id.in_(group_ids)).order_by(Event.id)
    return list(session.scalars(statement))


def unsent_events(session: Session, group_ids: Sequence[int]) -> list[HostedEvent]:
    """Return what staff have returned and what they still look at, soonest first."""
    waiting = (EventStatus.DRAFT, EventStatus.IN_REVIEW)
    statement = _hosted().where(Event.group_id.in_(group_ids), Event.status.in_(waiting))
    return _read(session, statement.order_by(*_SOONEST))


def events_of_ids(session: Session, event_ids: Iterable[int]) -> dict[int, HostedEvent]:
    """Return events by their ids."""
    found = _read(session, _hosted().where(Event.id.in_(list(event_ids))))
    return {each.id: each for each in found}


def requests_waiting(session: Session, group_ids: Sequence[int], now: datetime) -> list[Invitation]:
    """Return who asks to be let into groups, the oldest first, each with its group."""
    statement = (
        select(Invitation)
        .where(
            Invitation.group_id.in_(group_ids),
            Invitation.kind == InvitationKind.REQUEST,
            Invitation.answer.is_(None),
            Invitation.expires_at > now,
        )
        .options(joinedload(Invitation.group))
        .order_by(Invitation.created_at, Invitation.id)
    )
    return list(session.scalars(statement))


def network_invitations(session: Session, group_ids: Sequence[int]) -> list[NetworkInvitation]:
    """Return which networks invite groups that have not answered, the oldest first."""
    statement = (
        select(NetworkInvitation)
        .where(NetworkInvitation.group_id.in_(group_ids), NetworkInvitation.answer.is_(None))
        .options(joinedload(NetworkInvitation.network), joinedload(NetworkInvitation.group))
        .order_by(NetworkInvitation.invited_at, NetworkInvitation.network_id)
    )
    return list(session.scalars(statement))


def moments_for(session: Session, event: Event, today: date) -> Sequence[Moment]:
    """Return the moments that an event may count towards: those to come, and those that it has.

    What is made up counts towards what is made up alone.
    """
    own = [moment.id for moment in event.moments]
    return session.scalars(
        select(Moment)
        .where(
            Moment.is_demonstration == event.is_demonstration,
            or_(Moment.ends_on >= today, Moment.id.in_(own)),
        )
        .order_by(Moment.starts_on, Moment.id)
    ).all()


def history_of(session: Session, event_id: int) -> list[EventChange]:
    """Return what happened to an event, the latest first, each with who did it."""
    statement = (
        select(EventChange)
        .where(EventChange.event_id == event_id)
        .options(joinedload(EventChange.by))
        .order_by(EventChange.id.desc())
        .limit(LONGEST_HISTORY)
    )
    return list(session.scalars(statement).unique())


def reason_of_return(session: Session, event_id: int) -> str | None:
    """Return why staff last returned an event to its host."""
    statement = (
        select(EventChange.explanation)
        .where(EventChange.event_id == event_id, EventChange.kind == ChangeKind.RETURNED)
        .order_by(EventChange.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


_SOONEST = (Event.starts_at, Event.id)


def _is_coming(now: datetime) -> ColumnElement[bool]:
    """Return the condition that there is still something to do: a postponed one has a day to find."""
    return or_(Event.ends_at > now, Event.status.in_(UNSETTLED))


def _hosted() -> Select[*tuple[Any, ...]]:
    # An event has a tally for each of its moments, with the same heads in each.
    tallied = select(func.max(EventTally.heads)).where(EventTally.event_id == Event.id)
    people = func.coalesce(tallied.scalar_subquery(), 0)
    return select(
        Event.id,
        Event.public_id,
        Event.title,
        Event.starts_at,
        Event.ends_at,
        Event.status,
        Group.name,
        people,
    ).join(Event.group)


def _read(session: Session, statement: Select[*tuple[Any, ...]]) -> list[HostedEvent]:
    return [HostedEvent(*found) for found in session.execute(statement)]
