"""Made-up pledges for made-up events, and taking all that is made up away again."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.events.demonstration import SEED, delete_demonstration
from webapp.events.models import Event
from webapp.moments.models import Moment
from webapp.pledges.actions import pledge
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce

# How many people come in one party, and how often: mostly one to four.
PARTY_SIZES = (1, 2, 3, 4, 5, 6, 8, 12)
PARTY_WEIGHTS = (26, 34, 12, 14, 6, 4, 3, 1)
MEAN_PLEDGES = 5
MOST_PLEDGES = 40


@dataclass(frozen=True)
class Removed:
    """What was taken away."""

    moments: int
    events: int
    pledges: int


def pledge_to_events(session: Session, moment: Moment, events: Sequence[Event]) -> int:
    """Pledge a few times to each event of a demonstration moment; return how many in all."""
    random = Random(SEED)  # noqa: S311 -- nothing secret hangs on made-up pledges
    total = 0
    for event in events:
        count = min(MOST_PLEDGES, int(random.expovariate(1 / MEAN_PLEDGES)))
        for _number in range(count):
            key = UUID(int=random.getrandbits(128), version=4)
            party = random.choices(PARTY_SIZES, PARTY_WEIGHTS)[0]
            pledge(session, Nonce(moment.id, event.id, key), party=party)
        total += count
    return total


def remove_demonstration(session: Session) -> Removed:
    """Delete every demonstration moment with its events, groups and pledges; nothing else.

    Only the role that owns the schema may: the site’s own cannot delete from the ledger.
    """
    moments = session.scalars(select(Moment.id).where(Moment.is_demonstration)).all()
    pledges = session.execute(
        delete(LedgerEntry).where(LedgerEntry.moment_id.in_(moments)).returning(LedgerEntry.id)
    ).all()
    events = delete_demonstration(session, moments)
    session.execute(delete(Moment).where(Moment.id.in_(moments)))
    return Removed(len(moments), events, len(pledges))
