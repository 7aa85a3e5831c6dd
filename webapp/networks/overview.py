"""A network’s groups as their coordinators see them: what they list for a moment, and who has not.

Numbers by group are those of the events that it hosts itself; what it co-hosts counts for its host.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import CTE, ColumnElement, Select, Subquery, and_, exists, func, select
from sqlalchemy.orm import Session

from webapp.events.models import Event, EventStatus, event_moment
from webapp.groups.models import Group, Membership, Sector, Standing
from webapp.groups.networks import network_group
from webapp.headcounts.models import Headcount
from webapp.language import Language
from webapp.networks.view import Order, View
from webapp.places.models import Place
from webapp.pledges.models import EventTally

PAGE_SIZE = 50
LAST_PAGE = 1_000
MOST_TITLES = 3
LISTED = (EventStatus.IN_REVIEW, EventStatus.PUBLISHED, EventStatus.POSTPONED)


@dataclass(frozen=True)
class GroupRow:
    """One group with its figures for the moment; `reported` is None where nobody has told."""

    id: int
    slug: str
    name: str
    sector: Sector
    standing: Standing
    place_name: str | None
    has_members: bool
    listed: int
    coming: int
    people: int
    reported: int | None

    @property
    def is_trusted(self) -> bool:
        """Whether its events go live without review."""
        return self.standing is Standing.TRUSTED


@dataclass(frozen=True)
class ListedEvent:
    """One of a group’s events, in short."""

    public_id: str
    title: str
    starts_at: datetime
    status: EventStatus


@dataclass(frozen=True)
class Totals:
    """What a network’s groups add up to for a moment."""

    groups: int
    unlisted: int
    coming: int
    people: int
    reported: int | None


@dataclass(frozen=True)
class Overview:
    """One page of a network’s groups."""

    rows: list[GroupRow]
    events: dict[int, list[ListedEvent]]
    totals: Totals
    total: int
    page: int

    @classmethod
    def of(
        cls, session: Session, network_id: int, view: View, *, page: int, language: Language
    ) -> Self:
        """Return a page, counted from 1."""
        page = min(max(page, 1), LAST_PAGE)
        groups = _groups(network_id, view, language).cte("groups_held")
        cut = _ordered(groups, view).limit(PAGE_SIZE).offset(PAGE_SIZE * (page - 1))
        rows = [GroupRow(*found) for found in session.execute(cut)]
        totals = _totals(session, groups)
        total = totals.unlisted if view.unlisted_only else totals.groups
        events = _events(session, [row.id for row in rows], view.moment.id)
        return cls(rows, events, totals, total, page)

    @property
    def first(self) -> int:
        """The number of the first row shown, counted from 1."""
        return PAGE_SIZE * (self.page - 1) + 1

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return PAGE_SIZE * (self.page - 1) + len(self.rows)

    @property
    def previous_page(self) -> int | None:
        """The page before this one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        """The page after this one."""
        return self.page + 1 if self.last < self.total and self.rows else None


def all_rows(
    session: Session, network_id: int, view: View, *, language: Language
) -> list[GroupRow]:
    """Return all of a network’s groups, for a file."""
    ordered = _ordered(_groups(network_id, view, language).cte("groups_held"), view)
    return [GroupRow(*found) for found in session.execute(ordered)]


def _groups(network_id: int, view: View, language: Language) -> Select[*tuple[Any, ...]]:
    welsh = func.coalesce(Place.name_cy, Place.name)
    figures = _figures(network_id, view)
    return (
        select(
            Group.id,
            Group.slug,
            Group.name,
            Group.sector,
            Group.standing,
            (welsh if language is Language.WELSH else Place.name).label("place_name"),
            exists().where(Membership.group_id == Group.id).label("has_members"),
            func.coalesce(figures.c.listed, 0).label("listed"),
            func.coalesce(figures.c.coming, 0).label("coming"),
            func.coalesce(figures.c.people, 0).label("people"),
            figures.c.reported,
        )
        .join(network_group, network_group.c.group_id == Group.id)
        .outerjoin(Group.place)
        .outerjoin(figures, figures.c.group_id == Group.id)
        .where(network_group.c.network_id == network_id)
    )


def _figures(network_id: int, view: View) -> Subquery:
    """Return what each group lists for the moment; groups without an event have no row."""
    is_on = Event.status == EventStatus.PUBLISHED
    return (
        select(
            Event.group_id,
            func.count().filter(Event.status.in_(LISTED)).label("listed"),
            func.count().filter(is_on, Event.ends_at > view.now).label("coming"),
            func.sum(EventTally.heads).filter(is_on).label("people"),
            func.sum(Headcount.people).filter(is_on).label("reported"),
        )
        .join(network_group, network_group.c.group_id == Event.group_id)
        .join(event_moment, event_moment.c.event_id == Event.id)
        .outerjoin(
            EventTally,
            and_(EventTally.event_id == Event.id, EventTally.moment_id == view.moment.id),
        )
        .outerjoin(Headcount, Headcount.event_id == Event.id)
        .where(network_group.c.network_id == network_id, event_moment.c.moment_id == view.moment.id)
        .group_by(Event.group_id)
        .subquery()
    )


def _ordered(groups: CTE, view: View) -> Select[*tuple[Any, ...]]:
    column = groups.c
    first: dict[Order, ColumnElement[Any]] = {
        Order.NAME: column.name,
        Order.PLACE: column.place_name.asc().nulls_last(),
        Order.EVENTS: column.coming.desc(),
        Order.PEOPLE: column.people.desc(),
        Order.REPORTED: column.reported.desc().nulls_last(),
    }
    statement = select(groups).order_by(first[view.order], column.name, column.id)
    return statement.where(column.listed == 0) if view.unlisted_only else statement


def _totals(session: Session, groups: CTE) -> Totals:
    column = groups.c
    statement = select(
        func.count(),
        func.count().filter(column.listed == 0),
        func.coalesce(func.sum(column.coming), 0),
        func.coalesce(func.sum(column.people), 0),
        func.sum(column.reported),
    ).select_from(groups)
    counts = [None if each is None else int(each) for each in session.execute(statement).one()]
    return Totals(*counts)  # type: ignore[arg-type]  # only what was reported may be unknown


def _events(
    session: Session, group_ids: Sequence[int], moment_id: int
) -> dict[int, list[ListedEvent]]:
    """Return the first few events of each group, soonest first."""
    number = func.row_number().over(
        partition_by=Event.group_id, order_by=(Event.starts_at, Event.id)
    )
    numbered = (
        select(Event.id, number.label("number"))
        .join(event_moment, event_moment.c.event_id == Event.id)
        .where(
            Event.group_id.in_(group_ids),
            Event.status.in_(LISTED),
            event_moment.c.moment_id == moment_id,
        )
        .subquery()
    )
    statement = (
        select(Event.group_id, Event.public_id, Event.title, Event.starts_at, Event.status)
        .join(numbered, numbered.c.id == Event.id)
        .where(numbered.c.number <= MOST_TITLES)
        .order_by(Event.group_id, Event.starts_at, Event.id)
    )
    found: dict[int, list[ListedEvent]] = defaultdict(list)
    for group_id, public_id, title, starts_at, status in session.execute(statement):
        found[group_id].append(ListedEvent(public_id, title, starts_at, status))
    return found
