"""How long the import of a whole directory of postcodes takes, and how much memory.

The command runs as a person runs it, in a process of its own on a database of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from bench.report import machine, print_table
from bench.scratch import ROWS, SAMPLE, SampleMissingError, scratch_database, write_directory
from webapp.config import Settings

# A small process in between: a child’s peak counts from the size of the process that started it.
LAUNCHER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
json.dump({"seconds": seconds, "processor": used.ru_utime + used.ru_stime,
           "peak": used.ru_maxrss * unit, "output": done.stdout + done.stderr,
           "status": done.returncode}, sys.stdout)
"""
ROUNDS = ("into an empty table", "in place of the same rows")


def run() -> None:
    """Import a made directory twice, and print how long each took."""
    with tempfile.TemporaryDirectory() as folder, scratch_database() as settings:
        path = Path(folder) / "made_directory.csv"
        try:
            write_directory(path)
        except SampleMissingError:
            print(f"The real rows that this is made from are not there: {SAMPLE}")
            return
        print(f"{ROWS:,} rows like those of {SAMPLE.name}: {path.stat().st_size / 1e6:,.0f} MB")
        engine = create_engine(settings.owner_database_url)
        with engine.connect() as connection:
            print(machine(connection))
        engine.dispose()
        rows = [_measured(title, settings, path) for title in ROUNDS]
    print_table(
        "Import of postcodes",
        ["import", "seconds", "rows a second", "peak MB", "processor seconds", "load"],
        rows,
    )


def _measured(title: str, settings: Settings, path: Path) -> list[str]:
    load = os.getloadavg()[0]
    command = [sys.executable, "-m", "flask", "places", "import-postcodes", str(path)]
    launched = subprocess.run(
        [sys.executable, "-c", LAUNCHER, *command],
        env=os.environ | environment(settings),
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(launched.stdout)
    print(f"\n{result['output'].strip()}")
    if result["status"]:
        raise SystemExit(1)
    seconds = result["seconds"]
    return [
        title,
        f"{seconds:.1f}",
        f"{ROWS / seconds:,.0f}",
        f"{result['peak'] / 1e6:.0f}",
        f"{result['processor']:.1f}",
        f"{load:.1f}",
    ]


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that make a process run on a scratch database."""
    return {
        "FLASK_APP": "webapp.app",
        "DATABASE_URL": settings.database_url,
        "MIGRATIONS_DATABASE_URL": settings.owner_database_url,
        "SECRET_KEY": settings.secret_key,
        "SITE_URL": settings.site_url,
    }
