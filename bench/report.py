"""Timing, and tables that say which machine they were measured on."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, text


def median_milliseconds(actions: Sequence[Callable[[], object]]) -> float:
    """Run each action once, after a warm-up with the first, and return the median time."""
    actions[0]()
    return statistics.median(_milliseconds(action) for action in actions)


def machine(connection: Connection) -> str:
    """Return a line about the machine, the database and what else was running."""
    database = connection.scalar(text("SHOW server_version"))
    postgis = connection.scalar(text("SELECT postgis_lib_version()"))
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({_processor()}), load {load:.1f}, "
        f"Python {platform.python_version()}, PostgreSQL {database}, PostGIS {postgis}"
    )


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table whose first column is text and whose others are numbers."""
    widths = [max(len(row[n]) for row in (header, *rows)) for n in range(len(header))]
    print(f"\n{title}\n")
    for row in (header, ["-" * width for width in widths], *rows):
        first, *numbers = (
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join((first, *numbers)))


def _milliseconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
