"""Pledges that wait together share one transaction, and are answered once it is on the disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, text

from webapp.pledges.arrays import arrays, unnest
from webapp.pledges.buckets import Buckets
from webapp.pledges.gathering import Gathering
from webapp.pledges.sides import UNKNOWN, Side

TAKEN = {
    "moment_id": "bigint", "nonce": "uuid", "participant": "uuid", "event_id": "bigint",
    "party": "smallint", "via": "text", "bucket": "bytea", "wide_bucket": "bytea",
    "signals": "smallint",
}  # fmt: skip
# Only what is open: the rest goes the ordinary way, which says why not. An event with a capacity has a
# lock to take, so it goes that way too. Whether a nonce was used before, the unique key tells.
INSERT = text(f"""
    WITH taken ({", ".join(TAKEN)}) AS (SELECT * FROM {unnest(TAKEN)}), written AS (
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
""")  # noqa: S608 -- of names that stand above


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


class Batches:
    """Writes pledges together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.buckets = Buckets(engine)
        self._gathering = Gathering(self.write_together)

    def write(self, taken: Taken) -> bool:
        """Return whether a pledge is on the disk; where not, the ordinary way has to answer."""
        return self._gathering.wait_for(taken) and taken.is_written

    def write_together(self, batch: Sequence[Taken]) -> None:
        """Write pledges in one transaction, and note of each whether it is on the disk."""
        with self._engine.begin() as connection:
            taken = arrays(TAKEN, [_row(each) for each in batch])
            written = set(connection.execute(INSERT, taken).scalars())
        for each in batch:
            each.is_written = each.nonce in written


def _row(taken: Taken) -> tuple[object, ...]:
    side = taken.side
    return (taken.moment_id, taken.nonce, taken.participant, taken.event_id, taken.party, taken.via,
            side.bucket, side.wide_bucket, int(side.signals))  # fmt: skip
