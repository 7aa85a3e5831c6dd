"""A ledger with as many pledges as one likes, and the tables that the rollup would have made of them.

Few are folded by the rollup itself. Many are written by statements that come to the same, which the
site’s own recount confirms (`what_is_astray`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from webapp.pledges.reconciling import REBUILD
from webapp.pledges.recount import (
    differences,
    differences_of_slices,
    events_astray,
    moments_astray,
    slices_astray,
)
from webapp.pledges.rollup import HORIZON, fold_new_entries

PATIENCE_SECONDS = 30
# So many the rollup folds itself.
FEW = 10_000
FILLED = ["ledger_entry", "pledge_side", "pledge_standing", "bucket_count"]
# Pledges that came from one address to one event in one hour.
OF_ONE_BUCKET = 10

AREAS = text("""
    UPDATE event SET authority_code = 'E' || lpad((id % 360)::text, 8, '0'),
        region_code = 'E12' || lpad((id % 9)::text, 6, '0')
""")
# Pledged in a month, in as many transactions as there were: a load in bulk would have but one. The keys are
# made as `fresh_key` makes them.
LEDGER = text("""
    WITH numbered AS (SELECT *, row_number() OVER (ORDER BY id) - 1 AS number FROM event)
    INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id, party_change,
        via, authority_code, region_code, nation, recorded_at, xid)
    SELECT :moment_id, made.key, 'pledged', made.key, made.key, event.id, 1 + made.n % 4,
        CASE WHEN made.n % 3 = 0 THEN 'partner-' || made.n % 8 END,
        event.authority_code, event.region_code, event.nation,
        now() - make_interval(secs => 30 * 86400.0 * (CAST(:rows AS bigint) - made.n) / :rows),
        (3 + made.n * (pg_current_xact_id()::text::bigint - 4) / :rows)::text::xid8
    FROM (
        SELECT n, encode(
            substr(uuid_send(gen_random_uuid()), 1, 1)
            || substr(int8send((1000 * extract(epoch FROM now()) - 260 * (:rows - n))::bigint), 3)
            || substr(uuid_send(gen_random_uuid()), 8), 'hex')::uuid AS key
        FROM generate_series(1, CAST(:rows AS bigint)) AS n
    ) AS made
    JOIN numbered AS event ON event.number = made.n % (SELECT count(*) FROM event)
""")
SIDES = text("""
    INSERT INTO pledge_side (moment_id, pledge, bucket, wide_bucket, signals, created_at)
    SELECT moment_id, pledge, substr(decode(md5('one' || id / :of_one), 'hex'), 1, 12),
        substr(decode(md5('wide' || id / :of_one / 4), 'hex'), 1, 12), 0, recorded_at
    FROM ledger_entry
""")
STANDINGS = text("""
    INSERT INTO pledge_standing (moment_id, pledge, participant, first_entry, event_id, nation,
        region_code, authority_code, hour, via, party, held, people)
    SELECT moment_id, pledge, participant, id, event_id, coalesce(nation, ''),
        coalesce(region_code, ''), coalesce(authority_code, ''),
        date_trunc('hour', recorded_at, 'UTC'), coalesce(via, ''), party_change, 0, party_change
    FROM ledger_entry
""")
TOTAL = text("""
    INSERT INTO moment_tally (moment_id, pledges, heads, people, held)
    SELECT moment_id, count(*), sum(party), sum(people), 0 FROM pledge_standing
    WHERE moment_id = :moment_id GROUP BY moment_id
""")
BUCKETS = text("""
    INSERT INTO bucket_count (bucket, moment_id, event_id, area, day, is_wide, pledges, heads, held,
        repeats, signs, minute, in_minute, busiest)
    SELECT substr(decode(md5('one' || id / :of_one), 'hex'), 1, 12), moment_id, event_id,
        coalesce(authority_code, ''), (recorded_at AT TIME ZONE 'UTC')::date, false, :of_one,
        2 * :of_one, 0, 0, 0, date_trunc('minute', recorded_at, 'UTC'), 1, 1
    FROM ledger_entry WHERE id % :of_one = 0
