"""Take a pledge: one entry in the ledger, and nothing else."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.pledges.homes import NOT_TOLD, Home
from webapp.pledges.models import LARGEST_PARTY, SMALLEST_PARTY, LedgerEntry
from webapp.pledges.nonces import Nonce, Receipt


class PledgedOtherwiseError(ValueError):
    """The nonce was used before, with other content; the first pledge stands."""


def pledge(session: Session, nonce: Nonce, *, party: int, home: Home = NOT_TOLD) -> Receipt:
    """Record that a party of 1 to 12 takes part; the same nonce again changes nothing.

    `home` is where somebody lives who takes part at home; it does not make another pledge of one.
    Raises ValueError for a party out of range, PledgedOtherwiseError for a nonce that was used
    with another party.
    """
    if not SMALLEST_PARTY <= party <= LARGEST_PARTY:
        msg = f"a party has {SMALLEST_PARTY} to {LARGEST_PARTY} people"
        raise ValueError(msg)
    statement = (
        insert(LedgerEntry)
        .values(
            moment_id=nonce.moment_id,
            nonce=nonce.key,
            event_id=nonce.event_id,
            party_change=party,
            authority_code=home.areas.authority,
            region_code=home.areas.region,
            nation=home.areas.nation,
            place_id=home.place_id,
        )
        .on_conflict_do_nothing(index_elements=["moment_id", "nonce"])
        .returning(LedgerEntry.id)
    )
    if session.execute(statement).scalar() is None:
        _require_the_same(session, nonce, party)
    return Receipt(nonce.moment_id, nonce.key)


def _require_the_same(session: Session, nonce: Nonce, party: int) -> None:
    first = session.execute(
        select(LedgerEntry.party_change).where(
            LedgerEntry.moment_id == nonce.moment_id, LedgerEntry.nonce == nonce.key
        )
    ).scalar_one()
    if first != party:
        raise PledgedOtherwiseError
