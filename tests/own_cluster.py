"""A PostgreSQL cluster of a test’s own, which it may kill or set as no real one should be."""

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, make_url

from dev.cluster import Cluster
from dev.cluster_place import cluster_account
from dev.postgres_programs import installed
from dev.programs import command_of

# The path of a Unix socket has a limit, and the folders of pytest are long.
FOLDERS = Path("/tmp")
KILL_SECONDS = 30


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Make and start a cluster; stop it and take it away afterwards, killed or not."""
    _take_away_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=f"mm-own-{os.getpid()}-", dir=FOLDERS))
    cluster = _cluster_in(folder)
    shutil.chown(folder, cluster.account.uid, cluster.account.gid)
    try:
        cluster.create()
        cluster.start()
        yield cluster
    finally:
        _take_away(cluster)


def server_of(cluster: Cluster) -> URL:
    """Return the address at which databases and roles may be made in it."""
    return make_url(cluster.url("postgres", "postgres"))


def kill(cluster: Cluster) -> None:
    """Kill the server and every process of it at once, as if the power went."""
    server = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    processes = [server, *children_of(server)]
    # Held still at first, so that none is born or told to end in between.
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, number)
    until = time.monotonic() + KILL_SECONDS
    while any(command_of(process) for process in processes):
        assert time.monotonic() < until, "the server cannot be killed"
        time.sleep(0.01)


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started and that run."""
    return [
        int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def _cluster_in(folder: Path) -> Cluster:
    return Cluster(folder, installed()[0], cluster_account(None))


def _take_away(cluster: Cluster) -> None:
    try:
        cluster.stop()
    finally:
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _take_away_left_behind() -> None:
    """Take away those of tests that were killed: the ones whose process is gone."""
    for folder in FOLDERS.glob("mm-own-*"):
        process = re.fullmatch(r"mm-own-(\d+)-\w+", folder.name)
        if process and command_of(int(process[1])) is None:
            _take_away(_cluster_in(folder))
