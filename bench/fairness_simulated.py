"""An hour of pledges, written as it would have come and judged by the site’s own rollup."""

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from bench.senders import HOUR, Sent
from webapp.pledges.buckets import Buckets
from webapp.pledges.models import LedgerEntry
from webapp.pledges.plausible import release_what_is_plausible
from webapp.pledges.recount import differences
from webapp.pledges.rollup import fold_new_entries
from webapp.pledges.sides import PledgeSide

STEPS = 6
LEFT = text("SELECT EXISTS (SELECT FROM ledger_entry, rollup_state WHERE xid >= folded_below)")


def simulate(
    owner: Engine, moment_id: int, events: Sequence[int], sent: dict[str, list[Sent]]
) -> dict[UUID, tuple[str, Sent]]:
    """Write an hour of pledges and judge them in six steps; return who sent each, by its key."""
    begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    ordered = sorted(
        ((each, name) for name, all_of_it in sent.items() for each in all_of_it),
        key=lambda pair: pair[0].second,
    )
    kept: dict[UUID, tuple[str, Sent]] = {}
    writer = _Writer(Buckets(owner), moment_id, events, begin)
    for step in range(STEPS):
        last = (step + 1) * HOUR / STEPS
        now = [pair for pair in ordered if last - HOUR / STEPS <= pair[0].second < last]
        with Session(owner) as session, session.begin():
            kept.update(writer.write(session, now))
        settle(owner, begin + timedelta(seconds=last))
    with Session(owner) as session:
        assert differences(session) == []
    return kept


class _Writer:
    """Writes pledges with the time at which they are said to have come."""

    def __init__(
        self, buckets: Buckets, moment_id: int, events: Sequence[int], begin: datetime
    ) -> None:
        self._buckets, self._moment_id, self._events = buckets, moment_id, events
        self._begin = begin
        self._dice = random.Random(5)

    def write(
        self, session: Session, now: Sequence[tuple[Sent, str]]
    ) -> dict[UUID, tuple[str, Sent]]:
        """Write some; return them by the key of their pledge."""
        kept = {UUID(int=self._dice.getrandbits(128)): (name, each) for each, name in now}
        if kept:
            entries = [self._entry(key, each) for key, (_name, each) in kept.items()]
            session.execute(insert(LedgerEntry), entries)
            session.execute(insert(PledgeSide), [self._side(k, s) for k, (_n, s) in kept.items()])
        return kept

    def _entry(self, key: UUID, sent: Sent) -> dict[str, object]:
        return {
            "moment_id": self._moment_id,
            "nonce": key,
            "pledge": key,
            "participant": key,
            "event_id": None if sent.event is None else self._events[sent.event],
            "party_change": sent.party,
            "authority_code": sent.area,
            "recorded_at": self._begin + timedelta(seconds=sent.second),
        }

    def _side(self, key: UUID, sent: Sent) -> dict[str, object]:
        side = self._buckets.side(sent.address, sent.signals)
        return {
            "moment_id": self._moment_id,
            "pledge": key,
            "bucket": side.bucket,
            "wide_bucket": side.wide_bucket,
            "signals": int(side.signals),
            "group_window_id": sent.window,
        }


def settle(owner: Engine, now: datetime) -> None:
    """Fold, hold and release until nothing is left to do."""
    released = 1
    while released:
        fold_all(owner)
        with Session(owner) as session, session.begin():
            released = release_what_is_plausible(session, now)


def fold_all(owner: Engine) -> None:
    """Fold until nothing is left; whoever is still at work in this database may hold it back for a while."""
    while True:
        with Session(owner) as session, session.begin():
            fold_new_entries(session)
        with Session(owner) as session:
            if not session.execute(LEFT).scalar_one():
                return
        time.sleep(0.05)
