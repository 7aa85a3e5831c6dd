"""Pledges that wait together share one transaction, and are answered once it is on the disk.

One thread in each process writes them. While it waits for the disk the next ones gather, so that a
commit serves as many people as there are just then: one when it is quiet, hundreds when it is not.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from uuid import UUID

from sqlalchemy import Engine, text

from webapp.pledges.buckets import Buckets
from webapp.pledges.sides import UNKNOWN, Side

MOST_TOGETHER = 500
# Longer than any commit should take; then the ordinary way answers, with the same nonce.
PATIENCE_SECONDS = 5

# Only what is open: the rest goes the ordinary way, which says why not. An event with a capacity has a
# lock to take, so it goes that way too. Whether a nonce was used before, the unique key tells.
INSERT = text("""
    WITH taken AS (
        SELECT * FROM unnest(CAST(:moments AS bigint[]), CAST(:nonces AS uuid[]),
            CAST(:participants AS uuid[]), CAST(:events AS bigint[]), CAST(:parties AS smallint[]),
            CAST(:vias AS text[]), CAST(:buckets AS bytea[]), CAST(:wide_buckets AS bytea[]),
            CAST(:signals AS smallint[]))
            AS taken (moment_id, nonce, participant, event_id, party, via, bucket, wide_bucket,
                signals)
    ), written AS (
        INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id,
            party_change, via, authority_code, region_code, nation)
        SELECT taken.moment_id, taken.nonce, 'pledged', taken.nonce, taken.participant,
            taken.event_id, taken.party, taken.via, event.authority_code, event.region_code,
            event.nation
        FROM taken
        LEFT JOIN event ON event.id = taken.event_id
        LEFT JOIN moment ON moment.id = taken.moment_id
        WHERE CASE WHEN taken.event_id IS NULL
            THEN moment.ends_on >= (now() AT TIME ZONE 'Europe/London')::date
            ELSE event.status = 'published' AND event.ends_at > now() AND event.capacity IS NULL
        END
        ON CONFLICT (moment_id, nonce) DO NOTHING
        RETURNING moment_id, nonce
    ), beside AS (
        INSERT INTO pledge_side (moment_id, pledge, bucket, wide_bucket, signals)
        SELECT DISTINCT ON (moment_id, nonce) moment_id, nonce, bucket, wide_bucket, signals
        FROM taken JOIN written USING (moment_id, nonce)
        WHERE signals > 0 OR bucket IS NOT NULL
        ON CONFLICT (moment_id, pledge) DO NOTHING
    )
    SELECT nonce FROM written
""")


@dataclass
class Taken:
    """One pledge that waits; `is_written` once it is known whether it could be written like this."""

    moment_id: int
    nonce: UUID
    participant: UUID
    event_id: int | None
    party: int
    via: str | None
    side: Side = UNKNOWN
    is_written: bool = False
    settled: threading.Event = field(default_factory=threading.Event)


class Batches:
    """Writes pledges together; the thread starts with the first, after the server has forked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.buckets = Buckets(engine)
        self._waiting: SimpleQueue[Taken] = SimpleQueue()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def write(self, taken: Taken) -> bool:
        """Return whether a pledge is on the disk; where not, the ordinary way has to answer."""
        self._ensure_thread()
        self._waiting.put(taken)
        return taken.settled.wait(PATIENCE_SECONDS) and taken.is_written

    def _ensure_thread(self) -> None:
        if self._thread is None:
            with self._start:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._keep_writing, daemon=True)
                    self._thread.start()

    def _keep_writing(self) -> None:
        while True:
            batch = [self._waiting.get()]
            try:
                while len(batch) < MOST_TOGETHER:
                    batch.append(self._waiting.get_nowait())
            except Empty:
                pass
            self.write_together(batch)

    def write_together(self, batch: Sequence[Taken]) -> None:
        """Write pledges in one transaction, and tell each whether it is on the disk."""
        try:
            with self._engine.begin() as connection:
                written = set(connection.execute(INSERT, _arrays(batch)).scalars())
            for each in batch:
                each.is_written = each.nonce in written
        except Exception:  # noqa: S110 -- the ordinary way meets the same fault, and says so
            pass
        finally:
            for each in batch:
                each.settled.set()


def _arrays(batch: Sequence[Taken]) -> dict[str, list[object]]:
    return {
        "moments": [each.moment_id for each in batch],
        "nonces": [each.nonce for each in batch],
        "participants": [each.participant for each in batch],
        "events": [each.event_id for each in batch],
        "parties": [each.party for each in batch],
        "vias": [each.via for each in batch],
        "buckets": [each.side.bucket for each in batch],
        "wide_buckets": [each.side.wide_bucket for each in batch],
        "signals": [int(each.side.signals) for each in batch],
    }
