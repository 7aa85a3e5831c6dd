"""How many pledges a second the site takes over HTTP, each on the disk before it is answered.

SECONDS says how long the parts last that a time was promised for (300), others a minute or half of one at
most; WEB_WORKERS and WEB_THREADS how the server runs. Server, worker, database and the load share the machine.
"""

import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from random import Random

from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session

from bench.made_moment import kept, made_moment
from bench.pledge_load import Measured, Tap, at_rate, saturate
from bench.real_site import THREADS, WORKERS, port_of, running_site
from bench.report import machine, print_table
from bench.scratch import scratch_database
from dev.postgres_programs import installed
from webapp.config import Settings
from webapp.pledges.arrays import unnest
from webapp.pledges.batches import INSERT, TAKEN
from webapp.pledges.nonces import Nonce, NonceSigner

SECONDS = float(os.environ.get("SECONDS") or 20)
CONNECTIONS = int(os.environ.get("CONNECTIONS") or 128)
MOST_CONNECTIONS = 4 * CONNECTIONS
# Pledged to in turn; and so many that nonces of most of them are not remembered from the last time.
EVENTS, MANY_EVENTS = 200, 20_000
MINUTE, HALF = min(SECONDS, 60), min(SECONDS, 30)
# Issued beforehand: more than could be taken.
NONCES_A_SECOND = 3_000
PART_OF_SATURATION = 0.7
PGBENCH_CLIENTS = 32

# In place of what waits together: one pledge, its keys made as `fresh_key` makes them. No two stand at one address.
ONE = """(
    SELECT CAST({moment_id} AS bigint), encode(substr(random, 1, 1)
            || substr(int8send((1000 * extract(epoch FROM now()))::bigint), 3)
            || substr(random, 8), 'hex')::uuid, gen_random_uuid(), CAST(:event_id AS bigint),
        2::smallint, NULL, substr(sha256(random), 1, 12), substr(sha256(random), 21, 12), 0::smallint
    FROM (SELECT uuid_send(gen_random_uuid()) AS random) AS made
) AS one"""


def run() -> None:
    """Measure pledges with nonces issued and fetched, at saturation and below, beside pgbench."""
    with scratch_database() as made:
        engine = create_engine(made.owner_database_url)
        with Session(engine) as session:
            print(machine(session.connection()))
            moment_id, events = made_moment(session, MANY_EVENTS)
        print(f"{WORKERS} workers of {THREADS} threads, {CONNECTIONS} connections, {SECONDS:g} s")
        with running_site(made, trusted_proxies=1) as site:
            load = PledgeLoad(site.settings, moment_id, events)
            load.measure()
            found = kept(engine, load.acknowledged)
        alone = _pgbench(made, moment_id, sorted(events)[:EVENTS])
        engine.dispose()
    _print(load.parts, alone)
    print(f"\n{found}; load {os.getloadavg()[0]:.1f} at the end")


class PledgeLoad:
    """The parts of the measurement, one after the other, on one site."""

    def __init__(self, settings: Settings, moment_id: int, events: dict[int, str]) -> None:
        self._port = port_of(settings)
        self._signer = NonceSigner(settings.secret_key)
        self._moment_id = moment_id
        self._all_events = events
        self._events = dict(list(events.items())[:EVENTS])
        self.parts: dict[str, Measured] = {}
        self.acknowledged = 0

    def measure(self) -> None:
        """Run all parts, warm at first."""
        self._keep("", saturate(self._port, self._issued(2), CONNECTIONS, 2))
        self._keep("", saturate(self._port, self._fetching(self._events), CONNECTIONS, 2))
        issued = saturate(self._port, self._issued(SECONDS), CONNECTIONS, SECONDS)
        self._keep("nonces issued before", issued)
        # At once, for what is saturation changes with the size of the ledger and with who else uses the machine.
        rate = PART_OF_SATURATION * issued.a_second
        below = at_rate(self._port, self._issued(MINUTE), rate, MOST_CONNECTIONS, MINUTE)
        self._keep(f"issued before, {PART_OF_SATURATION:.0%}", below)
        fetched = saturate(self._port, self._fetching(self._events), CONNECTIONS, SECONDS)
        self._keep("nonces fetched", fetched)
        many = saturate(self._port, self._fetching(self._all_events), CONNECTIONS, HALF)
        self._keep(f"nonces fetched, {MANY_EVENTS:,} events", many)

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

    def _fetching(self, events: dict[int, str]) -> Iterator[Tap]:
        """Return taps that fetch their nonces, without end, in no order."""
        for public_id in cycle(Random(3).sample(list(events.values()), len(events))):
            yield Tap(_path(public_id), nonce_path=f"/api/v1/pledges/nonce?event={public_id}")


def _path(public_id: str) -> str:
    return f"/events/{public_id}/pledge"


def one_pledge(moment_id: int) -> str:
    """Return the site’s own statement for a pledge for the event `:event_id`."""
    return INSERT.text.replace(unnest(TAKEN), ONE.format(moment_id=moment_id))


def _pgbench(settings: Settings, moment_id: int, events: list[int]) -> float:
    """Return how many of the same inserts a second pgbench does alone, over the Unix socket."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(f"\\set event_id random({events[0]}, {events[-1]})\n{one_pledge(moment_id)};\n")
        file.flush()
        url = make_url(settings.database_url).set(drivername="postgresql")
        done = subprocess.run(
            [installed()[0].path("pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={PGBENCH_CLIENTS}",
             f"--time={max(int(HALF), 1)}", f"--file={file.name}",
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
