"""Finding who asks for an exact place, and what a receipt says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from webapp.asked_places.models import MOST_WAITING, Answer, AskedPlace
from webapp.asked_places.places import (
    ToldPlace,
    is_told_still,
    last_day,
    may_be_asked,
    told_place,
)
from webapp.events.life import LIVE
from webapp.events.models import Event
from webapp.groups.queries import addressees_of
from webapp.pledges.contact_models import PledgeContact
from webapp.pledges.models import EntryKind, LedgerEntry
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import SAID_TO_NOBODY, Stands

# Of what was answered, the latest: nobody looks further back.
MOST_ANSWERED = 500


class ReceiptState(StrEnum):
    """How it stands between one pledge and the host’s door."""

    OFFERED = "offered"
    NO_ROOM = "no-room"  # whoever waits for a place at the event waits with this too
    WAITING = "waiting"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    ENDED = "ended"  # the event is over or off


@dataclass(frozen=True)
class PlaceOnReceipt:
    """What a receipt says of the exact place; `place` is what it may be found by, once accepted."""

    state: ReceiptState
    event: Event
    asked: AskedPlace | None = None
    place: ToldPlace | None = None
    until: date | None = None


@dataclass(frozen=True)
class Asker:
    """One who asks, as the host sees them: never more than they wrote, and how many come."""

    id: int
    name: str
    note: str | None
    party: int
    asked_at: datetime
    answer: Answer | None
    answered_at: datetime | None
    answered_by_id: int | None


def place_on_receipt(
    session: Session, entry: LedgerEntry, pledged: Stands, now: datetime
) -> PlaceOnReceipt | None:
    """Return what a receipt says of the exact place of its event; None where there is nothing to say."""
    if entry.event_id is None or not pledged.wanted:
        return None
    event = _kept(session, entry.event_id)
    asked = asked_of(session, Receipt(entry.moment_id, entry.pledge))
    if not is_told_still(event, now):
        return _ended(event, asked)
    if asked is None or asked.event_id != event.id:
        return _offered(session, event, pledged, now)
    if not pledged.party:
        return PlaceOnReceipt(ReceiptState.NO_ROOM, event, asked)
    return _answered(session, event, asked, now)


def asked_of(session: Session, receipt: Receipt) -> AskedPlace | None:
    """Return what a pledge has asked."""
    return session.scalars(
        select(AskedPlace).where(
            AskedPlace.moment_id == receipt.moment_id, AskedPlace.pledge == receipt.key
        )
    ).one_or_none()


def has_address(session: Session, receipt: Receipt) -> bool:
    """Tell whether a pledge has an address that may be written to."""
    found = session.scalar(
        select(PledgeContact.confirmed_at).where(
            PledgeContact.moment_id == receipt.moment_id, PledgeContact.pledge == receipt.key
        )
    )
    return found is not None


def askers_of(session: Session, event_id: int) -> list[Asker]:
    """Return who asks: who has waited longest first, then who was answered, the latest first."""
    rows = session.execute(
        select(AskedPlace, party_of_asker().label("party"))
        .where(AskedPlace.event_id == event_id, AskedPlace.name.is_not(None), party_of_asker() > 0)
        .order_by(
            AskedPlace.answer.is_not(None), AskedPlace.answered_at.desc(), AskedPlace.asked_at,
            AskedPlace.id,
        )
        .limit(MOST_WAITING + MOST_ANSWERED)
    )  # fmt: skip
    return [
        Asker(
            id=asked.id, name=asked.name or "", note=asked.note, party=int(party),
            asked_at=asked.asked_at, answer=asked.answer, answered_at=asked.answered_at,
            answered_by_id=asked.answered_by_id,
        )
        for asked, party in rows
    ]  # fmt: skip


def places_asked(session: Session, event_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Return how many wait for an answer about the place, by event; events without any are left out.

    Nor is there anything to answer about what is over or called off.
    """
    statement = (
        select(AskedPlace.event_id, func.count())
        .join(Event, Event.id == AskedPlace.event_id)
        .where(
            AskedPlace.event_id.in_(event_ids), AskedPlace.answer.is_(None), party_of_asker() > 0
        )
        .where(Event.status.in_(LIVE), Event.ends_at > now)
        .group_by(AskedPlace.event_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _offered(
    session: Session, event: Event, pledged: Stands, now: datetime
) -> PlaceOnReceipt | None:
    """Return that it may be asked for; None where there is nobody to answer."""
    if not may_be_asked(event, now) or not addressees_of(session, event.group):
        return None
    state = ReceiptState.OFFERED if pledged.party else ReceiptState.NO_ROOM
    return PlaceOnReceipt(state, event)


def _kept(session: Session, event_id: int) -> Event:
    """Return the event of a pledge; of two listings that are one, the one that was kept."""
    event = session.get_one(Event, event_id)
    return session.get_one(Event, event.merged_into_id) if event.merged_into_id else event


def _ended(event: Event, asked: AskedPlace | None) -> PlaceOnReceipt | None:
    """Return that what was written can be erased, where there is any left and nothing else to say."""
    return PlaceOnReceipt(ReceiptState.ENDED, event, asked) if asked and asked.name else None


def _answered(
    session: Session, event: Event, asked: AskedPlace, now: datetime
) -> PlaceOnReceipt | None:
    """Return what has become of a question."""
    if asked.answer is Answer.ACCEPTED:
        place = told_place(session, event)
        return PlaceOnReceipt(ReceiptState.ACCEPTED, event, asked, place, last_day(event))
    if event.is_over(now):
        return _ended(event, asked)
    state = ReceiptState.DECLINED if asked.answer else ReceiptState.WAITING
    return PlaceOnReceipt(state, event, asked)


def party_of_asker() -> ColumnElement[int]:
    """Return how many are in with a pledge that asks, as `stands` does: that it is held tells nobody."""
    entry, ended = aliased(LedgerEntry), aliased(LedgerEntry)
    of_entry, of_ended = (
        (each.moment_id == AskedPlace.moment_id) & (each.pledge == AskedPlace.pledge)
        for each in (entry, ended)
    )
    invalidated = select(func.max(ended.id)).where(of_ended, ended.kind == EntryKind.INVALIDATED)
    return (
        select(func.coalesce(func.sum(entry.party_change), 0))
        .where(of_entry, entry.kind.not_in(SAID_TO_NOBODY))
        .where(entry.id > func.coalesce(invalidated.scalar_subquery(), 0))
        .scalar_subquery()
    )
