"""Take, change and withdraw pledges: entries in the ledger, and nothing else."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Insert, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.pledges.folding import held_after
from webapp.pledges.homes import NOT_TOLD, Home
from webapp.pledges.locks import LOCK_TOGETHER, lock_pledge
from webapp.pledges.models import LARGEST_PARTY, SMALLEST_PARTY, EntryKind, LedgerEntry
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.places import Places, put_on_list, take_off_list
from webapp.pledges.sides import Side, note_side

LENGTH_OF_TOKEN = 36
# Why a change of a pledge is not judged: it was held when whoever made it changed it.
HELD_BEFORE = "held-before"


class PledgedOtherwiseError(ValueError):
    """The nonce was used before, with other content; the first pledge stands."""


class NotInForceError(ValueError):
    """The pledge was withdrawn, or does not count for another reason."""


@dataclass(frozen=True, kw_only=True)
class Taking:
    """Who takes part, besides how many: all of it random or public, nothing personal.

    `participant` is the token of a person in a moment, None for somebody met for the first time; `via`
    the code of whoever sent them; `home` where somebody lives who takes part at home. `side` is what
    fairness may need to know for a week, kept beside the ledger.
    """

    participant: UUID | None = None
    via: str | None = None
    home: Home = NOT_TOLD
    side: Side | None = None


PLAIN = Taking()


def participant_of(typed: str) -> UUID | None:
    """Return the token of a participant; None for what is none, which is no reason to refuse."""
    try:
        return UUID(typed) if len(typed) == LENGTH_OF_TOKEN else None
    except ValueError:
        return None


def pledge(session: Session, nonce: Nonce, *, party: int, taking: Taking = PLAIN) -> Receipt:
    """Record that a party of 1 to 12 takes part; the same nonce again changes nothing.

    Where an event has no room for the whole party, all of it waits. Raises ValueError for a party out
    of range, PledgedOtherwiseError for a nonce that was used with another party.
    """
    _require_party(party)
    places = Places.locked(session, nonce.event_id)
    values = {
        "moment_id": nonce.moment_id,
        "nonce": nonce.key,
        "kind": EntryKind.PLEDGED,
        "pledge": nonce.key,
        "participant": taking.participant or nonce.key,
        "event_id": nonce.event_id,
        "party_change": party,
        "via": taking.via,
    }
    statement = _insert(values, nonce.event_id, taking.home)
    receipt = Receipt(nonce.moment_id, nonce.key)
    # Whoever waits already comes before whoever comes now.
    room = places.move_up(session) if places else party
    if session.execute(statement).scalar() is None:
        _require_the_same(session, nonce, party)
        return receipt
    if room < party:
        put_on_list(session, receipt, party)
    if taking.side is not None:
        note_side(session, nonce.moment_id, nonce.key, taking.side)
    return receipt


def change_party(session: Session, receipt: Receipt, nonce: UUID, *, party: int) -> None:
    """Record that another number of people takes part; the same nonce again changes nothing.

    Where an event has no room for those who are to come besides, they wait; whoever is in stays in.
    Of a pledge that is held, no more come into force by this than were. Raises ValueError for a party
    out of range, NotInForceError where nothing is in force and nobody waits.
    """
    _require_party(party)
    now = _locked(session, receipt, nonce)
    if now is None or now.wanted == party:
        return
    _let_go(session, now)
    more = party - now.wanted
    room = now.places.move_up(session) if now.places and more > 0 else more
    if leaving := min(now.waiting, -more) if more < 0 else 0:
        take_off_list(session, receipt, leaving)
    _follow(session, now, nonce, EntryKind.CHANGED, more)
    if more > 0 and (now.waiting or room < more):
        put_on_list(session, receipt, more)
    elif now.places:
        now.places.move_up(session)
    _hold_again(session, receipt, now)


def withdraw(session: Session, receipt: Receipt, nonce: UUID) -> None:
    """Record that nobody of a pledge takes part after all; the same nonce again changes nothing.

    Raises NotInForceError where nothing is in force and nobody waits.
    """
    now = _locked(session, receipt, nonce)
    if now is None:
        return
    _let_go(session, now)
    if now.waiting:
        take_off_list(session, receipt, now.waiting)
    _follow(session, now, nonce, EntryKind.WITHDRAWN, -now.wanted)
    if now.places:
        now.places.move_up(session)


def _require_party(party: int) -> None:
    if not SMALLEST_PARTY <= party <= LARGEST_PARTY:
        msg = f"a party has {SMALLEST_PARTY} to {LARGEST_PARTY} people"
        raise ValueError(msg)


def _insert(values: dict[str, Any], event_id: int | None, home: Home) -> Insert:
    """Return the statement that adds an entry; an event’s counts where the event is."""
    if event_id is None:
        areas = {
            "authority_code": home.areas.authority,
            "region_code": home.areas.region,
            "nation": home.areas.nation,
            "place_id": home.place_id,
        }
        adding = insert(LedgerEntry).values(values | areas)
    else:
        where = (Event.authority_code, Event.region_code, Event.nation)
        given = [
            literal(value, LedgerEntry.__table__.c[name].type) for name, value in values.items()
        ]
        adding = insert(LedgerEntry).from_select(
            [*values, "authority_code", "region_code", "nation"],
            select(*given, *where).where(Event.id == event_id),
        )
    unique = adding.on_conflict_do_nothing(index_elements=["moment_id", "nonce"])
    return unique.returning(LedgerEntry.id)


def _require_the_same(session: Session, nonce: Nonce, party: int) -> None:
    first = session.execute(
        select(LedgerEntry.party_change).where(
            LedgerEntry.moment_id == nonce.moment_id, LedgerEntry.nonce == nonce.key
        )
    ).scalar_one()
    if first != party:
        raise PledgedOtherwiseError


@dataclass(frozen=True)
class _Now:
    """How a pledge stands by the ledger, read under its locks."""

    latest: LedgerEntry
    wanted: int
    waiting: int
    held: int
    places: Places | None


def _locked(session: Session, receipt: Receipt, nonce: UUID) -> _Now | None:
    """Return how a pledge stands; None where the nonce was used before.

    Whoever changes one pledge waits here for others who do, so that it is never taken away twice.
    """
    session.execute(LOCK_TOGETHER)
    lock_pledge(session, receipt)
    places = Places.locked_for(session, receipt)
    about = (LedgerEntry.moment_id == receipt.moment_id, LedgerEntry.pledge == receipt.key)
    entries = session.scalars(select(LedgerEntry).where(*about).order_by(LedgerEntry.id)).all()
    if any(each.nonce == nonce for each in entries):
        return None
    ended = max((each.id for each in entries if each.kind == EntryKind.INVALIDATED), default=0)
    entries = [each for each in entries if each.id > ended]
    party = sum(each.party_change for each in entries)
    waiting = -sum(each.party_change for each in entries if each.kind == EntryKind.WAITING)
    held = 0
    for each in entries:
        held = held_after(held, each.kind, each.party_change)
    if party + waiting + held <= 0:
        raise NotInForceError
    return _Now(entries[-1], party + waiting + held, waiting, held, places)


def _let_go(session: Session, now: _Now) -> None:
    """End the holding of a pledge, in the transaction that changes it: the rest follows at once."""
    if now.held:
        _follow(session, now, uuid4(), EntryKind.RELEASED, now.held)


def _hold_again(session: Session, receipt: Receipt, now: _Now) -> None:
    """Hold all of a pledge that was held, but for those who were in force."""
    if now.held:
        about = (LedgerEntry.moment_id == receipt.moment_id, LedgerEntry.pledge == receipt.key)
        party = session.scalars(select(func.sum(LedgerEntry.party_change)).where(*about)).one()
        in_force = now.wanted - now.waiting - now.held
        if party > in_force:
            _follow(session, now, uuid4(), EntryKind.HELD, in_force - party)


def _follow(session: Session, now: _Now, nonce: UUID, kind: EntryKind, party_change: int) -> None:
    """Add an entry about the same pledge, counting where its latest does."""
    latest = now.latest
    session.add(
        LedgerEntry(
            moment_id=latest.moment_id,
            nonce=nonce,
            kind=kind,
            pledge=latest.pledge,
            participant=latest.participant,
            event_id=latest.event_id,
            party_change=party_change,
            via=latest.via,
            reason=HELD_BEFORE if now.held else None,
            authority_code=latest.authority_code,
            region_code=latest.region_code,
            nation=latest.nation,
            place_id=latest.place_id,
        )
    )
    session.flush()
