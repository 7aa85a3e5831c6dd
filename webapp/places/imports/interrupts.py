"""Ctrl-C at a time that suits: in the middle of a COPY the driver would lose its connection."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interrupts_held() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back; yields what raises KeyboardInterrupt, where it was pressed, at a safe place."""
    is_asked = threading.Event()

    def check() -> None:
        if is_asked.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield check  # signals are the main thread’s business
        return
    before = signal.signal(signal.SIGINT, lambda *_signal: is_asked.set())
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
