"""How long it takes to find out where something is, with all postcodes and places loaded.

First `locate` by itself, then suggestions from the real server over HTTP.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from bench.load import Load, load
from bench.postcode_import import environment
from bench.report import machine, print_table
from bench.scratch import (
    SAMPLE,
    SampleMissingError,
    gazetteer,
    scratch_database,
    write_directory,
)
from bench.statement_clock import StatementClock
from bench.typed_texts import prefixes, texts_by_kind
from dev.production import gunicorn_options
from tests.live import ROOT, free_port
from webapp.config import Settings
from webapp.database import engine_options
from webapp.places.imports.import_areas import import_areas
from webapp.places.imports.import_postcodes import import_postcodes
from webapp.places.locate import locate

AREAS = ("local_authorities_2025.geojson", "regions_and_nations_2022.geojson")
SUGGESTIONS = 6_000
CONNECTIONS = (1, 4, 8)
THREADS = 8
START_SECONDS = 30


def run() -> None:
    """Load 1.7 million postcodes, locate texts of each kind, then ask for suggestions."""
    with tempfile.TemporaryDirectory() as folder, scratch_database() as settings:
        path = Path(folder) / "made_directory.csv"
        try:
            write_directory(path)
        except SampleMissingError:
            print(f"The real rows that this is made from are not there: {SAMPLE}")
            return
        import_postcodes(settings, path)
        areas = SAMPLE.parents[1] / "areas"
        import_areas(settings, [areas / name for name in AREAS], lambda _done: None)
        measure(settings)


def measure(settings: Settings) -> None:
    """Measure on a database that holds everything, and print tables."""
    engine = create_engine(settings.database_url, **engine_options(1))
    with engine.connect() as connection:
        print(machine(connection))
    header = ["typed (ms)", "texts", "db p50", "db p95", "all p50", "all p95", "all max"]
    print_table("Locating", header, list(_located(engine)))
    engine.dispose()
    rows = list(_suggested(settings))
    header = ["connections", "answers", "a second", "p50 ms", "p99 ms", "load"]
    print_table("Suggestions from gunicorn over HTTP, each text once", header, rows)


def _located(engine: Engine) -> Iterator[list[str]]:
    clock = StatementClock(engine)
    with Session(engine) as session:
        kinds = texts_by_kind(session)
    for kind, texts in kinds.items():
        _times(engine, clock, texts[:20])
        yield [kind, f"{len(texts):,}", *_figures(_times(engine, clock, texts))]


def _times(
    engine: Engine, clock: StatementClock, texts: Sequence[str]
) -> list[tuple[float, float]]:
    """Return milliseconds in the database and in all, for each text in a session of its own."""
    found = []
    for text in texts:
        with Session(engine) as session:
            clock.reset()
            start = time.perf_counter()
            locate(session, text)
            found.append((clock.milliseconds, (time.perf_counter() - start) * 1000))
    return found


def _figures(times: Sequence[tuple[float, float]]) -> list[str]:
    figures = []
    for each in zip(*times, strict=True):
        figures += [f"{statistics.median(each):.2f}", f"{statistics.quantiles(each, n=20)[-1]:.2f}"]
    return [*figures, f"{max(whole for _database, whole in times):.2f}"]


def _suggested(settings: Settings) -> Iterator[list[str]]:
    texts = prefixes(gazetteer(), SUGGESTIONS)
    paths = [f"/places/suggest?q={quote(text)}" for text in texts]
    with _server(settings) as port:
        for connections in CONNECTIONS:
            before = os.getloadavg()[0]
            yield _row(connections, load(port, paths, connections), before)


def _row(connections: int, done: Load, before: float) -> list[str]:
    return [
        str(connections),
        f"{done.answers:,}",
        f"{done.answers_a_second:,.0f}",
        f"{done.percentile(50):.2f}",
        f"{done.percentile(99):.2f}",
        f"{before:.1f}",
    ]


@contextmanager
def _server(settings: Settings) -> Iterator[int]:
    """Run the server as in production, with as many workers as it has there."""
    port = free_port()
    workers = (os.cpu_count() or 1) + 1
    print(f"\n{workers} workers of {THREADS} threads; load generator on the same machine")
    options = gunicorn_options(f"127.0.0.1:{port}", workers, THREADS)
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--log-level", "error", *options],
        cwd=ROOT,
        env=os.environ | environment(settings) | {"ENVIRONMENT": "production"},
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _wait(port: int) -> None:
    for _ in range(START_SECONDS * 10):
        try:
            load(port, ["/healthz"] * 2, 1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not start.")
