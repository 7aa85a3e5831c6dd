"""The places of an event that has only so many: who is in, who waits, and who is moved up.

Only an event with a capacity has a lock to take, on its own row, so that no other event pays for it.
Whoever holds it reads the ledger itself, never a tally: places are given away by what was committed.

A pledge that waits is one entry `waiting` with minus its people, which takes them out of what is in
force; an entry with plus as many takes them off the list again, and says so where they were moved up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from webapp.events.life import LIVE
from webapp.events.models import Event, EventStatus
from webapp.events.queries import kept_id_of
from webapp.pledges.contacts import note_moved_up
from webapp.pledges.models import EntryKind, LedgerEntry
from webapp.pledges.nonces import Receipt

MOVED_UP = "moved-up"
# What becomes of a pledge without whoever made it.
SAID_TO_NOBODY = (EntryKind.HELD, EntryKind.RELEASED, EntryKind.MOVED)
UNLIMITED = 2**31

# What is held back keeps its place, for it may yet be released. Moving takes no place and gives none: an
# event that is called off and then on again finds its people where they were.
_TAKEN = """
    WITH ended AS (
        SELECT moment_id, pledge, max(id) AS id FROM ledger_entry
        WHERE {is_its} AND kind = 'invalidated' GROUP BY moment_id, pledge
    )
    SELECT coalesce(sum(party_change), 0)
    FROM ledger_entry AS entry LEFT JOIN ended USING (moment_id, pledge)
    WHERE {is_its} AND kind NOT IN ({besides}) AND entry.id > coalesce(ended.id, 0)
"""

# In the order in which each began to wait; whoever was on the list before and left it begins anew.
_WAITING = """
    SELECT moment_id, pledge, -sum(party_change) AS people
    FROM (
        SELECT *, coalesce(
            max(id) FILTER (WHERE balance = 0) OVER (PARTITION BY moment_id, pledge), 0) AS ended
        FROM (
            SELECT *, sum(party_change) OVER (PARTITION BY moment_id, pledge ORDER BY id) AS balance
            FROM ledger_entry AS entry WHERE {is_its} AND kind = 'waiting'
                AND NOT EXISTS (
                    SELECT FROM ledger_entry AS gone
                    WHERE gone.moment_id = entry.moment_id AND gone.pledge = entry.pledge
                        AND gone.kind = 'invalidated' AND gone.id > entry.id
                )
        ) AS step
    ) AS step
    GROUP BY moment_id, pledge HAVING sum(party_change) < 0
    ORDER BY min(id) FILTER (WHERE id > ended)
"""

# Entries of a pledge name the event that it counted at when they were made. Where two listings were
# merged, and perhaps taken apart again, it belongs where the one stands now that it was made for.
_PLAIN = "event_id = :event_id"
_MINGLED = """(moment_id, pledge) IN (
    SELECT first.moment_id, first.nonce FROM ledger_entry AS first
    JOIN event ON event.id = first.event_id
    WHERE first.kind = 'pledged' AND (event.id = :event_id OR event.merged_into_id = :event_id)
)"""
TAKEN = {
    is_mingled: text(_TAKEN.format(is_its=its, besides="'held', 'released', 'moved'"))
    for is_mingled, its in ((False, _PLAIN), (True, _MINGLED))
}
IN_FORCE_WHEN_ON = {
    is_mingled: text(_TAKEN.format(is_its=its, besides="'moved'"))
    for is_mingled, its in ((False, _PLAIN), (True, _MINGLED))
}
WAITING = {
    is_mingled: text(_WAITING.format(is_its=its))
    for is_mingled, its in ((False, _PLAIN), (True, _MINGLED))
}
IS_MINGLED = text("""
    SELECT EXISTS (
        SELECT FROM event_change WHERE event_id = :event_id AND kind IN ('merged', 'took-in')
    )
""")

WRITE = text("""
    INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id, party_change,
        via, reason, authority_code, region_code, nation, place_id)
    SELECT latest.moment_id, gen_random_uuid(), 'waiting', latest.pledge, latest.participant,
        latest.event_id, written.change, latest.via, :reason, latest.authority_code,
        latest.region_code, latest.nation, latest.place_id
    FROM unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[]), CAST(:changes AS smallint[]))
        WITH ORDINALITY AS written (moment_id, pledge, change, number)
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry AS entry
        WHERE entry.moment_id = written.moment_id AND entry.pledge = written.pledge
        ORDER BY id DESC LIMIT 1
    ) AS latest
    ORDER BY written.number
