"""Database, server and rollup are killed while people pledge: each pledge is there exactly once.

What is killed gets no chance to put anything in order, as when the power goes or memory runs out.
"""

import os
import signal
import statistics
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from dev.cluster import Cluster
from tests.kills.conftest import SOAK
from tests.kills.exactness import (
    assert_kept,
    database_clock,
    pledges_in_ledger,
    seconds_until_equal,
)
from tests.kills.pledgers import Pledgers
from tests.kills.workers import start_workers
from tests.live import LiveSite
from tests.own_cluster import children_of, kill

KILLS = 20 if SOAK else 2
PROMISED_SECONDS = 5

Kill = Callable[[LiveSite, Cluster, int], None]


def kill_database(site: LiveSite, cluster: Cluster, _number: int) -> None:
    """Kill the whole database server, and start it again."""
    kill(cluster)
    cluster.start()


def kill_server(site: LiveSite, _cluster: Cluster, number: int) -> None:
    """Kill what serves pages: at times its workers alone, at times with the process above them."""
    web = site.processes["web"]
    workers = children_of(web.pid)
    assert workers
    if number % 2:
        web.kill()
        web.wait()
    for each in workers:
        os.kill(each, signal.SIGKILL)
    if number % 2:
        site.start("web")
    site.wait()


def kill_rollup(site: LiveSite, cluster: Cluster, _number: int) -> None:
    """Kill the worker with the rollup in it, and start another."""
    site.processes["worker"].kill()
    site.processes["worker"].wait()
    start_workers(site, cluster, "worker")


@pytest.mark.parametrize("kill_it", [kill_database, kill_server, kill_rollup])
def test_what_was_acknowledged_is_there_once_and_the_tallies_are_right_again_soon(
    site: LiveSite,
    pledgers: Pledgers,
    cluster: Cluster,
    owner: Engine,
    kill_it: Kill,
    tell: Callable[[str], None],
) -> None:
    before, recoveries = pledges_in_ledger(owner), []
    with pledgers:
        for number in range(KILLS):
            pledgers.wait_for(20)
            kill_it(site, cluster, number)
            database_clock(owner)
            recoveries.append(seconds_until_equal(owner))
            assert_kept(owner, dict(pledgers.acknowledged))

    seconds_until_equal(owner)
    assert not pledgers.wrong
    # Everybody was answered in the end, so there is nothing that was not acknowledged.
    assert pledges_in_ledger(owner) == before | pledgers.acknowledged
    slow = sum(each > PROMISED_SECONDS for each in recoveries)
    tell(
        f"{kill_it.__name__}: {KILLS} kills, {len(pledgers.acknowledged):,} pledges acknowledged in"
        f" {pledgers.seconds:.0f} s, tried again {pledgers.tried_again:,} times, none lost or doubled;"
        f" once it was back, tallies equalled the ledger after {statistics.median(recoveries):.1f} s (median),"
        f" {max(recoveries):.1f} s at most, {slow} times later than {PROMISED_SECONDS} s"
    )
