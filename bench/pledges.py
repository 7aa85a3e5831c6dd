"""How many pledges a second the site takes over HTTP, each on the disk before it is answered.

SECONDS says how long each part lasts (300 for the figures that are promised), WEB_WORKERS and
WEB_THREADS how the server runs. Server, worker, database and the load share the machine.
"""

import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from bench.copy_events import copy_events
from bench.pledge_load import Measured, Tap, at_rate, saturate
from bench.real_site import THREADS, WORKERS, port_of, real_site
from bench.report import machine, print_table
from bench.scratch import scratch_database
from dev.postgres_programs import installed
from webapp.config import Settings
from webapp.database import utc_now
from webapp.moments.models import Moment
from webapp.pledges.nonces import Nonce, NonceSigner

SECONDS = float(os.environ.get("SECONDS") or 20)
CONNECTIONS = int(os.environ.get("CONNECTIONS") or 128)
MOST_CONNECTIONS = 4 * CONNECTIONS
EVENTS = 200
# Issued beforehand: more than could be taken.
NONCES_A_SECOND = 3_000
PART_OF_SATURATION = 0.7
PATIENCE_SECONDS = 15
PGBENCH_CLIENTS = 32

INSERT = """
WITH fresh AS (SELECT gen_random_uuid() AS key)
INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id, party_change)
SELECT {moment_id}, key, 'pledged', key, key, {event_id}, 2 FROM fresh
ON CONFLICT (moment_id, nonce) DO NOTHING;
"""


def run() -> None:
    """Measure pledges with nonces issued and fetched, at saturation and below, beside pgbench."""
    with scratch_database() as made:
        engine = create_engine(made.owner_database_url)
        with Session(engine) as session:
            print(machine(session.connection()))
            moment_id, events = _events(session)
        print(f"{WORKERS} workers of {THREADS} threads, {CONNECTIONS} connections, {SECONDS:g} s")
        with real_site(made) as settings:
            load = PledgeLoad(settings, moment_id, events)
            load.measure()
            kept = _kept(engine, load.acknowledged)
        alone = _pgbench(made, moment_id, min(events))
        engine.dispose()
    _print(load.parts, alone)
    print(f"\n{kept}; load {os.getloadavg()[0]:.1f} at the end")


class PledgeLoad:
    """The parts of the measurement, one after the other, on one site."""

    def __init__(self, settings: Settings, moment_id: int, events: dict[int, str]) -> None:
        self._port = port_of(settings)
        self._signer = NonceSigner(settings.secret_key)
        self._moment_id = moment_id
        self._events = events
        self.parts: dict[str, Measured] = {}
        self.acknowledged = 0

    def measure(self) -> None:
        """Run all parts, warm at first."""
        self._keep("", saturate(self._port, self._issued(2), CONNECTIONS, 2))
        self._keep("", saturate(self._port, self._fetching(), CONNECTIONS, 2))
        issued = saturate(self._port, self._issued(SECONDS), CONNECTIONS, SECONDS)
        self._keep("nonces issued before", issued)
        fetched = saturate(self._port, self._fetching(), CONNECTIONS, SECONDS)
        self._keep("nonces fetched", fetched)
        rate = PART_OF_SATURATION * issued.a_second
        below = at_rate(self._port, self._issued(SECONDS), rate, MOST_CONNECTIONS, SECONDS)
        self._keep(f"issued before, {PART_OF_SATURATION:.0%}", below)

    def _keep(self, name: str, measured: Measured) -> None:
        self.acknowledged += measured.pledges
        if name:
            self.parts[name] = measured

    def _issued(self, seconds: float) -> list[Tap]:
        """Return taps whose nonces are there already, more than can be taken."""
        taps = []
        for (event_id, public_id), _n in zip(
            cycle(self._events.items()), range(int(seconds * NONCES_A_SECOND)), strict=False
        ):
            path = _path(public_id)
            nonce = self._signer.sign(Nonce.fresh(self._moment_id, event_id, path))
            taps.append(Tap(path, nonce))
        return taps

    def _fetching(self) -> Iterator[Tap]:
        """Return taps that fetch their nonces, without end."""
        for public_id in cycle(self._events.values()):
            yield Tap(_path(public_id), nonce_path=f"/api/v1/pledges/nonce?event={public_id}")


def _path(public_id: str) -> str:
    return f"/events/{public_id}/pledge"


def _events(session: Session) -> tuple[int, dict[int, str]]:
    """Make a moment and its events; return its id and theirs, with their addresses."""
    day = utc_now().date() + timedelta(days=30)
    texts = {f"{field}_{language}": "Benchmark"
             for field in ("name", "summary", "description") for language in ("en", "cy")}  # fmt: skip
    moment = Moment(slug="benchmark", starts_on=day, ends_on=day, colour="#336699", **texts)
    session.add(moment)
    session.flush()
    copy_events(session, moment, EVENTS)
    session.commit()
    found = session.execute(text("SELECT id, public_id FROM event")).all()
    return moment.id, {row.id: row.public_id for row in found}


def _kept(engine: Engine, acknowledged: int) -> str:
    """Say whether every acknowledged pledge is in the ledger, and how soon in the tallies."""
    start = time.perf_counter()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ledger = connection.scalar(text("SELECT count(*) FROM ledger_entry"))
        tally = None
        while tally != ledger and time.perf_counter() - start < PATIENCE_SECONDS:
            time.sleep(0.1)
            tally = connection.scalar(text("SELECT sum(pledges) FROM moment_tally"))
    seconds = time.perf_counter() - start
    return (
        f"{acknowledged:,} acknowledged, {ledger:,} in the ledger, {tally or 0:,} in the tallies"
        f" {seconds:.1f} s after the last"
    )


def _pgbench(settings: Settings, moment_id: int, event_id: int) -> float:
    """Return how many of the same inserts a second pgbench does alone, over the Unix socket."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(INSERT.format(moment_id=moment_id, event_id=event_id))
        file.flush()
        url = make_url(settings.database_url).set(drivername="postgresql")
        done = subprocess.run(
            [installed()[0].path("pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={PGBENCH_CLIENTS}",
             f"--time={max(int(SECONDS), 1)}", f"--file={file.name}",
             url.render_as_string(hide_password=False)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    return float(done.stdout.partition("tps = ")[2].partition(" ")[0])


def _print(parts: dict[str, Measured], alone: float) -> None:
    rows = [
        [name, f"{part.a_second:,.0f}", f"{part.a_second / alone:.2f}",
         *(f"{part.percentile(percent):.0f}" for percent in (50, 95, 99)), str(len(part.failures))]
        for name, part in parts.items()
    ]  # fmt: skip
    header = ["pledges", "a second", "of pgbench", "p50 ms", "p95 ms", "p99 ms", "failed"]
    rows.append(["pgbench, the same insert alone", f"{alone:,.0f}", "1.00", *[""] * 4])
    print_table("Pledges that are on the disk", header, rows)
    for failure, count in Counter(
        each for part in parts.values() for each in part.failures
    ).items():
        print(f"failed {count} times: {failure}")