""")
MOVEMENTS = text("""
    INSERT INTO movement (checkpoint, moment_id, slot, nation, kind, entries, heads, people)
    SELECT rollup_state.open_checkpoint, moment_id,
        date_bin('5 minutes', recorded_at, '2000-01-01T00:00Z'), coalesce(nation, ''), kind,
        count(*), sum(party_change), sum(party_change)
    FROM ledger_entry, rollup_state GROUP BY 1, 2, 3, 4, 5
""")
BEYOND = text("SELECT EXISTS (SELECT FROM ledger_entry WHERE xid >= CAST(:upto AS xid8))")

FOLDED_BELOW = text("UPDATE rollup_state SET folded_below = CAST(:xid AS xid8)")
NOW = text("SELECT pg_current_xact_id()::text")

# Keys before what refers to them.
CONSTRAINTS = text("""
    SELECT conrelid::regclass::text AS of, conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE conrelid = ANY(CAST(:tables AS regclass[])) AND contype IN ('p', 'u', 'f')
    ORDER BY contype = 'f', conrelid, conname
""")
INDEXES = text("""
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index
    WHERE indrelid = ANY(CAST(:tables AS regclass[]))
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
""")


def fill(engine: Engine, moment_id: int, rows: int) -> float:
    """Fill an empty ledger with pledges for a moment’s events; return the seconds that it took."""
    start = time.perf_counter()
    # Each statement by itself: the rollup folds what is below the oldest transaction of this database.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(AREAS)
        # Nothing is pledged yet that this could move.
        connection.execute(text("DELETE FROM changed_event"))
        if rows <= FEW:
            _write(connection, moment_id, rows)
            connection.execute(FOLDED_BELOW, {"xid": "3"})
        else:
            # Indexes are made much sooner at once, afterwards, than row by row.
            connection.execute(text("SET maintenance_work_mem = '1GB'"))
            connection.execute(text("SET work_mem = '128MB'"))
            with _without_indexes(connection):
                _write(connection, moment_id, rows)
                connection.execute(STANDINGS)
                connection.execute(BUCKETS, {"of_one": OF_ONE_BUCKET})
            _add_up(connection, moment_id)
    if rows <= FEW:
        _fold(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return time.perf_counter() - start


def what_is_astray(session: Session) -> int:
    """Return how often the tables are not what the ledger adds up to, by all that compares them."""
    found = (
        differences(session), differences_of_slices(session), moments_astray(session),
        events_astray(session), slices_astray(session),
    )  # fmt: skip
    return sum(len(each) for each in found)


def wait_for_older_ones(engine: Engine) -> None:
    """Wait until the rollup may fold all there is: whoever is still at work in this database holds it up."""
    end = time.perf_counter() + PATIENCE_SECONDS
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while time.perf_counter() < end:
            upto, _at = connection.execute(HORIZON, {"since": "0"}).one()
            if not connection.scalar(BEYOND, {"upto": upto}):
                return
            time.sleep(0.02)


def _write(connection: Connection, moment_id: int, rows: int) -> None:
    connection.execute(LEDGER, {"moment_id": moment_id, "rows": rows})
    connection.execute(SIDES, {"of_one": OF_ONE_BUCKET})


def _add_up(connection: Connection, moment_id: int) -> None:
    _standings, *tallies = REBUILD
    for statement in (TOTAL, *tallies):
        connection.execute(statement, {"moment_id": moment_id})
    connection.execute(MOVEMENTS)
    connection.execute(FOLDED_BELOW, {"xid": connection.scalar(NOW)})


def _fold(engine: Engine) -> None:
    wait_for_older_ones(engine)
    more = True
    while more:
        with Session(engine) as session:
            more = fold_new_entries(session)
            session.commit()


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Drop keys and indexes of the tables that are filled, and make them again."""
    tables = {"tables": FILLED}
    constraints = connection.execute(CONSTRAINTS, tables).all()
    indexes = connection.execute(INDEXES, tables).all()
    for each in reversed(constraints):
        connection.execute(text(f"ALTER TABLE {each.of} DROP CONSTRAINT {each.name}"))
    for each in indexes:
        connection.execute(text(f"DROP INDEX {each.name}"))
    try:
        yield
    finally:
        for each in indexes:
            connection.execute(text(each.definition.replace(":", r"\:")))
        for each in constraints:
            statement = f"ALTER TABLE {each.of} ADD CONSTRAINT {each.name} {each.definition}"
            connection.execute(text(statement.replace(":", r"\:")))
