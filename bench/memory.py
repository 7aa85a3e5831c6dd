"""What the whole stack holds in memory: site, worker and database, what they share counted once.

From Linux’s /proc: the proportional set size, which divides each shared page among those who share it.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text

LOOK_EVERY_SECONDS = 5
PROC = Path("/proc")
MEGABYTE = 1024  # of the kilobytes that /proc counts in


@dataclass(frozen=True)
class Memory:
    """Megabytes of each part; `shared` is the database’s shared memory, as far as it was touched."""

    site: float
    worker: float
    database: float
    shared: float

    @property
    def total(self) -> float:
        """The whole stack."""
        return self.site + self.worker + self.database + self.shared


@contextmanager
def memory_watched(site: int, worker: int, engine: Engine) -> Iterator[list[Memory]]:
    """Look at the memory of a stack every five seconds, in a thread; the list fills meanwhile."""
    seen: list[Memory] = []
    stop = threading.Event()

    def keep_looking() -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as database:
            while not stop.wait(LOOK_EVERY_SECONDS):
                if memory := memory_of_stack(site, worker, database):
                    seen.append(memory)

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def memory_of_stack(site: int, worker: int, database: Connection) -> Memory | None:
    """Return what a site, its worker and its database hold, by the ids of processes.

    None where it cannot be seen: off Linux, with the database elsewhere, or as somebody else.
    """
    try:
        return _memory(site, worker, database)
    except (OSError, KeyError):
        return None


def _memory(site: int, worker: int, database: Connection) -> Memory:
    children = children_of_all()
    backend = database.scalar(text("SELECT pg_backend_pid()"))
    postmaster = {pid for pid, mine in children.items() if backend in mine}.pop()
    server = family(postmaster, children)
    # The shared memory is shared with those who are at other databases of the same server.
    others = set(
        database.execute(
            text("SELECT pid FROM pg_stat_activity WHERE datname <> current_database()")
        ).scalars()
    )
    parts = {pid: found for pid in server if (found := _rollup(pid))}
    own = [found["Pss"] - found["Pss_Shmem"] for pid, found in parts.items() if pid not in others]
    return Memory(
        site=_pss(family(site, children)),
        worker=_pss(family(worker, children)),
        database=sum(own) / MEGABYTE,
        shared=sum(found["Pss_Shmem"] for found in parts.values()) / MEGABYTE,
    )


def family(first: int, children: dict[int, set[int]]) -> set[int]:
    """Return a process and all that came of it."""
    found, left = {first}, [first]
    while left:
        new = children.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


def kilobytes(rollup: str) -> dict[str, int]:
    """Read what /proc says of one process, by its names."""
    lines = (line.split() for line in rollup.splitlines() if line.endswith(" kB"))
    return {words[0].rstrip(":"): int(words[1]) for words in lines}


def _pss(processes: Iterable[int]) -> float:
    return sum(found["Pss"] for pid in processes if (found := _rollup(pid))) / MEGABYTE


def _rollup(pid: int) -> dict[str, int]:
    """Return what one process holds; nothing of one that has just ended."""
    try:
        return kilobytes((PROC / str(pid) / "smaps_rollup").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return {}


def children_of_all() -> dict[int, set[int]]:
    """Return the processes that each process has started, by their ids."""
    found: dict[int, set[int]] = defaultdict(set)
    for folder in PROC.glob("[0-9]*"):
        try:
            # Behind the name, which may have anything in it: the state, then the parent.
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[int(parent)].add(int(folder.name))
    return found
