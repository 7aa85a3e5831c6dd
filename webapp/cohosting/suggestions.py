"""Nearby groups that a host may ask, those from other parts of society first.

Near is measured from the event’s public point, never from where it really is, to the public points
of a group’s own events, or else to the middle of the town that the group is in.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Subquery,
    exists,
    false,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from geo.distance import distance_metres, within_metres
from geo.points import Point
from geo.shapes import from_element
from webapp.cohosting.queries import can_answer
from webapp.events.co_hosts import CoHost
from webapp.events.models import Event, EventStatus
from webapp.filters import METRES_PER_MILE
from webapp.groups.models import Group, Sector, Standing
from webapp.language import Language
from webapp.places.models import Place

NEAR_METRES = 5 * METRES_PER_MILE
MOST_SUGGESTED = 12
# Else one sector that is strong somewhere would fill the list.
MOST_OF_A_SECTOR = 3


@dataclass(frozen=True)
class Suggestion:
    """A group that may be asked; `is_measured` is false where only its town is known."""

    slug: str
    name: str
    sector: Sector
    place_name: str | None
    metres: float
    is_measured: bool
    is_of_another_sector: bool

    @property
    def is_within_a_mile(self) -> bool:
        """Whether it is near enough to walk, for certain."""
        return self.is_measured and self.metres <= METRES_PER_MILE


def groups_to_ask(session: Session, event: Event, *, language: Language) -> list[Suggestion]:
    """Return groups within five miles: from other sectors first, then the nearest. One question.

    Only groups that staff trust or that have published something, that somebody can answer for,
    that were not asked, and of which staff have hidden nothing.
    """
    point = where_it_is_said(event)
    if point is None:
        return []
    near = _near(point)
    statement = _suitable(event, near, language)
    return [Suggestion(*found) for found in session.execute(statement)]


def where_it_is_said(event: Event) -> Point | None:
    """Return the point that everybody may know; for an event online the town of its host."""
    if event.public_point is not None:
        return from_element(event.public_point)
    place = event.group.place
    return place.position if place else None


def sectors_within_a_mile(suggestions: Sequence[Suggestion]) -> list[tuple[Sector, int]]:
    """Return how many groups of each other sector are within a mile, the most first."""
    close = (each for each in suggestions if each.is_within_a_mile and each.is_of_another_sector)
    return Counter(each.sector for each in close).most_common()


def _near(point: Point) -> Subquery:
    """Return the groups near a point with their distance: by their events if they have some there."""
    both = union_all(_near_by_event(point), _near_by_place(point)).subquery()
    measured = func.min(both.c.metres).filter(both.c.is_measured)
    return (
        select(
            both.c.group_id,
            func.coalesce(measured, func.min(both.c.metres), type_=Float).label("metres"),
            func.bool_or(both.c.is_measured).label("is_measured"),
        )
        .group_by(both.c.group_id)
        .subquery()
    )


def _near_by_event(point: Point) -> Select[*tuple[Any, ...]]:
    metres = distance_metres(Event.public_point, point).label("metres")
    return select(Event.group_id.label("group_id"), metres, true().label("is_measured")).where(
        within_metres(Event.public_point, point, NEAR_METRES),
        Event.status == EventStatus.PUBLISHED,
    )


def _near_by_place(point: Point) -> Select[*tuple[Any, ...]]:
    metres = distance_metres(Place.point, point).label("metres")
    return (
        select(Group.id.label("group_id"), metres, false().label("is_measured"))
        .join(Place, Place.id == Group.place_id)
        .where(within_metres(Place.point, point, NEAR_METRES))
    )


def _suitable(event: Event, near: Subquery, language: Language) -> Select[*tuple[Any, ...]]:
    ranked = _ranked(event, near)
    another = Group.sector != literal(event.group.sector, Group.sector.type)
    welsh = func.coalesce(Place.name_cy, Place.name)
    place_name = welsh if language is Language.WELSH else Place.name
    metres, is_measured = ranked.c.metres, ranked.c.is_measured
    return (
        select(Group.slug, Group.name, Group.sector, place_name, metres, is_measured, another)
        .join(ranked, ranked.c.id == Group.id)
        .outerjoin(Group.place)
        .where(ranked.c.number <= MOST_OF_A_SECTOR)
        .order_by(another.desc(), metres, Group.id)
        .limit(MOST_SUGGESTED)
    )


def _ranked(event: Event, near: Subquery) -> Subquery:
    """Return the groups that may be offered, each with its number among those of its sector."""
    number = func.row_number().over(
        partition_by=Group.sector, order_by=(near.c.metres, near.c.group_id)
    )
    return (
        select(Group.id, near.c.metres, near.c.is_measured, number.label("number"))
        .join(near, near.c.group_id == Group.id)
        .where(*_conditions(event))
        .subquery()
    )


def _conditions(event: Event) -> tuple[ColumnElement[bool], ...]:
    has_published = exists().where(
        Event.group_id == Group.id, Event.status == EventStatus.PUBLISHED
    )
    was_hidden = exists().where(Event.group_id == Group.id, Event.hidden_by_staff)
    was_asked = exists().where(CoHost.event_id == event.id, CoHost.group_id == Group.id)
    return (
        Group.id != event.group_id,
        (Group.standing == Standing.TRUSTED) | has_published,
        ~was_hidden,
        ~was_asked,
        can_answer(),
    )
