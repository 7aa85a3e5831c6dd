"""What is still to be told, and what was told: reported numbers and shares of who met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.events.models import Event, EventStatus, event_moment
from webapp.events.queries import kept_of_id
from webapp.filters import LONDON, local
from webapp.headcounts.encounters import FEWEST_ANSWERS, Asked, Met, Shares, Witness
from webapp.headcounts.models import Encounter, Headcount
from webapp.moments.models import Moment
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Receipt
from webapp.pledges.queries import party_in_force

# How long hosts are reminded under “Your events”; the link in their mail works for longer.
DUE_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Reported:
    """What the hosts of a moment told, added up: never added to pledges."""

    people: int
    events: int


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


def reported_of_moment(session: Session, moment_id: int) -> Reported:
    """Return what hosts reported for a moment’s published events."""
    statement = (
        select(func.coalesce(func.sum(Headcount.people), 0), func.count())
        .join(Event, Event.id == Headcount.event_id)
        .join(event_moment, event_moment.c.event_id == Event.id)
        .where(event_moment.c.moment_id == moment_id, Event.status == EventStatus.PUBLISHED)
    )
    people, events = session.execute(statement).one()
    return Reported(int(people), events)


def encounter_shares(session: Session, moment_id: int) -> Shares | None:
    """Return how many met somebody; None while too few have answered to hide what one said."""
    statement = select(
        func.count(),
        func.count().filter(Encounter.met_new),
        func.count().filter(Encounter.met_unusual),
    ).where(Encounter.moment_id == moment_id)
    answers, met_new, met_unusual = session.execute(statement).one()
    if answers < FEWEST_ANSWERS:
        return None
    return Shares(answers, round(100 * met_new / answers), round(100 * met_unusual / answers))


def asked(session: Session, witness: Witness) -> Asked:
    """Return the question for somebody who may tell, with what they said before."""
    encounter = session.scalar(select(Encounter).where(Encounter.teller_key == witness.key))
    return Asked(Met.of(encounter) if encounter else None)


def asked_on_receipt(
    session: Session, entry: LedgerEntry, *, secret_key: str, now: datetime
) -> Asked | None:
    """Return the question for a receipt, from the day after; None before, and for what was not on."""
    if not may_tell(session, entry, now):
        return None
    return asked(session, Witness.neighbour(entry, secret_key))


def may_tell(session: Session, entry: LedgerEntry, now: datetime) -> bool:
    """Tell whether a pledge stands, and what it was for was on and over before today."""
    if not party_in_force(session, Receipt(entry.moment_id, entry.pledge)):
        return False
    if entry.event_id is None:
        return session.get_one(Moment, entry.moment_id).is_over(local(now).date())
    event = kept_of_id(session, entry.event_id)
    return event.status is EventStatus.PUBLISHED and event.ends_at < start_of_today(now)


def is_told(event: Event, now: datetime) -> bool:
    """Tell whether there is something to tell of an event: it was on, and it has ended."""
    return event.status is EventStatus.PUBLISHED and event.is_over(now)


def took_place(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an event was on and was over before today."""
    return (Event.status == EventStatus.PUBLISHED) & (Event.ends_at < start_of_today(now))


def start_of_today(now: datetime) -> datetime:
    """Return when today began, as the clocks in the United Kingdom show it."""
    return datetime.combine(local(now).date(), time(), LONDON)
