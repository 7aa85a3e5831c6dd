"""Whether a pledge costs as much with ten million in the ledger as with a thousand; counts and folding too.

A site for each size runs at once, and each is measured in turn, so that whatever else the machine does
falls on all of them. ROWS names the largest ledger (10 million unless set), ROUNDS how often each is
measured. The largest takes about ten gigabytes of disk while it runs.
"""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection
from random import Random

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from bench.crowd import somebody
from bench.full_ledger import fill, wait_for_older_ones, what_is_astray
from bench.made_moment import made_moment
from bench.real_site import RunningSite, running_site
from bench.report import machine, print_table
from bench.scratch import scratch_database
from webapp.database import utc_now
from webapp.pledges.batches import Batches, Taken
from webapp.pledges.nonces import Nonce, NonceSigner, fresh_key
from webapp.pledges.reconciling import reconcile_a_slice
from webapp.pledges.rollup import fold_new_entries

SIZES = (1_000, 1_000_000, 10_000_000)
LARGEST = int(os.environ.get("ROWS") or SIZES[-1])
ROUNDS = int(os.environ.get("ROUNDS") or 12)
EVENTS = 500
# Compared with a recount of the whole ledger.
VERIFIED_ROWS = 1_000_000
MOST_TIMES_AS_MUCH = 1.5
TOGETHER = 200
OF_A_ROUND = 15
BATCHES_OF_A_ROUND = 3
POOL = 3
PATIENCE_SECONDS = 30
COUNT_PATH = "/api/v1/moments/benchmark/count.json?words=1"

SENT, WRITTEN, FOLDED = "pledge over HTTP", f"{TOGETHER} pledges, one commit", f"folding {TOGETHER}"
COUNTED, SHOWN, RECONCILED = "count.json, not kept", "event’s page, not kept", "reconciler’s minute"
PROMISED = (SENT, WRITTEN, COUNTED, SHOWN, FOLDED)


@dataclass
class Ledger:
    """A ledger of some size, with its site, and the times measured on it."""

    rows: int
    engine: Engine
    site: RunningSite
    moment_id: int
    events: dict[int, str]
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def median(self, what: str) -> float:
        """Return how long something took, of all times that it was done."""
        return statistics.median(self.milliseconds[what])


def run() -> None:
    """Fill the ledgers, measure each in turn, and print the ratios."""
    sizes = sorted({min(size, LARGEST) for size in SIZES})
    with ExitStack() as stack:
        ledgers = [stack.enter_context(_ledger(rows)) for rows in sizes]
        with ledgers[0].engine.connect() as connection:
            print(machine(connection))
        chance = Random(7)
        for number in range(-1, ROUNDS):
            for ledger in ledgers if number % 2 else reversed(ledgers):
                _measure(ledger, chance, number)
                if number < 0:  # the first time is none that counts
                    ledger.milliseconds.clear()
        _print(ledgers)


@contextmanager
def _ledger(rows: int) -> Iterator[Ledger]:
    """Make a database with so many pledges, and a site for it without a worker: we fold ourselves."""
    with scratch_database(f"{rows}_rows") as made:
        engine = create_engine(made.owner_database_url)
        with Session(engine) as session:
            moment_id, events = made_moment(session, EVENTS)
        seconds = fill(engine, moment_id, rows)
        with Session(engine) as session:
            disk = session.scalar(text("SELECT pg_database_size(current_database())")) or 0
            checked = (
                f"{what_is_astray(session)} differences"
                if rows <= VERIFIED_ROWS
                else "not recounted"
            )
        print(
            f"{rows:,} pledges: filled in {seconds:.0f} s, {disk / 2**30:.1f} GB; {checked}",
            flush=True,
        )
        with running_site(
            made, has_worker=False, web_workers=1, trusted_proxies=1, database_pool_size=POOL
        ) as site:
            yield Ledger(rows, engine, site, moment_id, events)
        engine.dispose()


