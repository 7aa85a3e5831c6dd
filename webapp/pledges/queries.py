"""What the tallies say, and finding a pledge by its receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from geo.privacy import VenueType
from webapp.events.models import Event, EventStatus, event_moment
from webapp.events.page import EventPage
from webapp.events.queries import EventRow
from webapp.language import Language
from webapp.moments.models import Moment
from webapp.pledges.models import (
    Checkpoint,
    Correction,
    EntryKind,
    EventTally,
    KnownMovement,
    LedgerEntry,
    MomentTally,
    PledgeStanding,
    RollupState,
)
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import stands

# Fewer than this, and a number tells who will be in somebody’s home.
SMALLEST_AT_HOME = 5
# The rollup folds every second; what is older than this may be wrong by more than a page may be.
FRESH_FOR = timedelta(minutes=1)
QUIET_ABOUT_HOLDING = timedelta(days=1)


@dataclass(frozen=True)
class Tally:
    """A total derived from the ledger, and when it was true."""

    people: int
    pledges: int
    events: int
    held: int
    as_of: datetime
    reconciled_at: datetime | None = None
    # How many of a few people come to events at homes; not counted where there are more people.
    at_homes: int | None = None

    @property
    def told(self) -> int | None:
        """How many people the public may know of; None for a few who all come to homes."""
        return None if self.people and self.people == self.at_homes else self.people

    @property
    def for_words(self) -> int:
        """The number that words about it agree with; of one that is not told, the one it is under."""
        return SMALLEST_AT_HOME if self.told is None else self.told


@dataclass(frozen=True)
class Room:
    """Whether an event is full; `left` how many places there are, None where that is not told."""

    is_full: bool
    left: int | None


@dataclass(frozen=True)
class WordedCorrection:
    """One time that a number was wrong, as the public page tells it."""

    at: datetime
    moment_name: str
    people_before: int
    people_after: int


def tally_of_moment(session: Session, moment_id: int) -> Tally:
    """Return how many take part in a moment, in one question."""
    events = (
        select(func.count())
        .select_from(event_moment)
        .join(Event, Event.id == event_moment.c.event_id)
        .where(event_moment.c.moment_id == moment_id, Event.status == EventStatus.PUBLISHED)
        .scalar_subquery()
    )
    condition = MomentTally.moment_id == moment_id
    return _tally(session, MomentTally.people, condition, events, _at_homes(moment_id))


def _at_homes(moment_id: int) -> ColumnElement[int | None]:
    """Return how many of a moment’s people come to events at homes, where they are so few as to matter."""
    people = select(MomentTally.people).where(MomentTally.moment_id == moment_id)
    private = (
        select(func.sum(EventTally.people))
        .join(Event, Event.id == EventTally.event_id)
        .where(EventTally.moment_id == moment_id, Event.venue_type == VenueType.PRIVATE)
    )
    few = people.scalar_subquery() < SMALLEST_AT_HOME
    return case((few, private.scalar_subquery()), else_=None)


def tally_of_event(session: Session, event_id: int) -> Tally:
    """Return how many come to an event, in one question: its heads, whatever else they come to."""
    return _tally(session, EventTally.heads, EventTally.event_id == event_id, literal(1))


def room_of_event(session: Session, event: EventPage, now: datetime) -> Room | None:
    """Return what pages say of an event’s places; None where it has as many as it wants.

    The number is not told where it is stale, nor for a private event, whose people it would count.
    """
    capacity = event.details.capacity
    if capacity is None or not event.takes_pledges:
        return None
    # What is held back keeps its place. Of an event’s several moments each has the same heads.
    taken = select(func.max(EventTally.heads + EventTally.held)).where(
        EventTally.event_id == event.id
    )
    heads, as_of = session.execute(select(taken.scalar_subquery(), RollupState.as_of)).one()
    left = max(0, capacity - (heads or 0))
    is_told = event.venue_type is not VenueType.PRIVATE and now - as_of < FRESH_FOR
    return Room(not left, left if is_told else None)


def with_people(session: Session, rows: Sequence[EventRow]) -> list[EventRow]:
    """Return the same events, each with how many take part as the public may know it, in one question."""
    if not rows:
        return []
    # Of an event’s several moments each has the same heads.
    found = session.execute(
        select(EventTally.event_id, func.max(EventTally.heads).label("heads"))
        .where(EventTally.event_id.in_([row.id for row in rows]))
        .group_by(EventTally.event_id)
    )
    people = {row.event_id: row.heads for row in found}
    return [
        replace(row, people=shown_people(people.get(row.id, 0), row.venue_type)) for row in rows
    ]


def shown_people(people: int, venue_type: VenueType) -> int | None:
    """Return how many take part in an event as the public may know it; None for a few in a home."""
    is_small = people < SMALLEST_AT_HOME
    return None if venue_type is VenueType.PRIVATE and is_small else people


def party_in_force(session: Session, receipt: Receipt) -> int:
    """Return how many people a pledge is for by the ledger itself; 0 once withdrawn.

    Whether its event is on is another matter: while it is called off, they are not counted. That it is
    held tells nobody.
    """
    return stands(session, receipt).party


def is_being_checked(session: Session, entry: LedgerEntry, now: datetime) -> bool:
    """Tell whether a pledge has been held for a day: until then its receipt says nothing of it."""
    held = select(PledgeStanding.held).where(
        PledgeStanding.moment_id == entry.moment_id, PledgeStanding.pledge == entry.pledge
    )
    since = select(func.min(LedgerEntry.recorded_at)).where(
        LedgerEntry.moment_id == entry.moment_id,
        LedgerEntry.pledge == entry.pledge,
        LedgerEntry.kind == EntryKind.HELD,
        LedgerEntry.party_change < 0,  # not who only waits, and is to be held
    )
    found, first = session.execute(select(held.scalar_subquery(), since.scalar_subquery())).one()
    return bool(found) and first <= now - QUIET_ABOUT_HOLDING


def people_held(session: Session) -> int:
    """Return how many people are held in all real moments."""
    found = session.scalar(
        select(func.sum(MomentTally.held))
        .join(Moment, Moment.id == MomentTally.moment_id)
        .where(~Moment.is_demonstration)
    )
    return int(found or 0)


def open_people(session: Session, moment_id: int) -> int:
    """Return by how many people a moment’s number has changed since the latest checkpoint."""
    since = select(RollupState.open_checkpoint).scalar_subquery()
    found = session.scalar(
        select(func.sum(KnownMovement.people)).where(
            KnownMovement.checkpoint == since, KnownMovement.moment_id == moment_id
        )
    )
    return int(found or 0)


def corrections(session: Session, language: Language, limit: int) -> list[WordedCorrection]:
    """Return the corrections of tallies, the latest first."""
    statement = (
        select(Correction, Moment)
        .join(Moment, Moment.id == Correction.moment_id)
        .order_by(Correction.at.desc(), Correction.id.desc())
        .limit(limit)
    )
    return [
        WordedCorrection(each.at, moment.name(language), each.people_before, each.people_after)
        for each, moment in session.execute(statement)
    ]


def reconciled_at(session: Session) -> datetime | None:
    """Return when the tallies were last compared with the ledger."""
    return session.scalar(select(RollupState.reconciled_at))


def latest_checkpoint(session: Session) -> Checkpoint | None:
    """Return the checkpoint that was written last."""
    return session.scalar(select(Checkpoint).order_by(Checkpoint.number.desc()).limit(1))


def pledge_of_receipt(session: Session, receipt: Receipt) -> LedgerEntry | None:
    """Return the entry that a receipt stands for."""
    return session.execute(
        select(LedgerEntry).where(
            LedgerEntry.moment_id == receipt.moment_id, LedgerEntry.nonce == receipt.key
        )
    ).scalar_one_or_none()


def _tally(
    session: Session,
    figure: InstrumentedAttribute[int],
    condition: ColumnElement[bool],
    events: ColumnElement[int],
    at_homes: ColumnElement[int | None] | None = None,
) -> Tally:
    # An event has a row for each of its moments, with the same heads in each.
    tally = figure.class_
    people, pledges, held = (
        select(func.coalesce(func.max(each), 0)).where(condition).scalar_subquery()
        for each in (figure, tally.pledges, tally.held)
    )
    state = RollupState.as_of, RollupState.reconciled_at
    few = null() if at_homes is None else at_homes
    return Tally(*session.execute(select(people, pledges, events, held, *state, few)).one())
