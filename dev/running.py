"""Which `make run` is going in this clone: noted in a lock that ends with its process."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dev.locks import FileLock, lock_of
from dev.programs import command_of
from dev.project import Project
from dev.stop import Stop

SECONDS_TO_STOP = 60


class Running:
    """The run that we are, while we hold the lock."""

    def __init__(self, lock: FileLock, address: str) -> None:
        self._lock = lock
        self._address = address
        self._children: list[int] = []
        self._write()

    def add_child(self, pid: int) -> None:
        """Note a program of ours, so that it can be found should we be killed."""
        self._children.append(pid)
        self._write()

    def _write(self) -> None:
        note = {"pid": os.getpid(), "address": self._address, "children": self._children}
        self._lock.write(json.dumps(note))


@contextmanager
def only_run(project: Project, address: str) -> Iterator[Running]:
    """Be the one run of this clone, or stop with a sentence that names the other's address."""
    lock = lock_of(project, "run")
    try:
        if not lock.try_to_take():
            where = _note_in(lock).get("address", "an address it is still looking for")
            raise Stop(f"Moment Map is running already from this folder, at {where}: "
                       "use that one, or end it with “make stop”.")  # fmt: skip
        _end_leftovers(project, _note_in(lock))
        yield Running(lock, address)
        lock.write("")
    finally:
        lock.close()


def is_running(project: Project) -> bool:
    """Tell whether a run is going in this clone."""
    lock = lock_of(project, "run")
    try:
        return not lock.try_to_take()
    finally:
        lock.close()


def stop_run(project: Project) -> str | None:
    """End the run of this clone and wait for it; return its address, None where none was going."""
    lock = lock_of(project, "run")
    try:
        if lock.try_to_take():
            _end_leftovers(project, _note_in(lock))
            lock.write("")
            return None
        note = _note_in(lock)
        _ask_to_end(note.get("pid"))
        _wait_for(lock)
        return note.get("address", "")
    finally:
        lock.close()


def _ask_to_end(pid: int | None) -> None:
    # Whoever holds the lock wrote the number; the name is looked at as well, since a folder that
    # is shared between machines or containers has numbers that mean nothing here.
    if pid is None or "dev" not in (command_of(pid) or ""):
        raise Stop("A run of this folder is going elsewhere, perhaps in a container: end it there.")
    try:
        os.kill(pid, signal.SIGTERM)
    except PermissionError:
        raise Stop("Another user runs Moment Map from this folder: stop it as that user.") from None


def _wait_for(lock: FileLock) -> None:
    until = time.monotonic() + SECONDS_TO_STOP
    while not lock.try_to_take():
        if time.monotonic() > until:
            raise Stop(
                f"The run has not ended within {SECONDS_TO_STOP} seconds: look at its terminal."
            )
        time.sleep(0.2)


def _note_in(lock: FileLock) -> dict:
    try:
        return json.loads(lock.read())
    except ValueError:
        return {}


def _end_leftovers(project: Project, note: dict) -> None:
    """End the site and the worker of a run that was killed before it could do so."""
    ours = f"{project.venv}{os.sep}"
    for pid in note.get("children", []):
        if (command_of(pid) or "").startswith(ours):
            os.killpg(pid, signal.SIGTERM)
            _wait_until_gone(pid)


def _wait_until_gone(pid: int) -> None:
    until = time.monotonic() + 10
    while command_of(pid) is not None and time.monotonic() < until:
        time.sleep(0.1)
