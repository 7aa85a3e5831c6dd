"""A progress bar for long commands: on a terminal alone, and only where tqdm is installed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], object]


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Advance]:
    """Show how far a command is; yields what to call with the number of things just done."""
    try:
        from tqdm import tqdm  # noqa: PLC0415 -- an extra
    except ImportError:
        yield lambda _done: None
        return
    quiet = not sys.stderr.isatty()
    with tqdm(total=total, desc=label, disable=quiet, leave=False, unit="") as bar:
        yield bar.update
