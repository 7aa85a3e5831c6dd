"""Finding events. Public code reads public points alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from geo.bounds import Box
from geo.distance import distance_metres, inside, nearest_first
from geo.points import Point
from geo.privacy import VenueType
from geo.shapes import from_element
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.history import EventChange
from webapp.events.models import PUBLIC_STATUSES, Event, EventStatus, event_moment
from webapp.groups.models import Group
from webapp.language import Language
from webapp.moments.models import Moment
from webapp.places.models import Place


@dataclass(frozen=True)
class EventRow:
    """An event as lists and maps show it; `people` is filled in from the tallies, None where nobody is told."""

    id: int
    public_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    status: EventStatus
    venue_type: VenueType
    venue_name: str | None
    point: Point | None
    radius_metres: int
    place_name: str | None
    host_name: str
    host_slug: str
    is_demonstration: bool
    distance_metres: float | None = None
    people: int | None = 0


def event_of_address(session: Session, public_id: str) -> Event | None:
    """Return the event with the id of an address, with all that its page shows."""
    return session.execute(_whole().where(Event.public_id == public_id)).scalar_one_or_none()


def event_of_id(session: Session, event_id: int) -> Event:
    """Return an event that is known to exist, with all that its page shows."""
    return session.execute(_whole().where(Event.id == event_id)).scalar_one()


def kept_of_id(session: Session, event_id: int) -> Event:
    """Return an event that is known to exist, with all that its page shows.

    Where it was merged into another listing, that one.
    """
    return session.execute(_whole().where(Event.id == kept_id_of(event_id))).scalar_one()


def kept_id_of(event_id: ColumnElement[Any] | int) -> ScalarSelect[Any]:
    """Return, in SQL, the id of the listing that stands for an event: its own if it was not merged."""
    own = aliased(Event)
    kept = func.coalesce(own.merged_into_id, own.id)
    return select(kept).where(own.id == event_id).scalar_subquery()


def merged_with(event_id: int) -> Select[int]:
    """Return the question for the ids of an event and of all that were merged into it."""
    return select(Event.id).where(or_(Event.id == event_id, Event.merged_into_id == event_id))


def addresses_merged_into(session: Session, event_id: int) -> list[str]:
    """Return the ids of addresses of the listings that were merged into an event, in their order."""
    merged = select(Event.public_id).where(Event.merged_into_id == event_id).order_by(Event.id)
    return list(session.scalars(merged))


def changed_at(session: Session, event: Event) -> datetime:
    """Return when an event was last changed: when it was made if never since."""
    latest = select(func.max(EventChange.at)).where(EventChange.event_id == event.id)
    return session.execute(latest).scalar_one() or event.created_at


def events_of_moment(
    session: Session,
    moment_id: int,
    *,
    language: Language,
    near: Point | None = None,
    not_over_at: datetime | None = None,
    limit: int,
    offset: int = 0,
) -> list[EventRow]:
    """Return a moment’s events: nearest first where a point is given, else soonest first."""
    page = select(Event.id).where(_is_of(moment_id), Event.status == EventStatus.PUBLISHED)
    if not_over_at is not None:
        page = page.where(Event.ends_at > not_over_at)
    if near is None:
        order: list[ColumnElement[Any]] = [Event.starts_at.expression, Event.id.expression]
        page = page.order_by(*order)
    else:
        # Distance alone, on a subquery alone: else the planner leaves the index and sorts all.
        order = [distance_metres(Event.public_point, near), Event.id.expression]
        page = page.order_by(nearest_first(Event.public_point, near))
    chosen = page.limit(limit).offset(offset).subquery()
    statement = _rows(language, near).join(chosen, chosen.c.id == Event.id).order_by(*order)
    return [_row(found) for found in session.execute(statement)]


def events_in_view(
    session: Session, moment_id: int, box: Box, *, language: Language, limit: int
) -> tuple[list[EventRow], int]:
    """Return at most `limit` of a moment’s events inside a box, and how many there are in all."""
    statement = (
        _rows(language)
        .add_columns(func.count().over())
        .where(
            _is_of(moment_id),
            Event.status == EventStatus.PUBLISHED,
            inside(Event.public_point, box),
        )
        .order_by(Event.id)
        .limit(limit)
    )
    found = session.execute(statement).all()
    return [_row(row[:-1]) for row in found], (found[0][-1] if found else 0)


def events_of_group(
    session: Session,
    group_id: int,
    *,
    is_over: bool,
    now: datetime,
    language: Language,
    limit: int,
    offset: int = 0,
) -> list[EventRow]:
    """Return what a group hosts, also together with others: to come, soonest first, or over, latest first."""
    by_time = Event.starts_at.desc() if is_over else Event.starts_at.asc()
    statement = (
        _rows(language)
        .where(*_of_group(group_id, is_over=is_over, now=now))
        .order_by(by_time, Event.id)
        .limit(limit)
        .offset(offset)
    )
    return [_row(found) for found in session.execute(statement)]


def count_of_group(session: Session, group_id: int, *, is_over: bool, now: datetime) -> int:
    """Return how many events a group hosts that are to come, or over."""
    conditions = _of_group(group_id, is_over=is_over, now=now)
    return session.execute(select(func.count(Event.id)).where(*conditions)).scalar_one()


def events_of_groups(
    session: Session, group_ids: Sequence[int], *, language: Language
) -> list[EventRow]:
    """Return the events of somebody’s groups, soonest first, hidden ones too."""
    statement = (
        _rows(language).where(Event.group_id.in_(group_ids)).order_by(Event.starts_at, Event.id)
    )
    return [_row(found) for found in session.execute(statement)]


def count_of_moment(
    session: Session, moment_id: int, *, not_over_at: datetime | None = None
) -> int:
    """Return how many events a moment has, or still has to come."""
    statement = (
        select(func.count())
        .select_from(event_moment.join(Event))
        .where(event_moment.c.moment_id == moment_id, Event.status == EventStatus.PUBLISHED)
    )
    if not_over_at is not None:
        statement = statement.where(Event.ends_at > not_over_at)
    return session.execute(statement).scalar_one()


def _whole() -> Select[Event]:
    return select(Event).options(
        joinedload(Event.group), joinedload(Event.place), selectinload(Event.moments)
    )


def _is_of(moment_id: int) -> ColumnElement[bool]:
    return (
        select(event_moment.c.event_id)
        .where(event_moment.c.event_id == Event.id, event_moment.c.moment_id == moment_id)
        .exists()
    )


def _of_group(group_id: int, *, is_over: bool, now: datetime) -> list[ColumnElement[bool]]:
    """Return what is true of a group’s events; called off, they stay listed until they would be over."""
    own = select(Event.id).where(Event.group_id == group_id)
    together = select(CoHost.event_id).where(
        CoHost.group_id == group_id, CoHost.answer == CoHostAnswer.ACCEPTED
    )
    hosted = Event.id.in_(union_all(own, together))
    if is_over:
        return [hosted, Event.ends_at <= now, Event.status == EventStatus.PUBLISHED]
    return [hosted, Event.ends_at > now, Event.status.in_(PUBLIC_STATUSES)]


def _is_demonstration() -> ColumnElement[bool]:
    return (
        select(event_moment.c.event_id)
        .join(Moment)
        .where(event_moment.c.event_id == Event.id, Moment.is_demonstration)
        .exists()
    )


def _rows(language: Language, near: Point | None = None) -> Select[*tuple[Any, ...]]:
    welsh = func.coalesce(Place.name_cy, Place.name)
    place_name = welsh if language is Language.WELSH else Place.name
    columns: list[Any] = [
        Event.id,
        Event.public_id,
        Event.title,
        Event.starts_at,
        Event.ends_at,
        Event.status,
        Event.venue_type,
        Event.venue_name,
        Event.public_point,
        Event.public_radius_metres,
        place_name,
        Group.name,
        Group.slug,
        _is_demonstration(),
    ]
    if near is not None:
        columns.append(distance_metres(Event.public_point, near))
    return select(*columns).outerjoin(Event.place).join(Event.group)


def _row(found: Sequence[Any]) -> EventRow:
    before, point, after = found[:8], found[8], found[9:]
    values: Sequence[Any] = (*before, from_element(point) if point is not None else None, *after)
    return EventRow(*values)
