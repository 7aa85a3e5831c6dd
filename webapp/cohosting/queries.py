"""Whom an event’s host has asked, and finding a group by its name."""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from geo.distance import distance_metres
from geo.names import folded
from geo.points import Point
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import Event
from webapp.groups.models import Group, Membership
from webapp.groups.networks import network_coordinator, network_group
from webapp.groups.page_addresses import slug_of_address
from webapp.places.models import Place

SHORTEST_SEARCH = 3
MOST_FOUND = 10


def co_hosts_asked(session: Session, event: Event) -> list[CoHost]:
    """Return whom a host has asked, but for those no longer: first asked, first told."""
    statement = (
        select(CoHost)
        .where(CoHost.event_id == event.id, CoHost.answer != CoHostAnswer.WITHDRAWN)
        .options(joinedload(CoHost.group).joinedload(Group.place))
        .order_by(CoHost.invited_at, CoHost.group_id)
    )
    return list(session.scalars(statement))


def co_host_of(session: Session, event: Event, slug: str) -> CoHost | None:
    """Return the invitation of the group with an address to an event, whatever became of it."""
    statement = (
        select(CoHost)
        .join(CoHost.group)
        .where(CoHost.event_id == event.id, Group.slug == slug)
        .options(joinedload(CoHost.group).selectinload(Group.memberships))
    )
    return session.scalar(statement)


def groups_called(session: Session, text: str, *, besides: int, near: Point | None) -> list[Group]:
    """Return the groups that hold these words in their name, or whose page this is, nearest first.

    Groups that nobody could answer for are left out.
    """
    wanted, slug = folded(text), slug_of_address(text)
    if len(wanted) < SHORTEST_SEARCH:
        return []
    named = Group.folded_name.contains(wanted, autoescape=True)
    is_it = Group.slug == (slug or "")
    order: list[ColumnElement[Any]] = [is_it.desc()]
    if near is not None:
        order.append(distance_metres(Place.point, near).nulls_last())
    statement = (
        select(Group)
        .outerjoin(Group.place)
        .where(or_(named, is_it), Group.id != besides, can_answer())
        .options(contains_eager(Group.place))
        .order_by(*order, Group.name, Group.id)
        .limit(MOST_FOUND)
    )
    return list(session.scalars(statement))


def can_answer() -> ColumnElement[bool]:
    """Return the condition that there is somebody who could answer for a group."""
    has_members = exists().where(Membership.group_id == Group.id)
    is_coordinated = exists().where(
        network_group.c.group_id == Group.id,
        network_coordinator.c.network_id == network_group.c.network_id,
    )
    return or_(has_members, is_coordinated)