""")


@dataclass(frozen=True)
class Waiting:
    """How many people of one pledge wait."""

    receipt: Receipt
    people: int


@dataclass(frozen=True)
class Places:
    """The places of one event, for whoever holds its lock."""

    event_id: int
    capacity: int
    is_on: bool

    @classmethod
    def of(cls, event: Event) -> Self:
        """Return those of an event that is locked already."""
        return cls(event.id, event.capacity or UNLIMITED, event.status in LIVE)

    @classmethod
    def locked(cls, session: Session, event_id: int | None) -> Self | None:
        """Lock an event’s places until the transaction ends; None, and no lock, without a capacity.

        Of one that was merged into another, the other’s.
        """
        return cls._locked(session, kept_id_of(event_id)) if event_id is not None else None

    @classmethod
    def locked_for(cls, session: Session, receipt: Receipt) -> Self | None:
        """Lock the places of the event that a pledge is for, as `locked` does."""
        about = (LedgerEntry.moment_id == receipt.moment_id, LedgerEntry.nonce == receipt.key)
        made_for = select(LedgerEntry.event_id).where(*about).scalar_subquery()
        return cls._locked(session, kept_id_of(made_for))

    @classmethod
    def _locked(cls, session: Session, event_id: ColumnElement[int]) -> Self | None:
        # Pledges refer to the event meanwhile: they need its key alone, which this lock leaves free.
        row = session.execute(
            select(Event.id, Event.capacity, Event.status, Event.merged_into_id)
            .where(Event.id == event_id, Event.capacity.is_not(None))
            .with_for_update(of=Event, key_share=True)
        ).one_or_none()
        if row is not None and row.merged_into_id is not None:
            return cls.locked(session, row.id)  # merged while this waited for the lock
        return cls(row.id, row.capacity, row.status in LIVE) if row else None

    def move_up(self, session: Session) -> int:
        """Let in who waits, in the order of waiting, as far as whole parties fit.

        Returns how many places are left; less than none where the capacity was made smaller. An event
        that is called off moves nobody up.
        """
        is_its = {"event_id": self.event_id}
        taken = TAKEN[_is_mingled(session, self.event_id)]
        room = self.capacity - int(session.execute(taken, is_its).scalar_one())
        if room <= 0 or not self.is_on:
            return room
        moving = []
        for each in waiting_list(session, self.event_id):
            if each.people <= room:
                moving.append(each)
                room -= each.people
        _write(session, moving, sign=1, reason=MOVED_UP)
        note_moved_up(session, [each.receipt for each in moving])
        return room


def let_in(session: Session, event: Event, now: datetime) -> None:
    """Let in who waits for an event that is locked, where there is room by now, until it is over."""
    if event.status is EventStatus.POSTPONED or not event.is_over(now):
        session.flush()
        Places.of(event).move_up(session)


def put_on_list(session: Session, receipt: Receipt, people: int) -> None:
    """Let people of a pledge wait, who are in force until then."""
    _write(session, [Waiting(receipt, people)], sign=-1)


def take_off_list(session: Session, receipt: Receipt, people: int) -> None:
    """End the waiting of people of a pledge, who come no more: another entry takes them away."""
    _write(session, [Waiting(receipt, people)], sign=1)


def waiting_list(session: Session, event_id: int) -> list[Waiting]:
    """Return who waits for an event, in order."""
    rows = session.execute(WAITING[_is_mingled(session, event_id)], {"event_id": event_id})
    return [Waiting(Receipt(moment_id, key), int(people)) for moment_id, key, people in rows]


def people_waiting(session: Session, event_id: int) -> int:
    """Return how many people wait for an event."""
    return sum(each.people for each in waiting_list(session, event_id))


def people_when_on(session: Session, event_id: int) -> int:
    """Return how many people count at an event while it is on, also while it is off."""
    counting = IN_FORCE_WHEN_ON[_is_mingled(session, event_id)]
    return int(session.execute(counting, {"event_id": event_id}).scalar_one())


def _is_mingled(session: Session, event_id: int) -> bool:
    """Tell whether an event ever had people of another listing, or they had its."""
    return bool(session.execute(IS_MINGLED, {"event_id": event_id}).scalar())


def _write(
    session: Session, waiting: Sequence[Waiting], *, sign: int, reason: str | None = None
) -> None:
    if waiting:
        session.flush()
        values = {
            "moments": [each.receipt.moment_id for each in waiting],
            "pledges": [each.receipt.key for each in waiting],
            "changes": [sign * each.people for each in waiting],
            "reason": reason,
        }
        session.execute(WRITE, values)


@dataclass(frozen=True)
class Stands:
    """How one pledge stands: who is in, who waits, and when somebody was moved up, if ever.

    `is_taken_out` tells whether staff took it out of the number, whoever made it did not.
    """

    party: int = 0
    waiting: int = 0
    moved_up_at: datetime | None = None
    is_taken_out: bool = False

    @property
    def wanted(self) -> int:
        """How many people it is for, whether or not there is room for them."""
        return self.party + self.waiting


def stands(session: Session, receipt: Receipt) -> Stands:
    """Return how a pledge stands, by the ledger itself, as whoever made it knows.

    That it is held tells nobody; that its event is off is another matter.
    """
    about = (LedgerEntry.moment_id == receipt.moment_id, LedgerEntry.pledge == receipt.key)
    ended = select(func.max(LedgerEntry.id)).where(
        *about, LedgerEntry.kind == EntryKind.INVALIDATED
    )
    waits = LedgerEntry.kind == EntryKind.WAITING
    change = LedgerEntry.party_change
    party, waiting, moved_up_at, own = session.execute(
        select(
            func.coalesce(func.sum(change).filter(LedgerEntry.kind.not_in(SAID_TO_NOBODY)), 0),
            func.coalesce(-func.sum(change).filter(waits), 0),
            func.max(LedgerEntry.recorded_at).filter(LedgerEntry.reason == MOVED_UP),
            func.count().filter(LedgerEntry.kind != EntryKind.MOVED),
        ).where(*about, LedgerEntry.id > func.coalesce(ended.scalar_subquery(), 0))
    ).one()
    # Each pledge has at least the entry that made it, unless one ended all that came before.
    return Stands(int(party), int(waiting), moved_up_at, is_taken_out=not own)
