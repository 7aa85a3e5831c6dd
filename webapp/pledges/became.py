"""What a receipt says of what has become of its pledge, besides how many people it is for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import Session

from webapp.pledges.checkpoints import Seals, seals_of
from webapp.pledges.contacts import is_told_of_place
from webapp.pledges.models import LedgerEntry, PledgeStanding
from webapp.pledges.nonces import Receipt
from webapp.pledges.queries import is_being_checked

# The page of thanks knows nothing of what becomes of a pledge; its address stays in the browser.
THANKED_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Became:
    """Whether it is checked, whether a mail will tell of a place, and which checkpoints contain it."""

    is_being_checked: bool
    is_told_of_place: bool
    seals: Seals


def became_of(session: Session, entry: LedgerEntry, now: datetime) -> Became:
    """Return what has become of a pledge."""
    return Became(
        is_being_checked(session, entry, now),
        is_told_of_place(session, Receipt(entry.moment_id, entry.pledge)),
        seals_of(session, entry),
    )


def is_counted_elsewhere(session: Session, entry: LedgerEntry) -> bool:
    """Tell whether whoever made a pledge has another in the same moment; that one is held tells nobody."""
    standing = PledgeStanding
    others = exists().where(
        standing.moment_id == entry.moment_id,
        standing.participant == entry.participant,
        standing.pledge != entry.pledge,
        standing.party + standing.held > 0,
    )
    return bool(session.scalar(select(others)))


def is_just_made(session: Session, entry: LedgerEntry) -> bool:
    """Tell whether a pledge was made within the hour, by the clock that wrote down when."""
    return bool(session.scalar(select(literal(entry.recorded_at) > func.now() - THANKED_FOR)))
