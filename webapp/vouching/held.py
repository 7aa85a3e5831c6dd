"""Pledges that are held for a trusted host’s event: how many there are, and releasing them.

Whoever knows that a school or a care home is behind one connection can say so, up to a bound for each
event and day; beyond it, staff look.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.events.mail_details import mail_details
from webapp.events.models import Event, EventStatus
from webapp.events.queries import event_of_id
from webapp.groups.models import Group, Standing
from webapp.groups.queries import addressees_of
from webapp.outbox import post_mail
from webapp.pledges.locks import LOCK_ALONE
from webapp.pledges.models import EntryKind, LedgerEntry, PledgeStanding
from webapp.pledges.nonces import Receipt
from webapp.pledges.releasing import release
from webapp.pledges.sides import PledgeSide, Signal
from webapp.vouching.models import HeldNotice

VOUCHED = "vouched"
MOST_A_DAY = 300
A_DAY = timedelta(days=1)
# Fewer than these are not worth a mail.
WORTH_A_MAIL = 20
TOLD_AT_ONCE = 100


@dataclass(frozen=True)
class HeldPlace:
    """What is held of one connection: pledges, people in them, and since when; `key` is for a form."""

    key: str
    pledges: int
    people: int
    since: datetime


def held_places(session: Session, event_id: int) -> list[HeldPlace]:
    """Return what is held of an event by the connection that it came from, the largest first."""
    places = []
    for bucket, found in groupby(_held(session, event_id), key=lambda row: row.bucket):
        rows = list(found)
        people, since = sum(row.held for row in rows), min(row.hour for row in rows)
        places.append(HeldPlace(_key(event_id, bucket), len(rows), people, since))
    return sorted(places, key=lambda each: -each.people)


def pledges_held(session: Session, event_id: int) -> int:
    """Return how many pledges are held of an event that its host may know."""
    return len(_held(session, event_id))


def people_left(session: Session, event_id: int) -> int:
    """Return how many more people a host may vouch for at an event within a day.

    By the database’s clock, which says when an entry was written.
    """
    vouched = select(func.coalesce(func.sum(LedgerEntry.party_change), 0)).where(
        LedgerEntry.event_id == event_id,
        LedgerEntry.kind == EntryKind.RELEASED,
        LedgerEntry.reason == VOUCHED,
        LedgerEntry.recorded_at > func.now() - A_DAY,
    )
    return max(0, MOST_A_DAY - int(session.scalars(vouched).one()))


def vouch(session: Session, event_id: int, keys: Collection[str]) -> int:
    """Release what is held of an event from some connections, as far as a day allows; return of how many.

    Whole pledges, in the order in which they came. Of two hosts at the same instant the second sees
    what the first released.
    """
    session.execute(LOCK_ALONE)
    left = people_left(session, event_id)
    chosen = []
    for row in sorted(_held(session, event_id), key=lambda row: row.first_entry):
        if _key(event_id, row.bucket) in keys and row.held <= left:
            chosen.append(Receipt(row.moment_id, row.pledge))
            left -= row.held
    return release(session, chosen, VOUCHED) if chosen else 0


def tell_hosts(session: Session, now: datetime) -> int:
    """Post mails to trusted hosts of events for which many pledges are held; return for how many events.

    An event is marked in the transaction that posts its mails: its hosts are told once a day, however
    many workers there are.
    """
    many = (
        select(PledgeStanding.event_id)
        .join_from(PledgeStanding, PledgeSide, _IS_BESIDE)
        .join(Event, Event.id == PledgeStanding.event_id)
        .join(Group, Group.id == Event.group_id)
        .where(*_CAN_BE_VOUCHED_FOR, Group.standing == Standing.TRUSTED)
        .where(Event.status == EventStatus.PUBLISHED)
        .group_by(PledgeStanding.event_id)
        .having(func.count() > WORTH_A_MAIL)
        .order_by(PledgeStanding.event_id)
        .limit(TOLD_AT_ONCE)
    )
    told = [each for each in session.scalars(many).all() if each and _mark(session, each, now)]
    for event_id in told:
        _tell(session, event_of_id(session, event_id), now)
    return len(told)


_IS_BESIDE = (PledgeSide.moment_id == PledgeStanding.moment_id) & (
    PledgeSide.pledge == PledgeStanding.pledge
)
# A filled trap is a program’s, whatever else came from there; without a bucket nobody knows from where.
_CAN_BE_VOUCHED_FOR = (
    PledgeStanding.held > 0,
    PledgeSide.bucket.is_not(None),
    PledgeSide.signals.op("&")(int(Signal.TRAPPED)) == 0,
)


# Standings follow the ledger after some seconds; what was released meanwhile is not held any more.
_HELD_LAST = (
    select(LedgerEntry.kind)
    .where(
        LedgerEntry.moment_id == PledgeStanding.moment_id,
        LedgerEntry.pledge == PledgeStanding.pledge,
        LedgerEntry.kind.in_((EntryKind.HELD, EntryKind.RELEASED)),
    )
    .order_by(LedgerEntry.id.desc())
    .limit(1)
    .scalar_subquery()
) == EntryKind.HELD


def _held(session: Session, event_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    columns = (
        PledgeStanding.moment_id, PledgeStanding.pledge, PledgeStanding.held,
        PledgeStanding.hour, PledgeStanding.first_entry, PledgeSide.bucket,
    )  # fmt: skip
    statement = select(*columns).join_from(PledgeStanding, PledgeSide, _IS_BESIDE)
    mine = statement.where(PledgeStanding.event_id == event_id, *_CAN_BE_VOUCHED_FOR, _HELD_LAST)
    return session.execute(mine.order_by(PledgeSide.bucket, PledgeStanding.first_entry)).all()


def _key(event_id: int, bucket: bytes) -> str:
    """Return what stands for a bucket in a form: it tells nothing about another event’s."""
    return hashlib.sha256(f"{event_id}".encode() + bucket).hexdigest()[:16]


def _mark(session: Session, event_id: int, now: datetime) -> bool:
    noted = insert(HeldNotice).values(event_id=event_id, told_at=now)
    again = noted.on_conflict_do_update(
        index_elements=["event_id"],
        set_={"told_at": now},
        where=HeldNotice.told_at <= now - A_DAY,
    )
    return session.scalar(again.returning(HeldNotice.event_id)) is not None


def _tell(session: Session, event: Event, now: datetime) -> None:
    for each in addressees_of(session, event.group):
        post_mail(
            session,
            "pledges_held",
            to=each.email,
            language=each.language,
            send_before=now + A_DAY,
            held=str(pledges_held(session, event.id)),
            **mail_details(event, each.language),
        )
