"""What the person at the keyboard sees: a line for each step, questions, how long things take."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dev.stop import Stop

# Where nobody watches (a pipe, a CI log) a line now and then shows that it is alive.
SECONDS_BETWEEN_LINES = 15
# Below this the time is not worth reading.
SECONDS_WORTH_SAYING = 2


def say(text: str = "") -> None:
    """Print a line at once, also when the output is a pipe."""
    print(text, flush=True)


def is_terminal() -> bool:
    """Tell whether somebody may be watching and typing."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def confirm(question: str) -> None:
    """Ask, and stop unless the answer is yes; YES=1 answers beforehand."""
    if os.environ.get("YES") == "1":
        return
    if not is_terminal():
        raise Stop(f"{question} Nobody is here to answer: add YES=1 to say yes.")
    if input(f"{question} [y/N] ").strip().lower() not in {"y", "yes"}:
        raise Stop("Nothing was changed.")


@contextmanager
def progress(message: str) -> Iterator[None]:
    """Say what is being done and, while it takes long, for how long."""
    started = time.monotonic()
    finished = threading.Event()
    ticker = threading.Thread(target=_tick, args=(message, started, finished), daemon=True)
    if not sys.stdout.isatty():
        say(message)
    ticker.start()
    try:
        yield
    finally:
        finished.set()
        ticker.join()
        _close(message, time.monotonic() - started)


def _tick(message: str, started: float, finished: threading.Event) -> None:
    watched = sys.stdout.isatty()
    while True:
        if watched:
            _show(message, time.monotonic() - started)
        if finished.wait(1 if watched else SECONDS_BETWEEN_LINES):
            return
        if not watched:
            say(f"  still at it after {time.monotonic() - started:.0f} s")


def _show(message: str, seconds: float, end: str = "") -> None:
    timing = f" {seconds:.0f} s" if seconds >= SECONDS_WORTH_SAYING else ""
    width = max(20, shutil.get_terminal_size().columns - len(timing) - 1)
    print(f"\r\033[K{message[:width]}{timing}", end=end, flush=True)


def _close(message: str, seconds: float) -> None:
    if sys.stdout.isatty():
        _show(message, seconds, end="\n")
    elif seconds >= SECONDS_BETWEEN_LINES:
        say(f"  took {seconds:.0f} s")
