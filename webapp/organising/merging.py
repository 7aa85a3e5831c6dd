"""Two listings of the same event become one, and two again where that was a mistake.

Merging turns nobody away: where the kept one has fewer places than people now, all of them are in, and
only who comes after waits.
"""

import re
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from geo.distance import distance_metres
from geo.points import Point
from geo.shapes import from_element
from webapp.accounts.models import User
from webapp.events import life
from webapp.events.co_hosts import co_hosts_of, let_go_of_hosts, take_in_hosts
from webapp.events.models import Event
from webapp.events.queries import event_of_id
from webapp.groups.models import Group
from webapp.groups.networks import Network
from webapp.organising.actions import tell_group
from webapp.pledges.news import note_news
from webapp.pledges.places import Places
from webapp.security import Act

# Two listings of the same event differ by a slip of an hour or a day, or by the next street.
NEAR_METRES = 5_000
WITHIN = timedelta(hours=36)
MOST_LOOKED_AT, MOST_OFFERED = 60, 8
# What tells whether somebody may change an event, for all of them together.
_GROUP = joinedload(Event.group)
WHO_MAY = (
    _GROUP.selectinload(Group.memberships),
    _GROUP.selectinload(Group.networks).selectinload(Network.coordinators),
)
ADDRESS = re.compile(r"(?:.*/(?:events|e)/)?([0-9a-z]{10})(?:[/?#].*)?", re.IGNORECASE)


def public_id_in(typed: str) -> str | None:
    """Return the part of an event’s address that names it; None where there is none."""
    found = ADDRESS.fullmatch(typed.strip())
    return found[1].lower() if found else None


def alike(session: Session, event: Event, user: User) -> list[Event]:
    """Return public events about the same time and place that a person may change, nearest first."""
    statement = (
        select(Event)
        .where(
            Event.id != event.id,
            Event.status.in_(life.LIVE),
            Event.starts_at.between(event.starts_at - WITHIN, event.starts_at + WITHIN),
        )
        .options(joinedload(Event.place), selectinload(Event.moments), *WHO_MAY)
        .limit(MOST_LOOKED_AT)
    )
    if event.public_point is None:
        statement = statement.where(Event.public_point.is_(None)).order_by(
            Event.starts_at, Event.id
        )
    else:
        far = distance_metres(Event.public_point, from_element(event.public_point))
        statement = statement.where(far < NEAR_METRES).order_by(far, Event.id)
    found = session.scalars(statement)
    same = [each for each in found if each.is_demonstration is event.is_demonstration]
    return [each for each in same if each.permits(Act.EDIT, user)][:MOST_OFFERED]


def differ(event: Event, kept: Event) -> bool:
    """Tell whether whoever goes to one at its time and place may miss the other."""
    told = ("starts_at", "ends_at", "status", "venue_type", "venue_name", "joining_link")
    if any(getattr(event, name) != getattr(kept, name) for name in told):
        return True
    return _point_of(event) != _point_of(kept)


def merge_events(session: Session, event: Event, kept: Event, by: User, now: datetime) -> None:
    """Merge a listing into another one; those who host either are told, and who promised to come."""
    is_news = differ(event, kept)
    life.merge(session, event, kept, by, now)
    take_in_hosts(session, event, kept, by, now)
    Places.of(kept).move_up(session)
    if is_news:
        note_news(session, kept, now)
    _tell(session, event, kept, by, now, "merged")


def part_events(session: Session, event: Event, by: User, now: datetime) -> None:
    """Take apart what was merged; those who host either are told, and who promised to come."""
    if event.merged_into_id is None:
        raise life.LifeError(life.NOT_MERGED)
    kept = event_of_id(session, event.merged_into_id)
    merged_at = life.part(session, event, kept, by, now)
    _tell(session, event, kept, by, now, "parted")
    if merged_at is not None:
        let_go_of_hosts(session, kept, merged_at)
    for each in (event, kept):
        Places.of(each).move_up(session)
    note_news(session, event, now)


def _tell(session: Session, event: Event, kept: Event, by: User, now: datetime, what: str) -> None:
    told = {by.email}
    for group in (event.group, kept.group, *co_hosts_of(session, kept.id)):
        tell_group(
            session, kept, group, told, "event_merged", now, what=what, other_title=event.title
        )


def _point_of(event: Event) -> Point | None:
    return None if event.public_point is None else from_element(event.public_point)
