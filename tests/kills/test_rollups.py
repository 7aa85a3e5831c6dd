"""The rollup beside others like it, beside a transaction that stays open, and with a wrong clock."""

import json
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from dev.cluster import Cluster
from dev.programs import end_process
from tests.kills.conftest import SOAK
from tests.kills.exactness import (
    assert_equal,
    database_clock,
    pledges_in_ledger,
    seconds_until_equal,
)
from tests.kills.pledgers import Pledgers, Promise
from tests.kills.workers import start_workers
from tests.live import LiveSite
from webapp.database import utc_now
from webapp.moments.models import Moment
from webapp.pledges.actions import pledge
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce

PLEDGES = 6000 if SOAK else 80
HELD_OPEN_SECONDS = 30 if SOAK else 3
AN_HOUR = 3600
A_WHILE = timedelta(minutes=5)
WRONG_CLOCK = Path(__file__).parent / "wrong_clock"

Tell = Callable[[str], None]


@contextmanager
def more_workers(site: LiveSite, cluster: Cluster, names: list[str]) -> Iterator[None]:
    """Run more workers beside the site’s own, once all are at work."""
    try:
        start_workers(site, cluster, *names)
        yield
    finally:
        for name in names:
            end_process(site.processes.pop(name), seconds=5)


def test_three_rollups_at_once_count_everything_once(
    site: LiveSite, cluster: Cluster, pledgers: Pledgers, owner: Engine, tell: Tell
) -> None:
    before = pledges_in_ledger(owner)
    with more_workers(site, cluster, ["worker-2", "worker-3"]), pledgers:
        pledgers.wait_for(PLEDGES // 2, seconds=240)
        assert_equal(owner)
        # One of them while it may have the lock.
        site.processes["worker-2"].kill()
        pledgers.wait_for(PLEDGES // 2, seconds=240)
        assert_equal(owner)

    took = seconds_until_equal(owner)
    assert not pledgers.wrong
    assert pledges_in_ledger(owner) == before | pledgers.acknowledged
    tell(
        f"three rollups, one killed: {len(pledgers.acknowledged):,} pledges in"
        f" {pledgers.seconds:.0f} s; tallies equal the ledger {took:.1f} s after the last"
    )


@pytest.mark.parametrize("ends_well", [True, False] if SOAK else [True])
def test_a_transaction_that_stays_open_loses_nothing(
    pledgers: Pledgers, owner: Engine, ends_well: bool, tell: Tell
) -> None:
    before = pledges_in_ledger(owner)
    with pledgers, Session(owner) as slow:
        pledgers.wait_for(20)
        moment_id = slow.scalars(select(Moment.id)).one()
        late = pledge(slow, Nonce.fresh(moment_id, None), party=7)
        opened = database_clock(owner)
        pledgers.wait_for(HELD_OPEN_SECONDS * 20)
        while (database_clock(owner) - opened).total_seconds() < HELD_OPEN_SECONDS:
            pledgers.wait_for(1)
            # Whatever began after it has to wait, or its own entry might be passed over.
            assert folded_since(owner, opened) == 0
        assert_equal(owner)
        slow.commit() if ends_well else slow.rollback()
        held = (database_clock(owner) - opened).total_seconds()
        took = seconds_until_equal(owner)
        assert folded_since(owner, opened) > 0

    seconds_until_equal(owner)
    expected = before | pledgers.acknowledged | ({late.key: 7} if ends_well else {})
    assert pledges_in_ledger(owner) == expected
    tell(
        f"a transaction open for {held:.0f} s, {'committed' if ends_well else 'rolled back'}:"
        f" {len(pledgers.acknowledged):,} pledges; tallies equal the ledger {took:.1f} s after it"
    )


def folded_since(owner: Engine, time: object) -> int:
    """Return how many entries are in the tallies of those that began after a time."""
    question = text("""
        SELECT count(*) FROM ledger_entry, rollup_state
        WHERE recorded_at > :time AND xid < folded_below
    """)
    with owner.connect() as connection:
        found: int = connection.execute(question, {"time": time}).scalar_one()
        return found


@contextmanager
def wrong_clocks(site: LiveSite, **offsets: int) -> Iterator[None]:
    """Run the site’s processes with clocks that are wrong by so many seconds."""
    path = os.pathsep.join([str(WRONG_CLOCK), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        for name, seconds in offsets.items():
            end_process(site.processes[name], seconds=2)
            site.start(name, PYTHONPATH=path, CLOCK_OFFSET_SECONDS=str(seconds))
        site.wait()
        yield
    finally:
        # Whoever needs the site next starts them again, with the right time.
        for name in offsets:
            end_process(site.processes[name], seconds=2)


@pytest.mark.parametrize("ahead", [AN_HOUR, -AN_HOUR] if SOAK else [AN_HOUR])
def test_an_application_whose_clock_is_an_hour_wrong_drifts_nowhere(
    site: LiveSite,
    pledgers: Pledgers,
    promises: list[Promise],
    owner: Engine,
    ahead: int,
    tell: Tell,
) -> None:
    before, begun = pledges_in_ledger(owner), database_clock(owner)
    with wrong_clocks(site, web=ahead, worker=-ahead):
        assert seconds_ahead(site) == pytest.approx(ahead, abs=300)
        with pledgers:
            pledgers.wait_for(PLEDGES, seconds=240)
        took = seconds_until_equal(owner)
        assert abs(count_as_of(site, promises[0]) - database_clock(owner)) < A_WHILE

    assert not pledgers.wrong
    assert pledges_in_ledger(owner) == before | pledgers.acknowledged
    assert not entries_outside(owner, pledgers, begun, database_clock(owner))
    tell(
        f"a server’s clock {ahead / AN_HOUR:+.0f} h, a rollup’s {-ahead / AN_HOUR:+.0f} h wrong:"
        f" {len(pledgers.acknowledged):,} pledges; tallies equal the ledger {took:.1f} s after them"
    )


def seconds_ahead(site: LiveSite) -> float:
    """Return by how much the server’s clock is ahead of ours, as its answers say."""
    with urllib.request.urlopen(f"{site.url}/healthz", timeout=10) as answer:
        return (parsedate_to_datetime(answer.headers["Date"]) - utc_now()).total_seconds()


def count_as_of(site: LiveSite, at_home: Promise) -> datetime:
    """Return as of when the public count is."""
    moment = at_home.path.removesuffix("/pledge")
    with urllib.request.urlopen(f"{site.url}/api/v1{moment}/count.json", timeout=10) as answer:
        return datetime.fromisoformat(json.load(answer)["as_of"])


def entries_outside(
    owner: Engine, pledgers: Pledgers, begun: datetime, ended: datetime
) -> list[UUID]:
    """Return what was pledged at another time than it was, as the ledger tells."""
    times = select(LedgerEntry.nonce).where(
        LedgerEntry.nonce.in_(pledgers.acknowledged),
        ~LedgerEntry.recorded_at.between(begun, ended),
    )
    with Session(owner) as session:
        return list(session.scalars(times))
