"""Locks between the commands of one clone. The system frees them when a process ends, however."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.project import Project
from dev.terminal import say


class FileLock:
    """A lock that several processes may share or one may have alone, and a note in its file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)

    def share(self) -> None:
        """Wait until nobody has it alone, and share it."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def take(self) -> None:
        """Wait until nobody else has it, and have it alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def try_to_take(self) -> bool:
        """Have it alone if nobody else has it; tell whether that worked."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def write(self, text: str) -> None:
        """Replace the note in the file."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def read(self) -> str:
        """Return the note in the file."""
        return os.pread(self._descriptor, 65536, 0).decode()

    def close(self) -> None:
        """Let go."""
        os.close(self._descriptor)


def lock_of(project: Project, name: str) -> FileLock:
    """Return one of the clone's locks, not yet taken."""
    return FileLock(project.local / "locks" / name)


@contextmanager
def one_at_a_time(project: Project, name: str, waiting: str = "") -> Iterator[None]:
    """Keep other commands of this clone out of the block, saying so where that means waiting."""
    lock = lock_of(project, name)
    try:
        if not lock.try_to_take():
            if waiting:
                say(waiting)
            lock.take()
        yield
    finally:
        lock.close()
