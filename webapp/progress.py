"""A progress bar for long commands: on a terminal alone, and only where tqdm is installed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], object]


@contextmanager
def progress_bar(label: str, total: int | None, *, in_bytes: bool = False) -> Iterator[Advance]:
    """Show how far a command is; yields what to call with the number of things just done.

    Without a total it shows only how much is done.
    """
    try:
        from tqdm import tqdm  # noqa: PLC0415 -- an extra
    except ImportError:
        yield lambda _done: None
        return
    quiet = not sys.stderr.isatty()
    unit = "B" if in_bytes else ""
    with tqdm(
        total=total, desc=label, disable=quiet, leave=False, unit=unit, unit_scale=in_bytes
    ) as bar:
        yield bar.update
