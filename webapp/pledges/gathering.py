"""What several requests want of the database at the same time is done for all of them together.

One thread in each process does it. While it waits for the database the next ones gather, so that one
statement serves as many people as there are just then: one when it is quiet, hundreds when it is not. When
several come at a time it lingers for more, which spares the machine more than it costs them.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

MOST_TOGETHER = 500
LINGER_SECONDS = 0.01
# Longer than it should ever take; then the ordinary way answers.
PATIENCE_SECONDS = 5

T = TypeVar("T")


class Gathering(Generic[T]):
    """Does something for many at once; the thread starts with the first, after the server has forked."""

    def __init__(self, do: Callable[[Sequence[T]], object]) -> None:
        self._do = do
        self._waiting: SimpleQueue[tuple[T, threading.Event]] = SimpleQueue()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def wait_for(self, item: T) -> bool:
        """Return once something was tried for an item, or False when patience has ended."""
        self._ensure_thread()
        settled = threading.Event()
        self._waiting.put((item, settled))
        return settled.wait(PATIENCE_SECONDS)

    def _ensure_thread(self) -> None:
        if self._thread is None:
            with self._start:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._keep_doing, daemon=True)
                    self._thread.start()

    def _keep_doing(self) -> None:
        together: list[tuple[T, threading.Event]] = []
        while True:
            comes_a_crowd = len(together) > 1
            together = [self._waiting.get()]
            if comes_a_crowd:
                time.sleep(LINGER_SECONDS)
            with suppress(Empty):
                while len(together) < MOST_TOGETHER:
                    together.append(self._waiting.get_nowait())
            # The ordinary way meets the same fault, and says so.
            with suppress(Exception):
                self._do([item for item, _settled in together])
            for _item, settled in together:
                settled.set()