def _measure(ledger: Ledger, chance: Random, number: int) -> None:
    """Do everything once or a few times; `number` is the minute in which the reconciler runs."""
    settings = ledger.site.settings
    connection = HTTPConnection("127.0.0.1", ledger.site.port, timeout=PATIENCE_SECONDS)
    signer = NonceSigner(settings.secret_key)
    for event_id, public_id in chance.sample(sorted(ledger.events.items()), OF_A_ROUND):
        path = f"/events/{public_id}/pledge"
        nonce = signer.sign(Nonce.fresh(ledger.moment_id, event_id, path))
        headers = {
            "Origin": settings.site_url,
            "X-Forwarded-For": somebody(chance),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with _timed(ledger, SENT):
            _ask(connection, "POST", path, f"nonce={nonce}&party=2", headers)
        with _timed(ledger, SHOWN):
            _ask(connection, "GET", f"/events/{public_id}")
        with _timed(ledger, COUNTED):
            _ask(connection, "GET", COUNT_PATH)
    connection.close()
    _write_and_fold(ledger, chance)
    _reconcile(ledger, utc_now() + timedelta(minutes=number))


def _ask(
    connection: HTTPConnection,
    method: str,
    path: str,
    body: str = "",
    headers: dict[str, str] | None = None,
) -> None:
    connection.request(method, path, body or None, headers or {})
    answer = connection.getresponse()
    answer.read()
    if answer.status not in {200, 303}:
        msg = f"{method} {path}: {answer.status}"
        raise RuntimeError(msg)


def _write_and_fold(ledger: Ledger, chance: Random) -> None:
    batches = Batches(ledger.engine)
    wait_for_older_ones(ledger.engine)
    _fold(ledger.engine)  # what was sent over HTTP
    for _ in range(BATCHES_OF_A_ROUND):
        batch = [
            Taken(ledger.moment_id, key, key, chance.choice(list(ledger.events)), 2, None,
                  batches.buckets.side(somebody(chance), 0))
            for key in (fresh_key() for _ in range(TOGETHER))
        ]  # fmt: skip
        with _timed(ledger, WRITTEN):
            batches.write_together(batch)
        if not all(each.is_written for each in batch):
            msg = "not all pledges were written"
            raise RuntimeError(msg)
        wait_for_older_ones(ledger.engine)
        with _timed(ledger, FOLDED):
            _fold(ledger.engine)


def _fold(engine: Engine) -> None:
    with Session(engine) as session:
        fold_new_entries(session)
        session.commit()


def _reconcile(ledger: Ledger, now: datetime) -> None:
    with Session(ledger.engine) as session, _timed(ledger, RECONCILED):
        corrected = reconcile_a_slice(session, now=now)
        session.commit()
    if corrected:
        msg = f"the tallies of {ledger.rows:,} pledges were wrong"
        raise RuntimeError(msg)


@contextmanager
def _timed(ledger: Ledger, what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    ledger.milliseconds[what].append((time.perf_counter() - start) * 1000)


def ratios(milliseconds: Sequence[float]) -> list[float]:
    """Return how many times the first each of the others is."""
    return [each / milliseconds[0] for each in milliseconds[1:]]


def _print(ledgers: list[Ledger]) -> None:
    rows = []
    for what in (*PROMISED, RECONCILED):
        medians = [ledger.median(what) for ledger in ledgers]
        times = ratios(medians)
        verdict = ("yes" if max(times) <= MOST_TIMES_AS_MUCH else "NO") if what in PROMISED else ""
        rows.append(
            [
                what,
                *(f"{each:.1f}" for each in medians),
                *(f"{each:.2f}" for each in times),
                verdict,
            ]
        )
    header = ["median, ms", *(f"{ledger.rows:,}" for ledger in ledgers)]
    header += [f"{ledger.rows:,} / {ledgers[0].rows:,}" for ledger in ledgers[1:]]
    print_table("With so many pledges in the ledger", [*header, f"≤ {MOST_TIMES_AS_MUCH}"], rows)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end")
