"""Fold new entries of the ledger into the tallies, exactly once each.

The watermark is a transaction id below which every transaction has ended, so an entry that is
committed late is never passed over; a lock on its row keeps several workers from folding twice.
"""

import logging
import threading
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from webapp.pledges.folding import Entry, Slice, Standing, fold
from webapp.pledges.holding import hold_what_is_odd
from webapp.pledges.moving import move_pledges
from webapp.pledges.tallies import standings_of, write

INTERVAL_SECONDS = 1.0
# Entries of one step, so that a long queue is caught up with in steps of bounded size.
MOST_ENTRIES = 5000

logger = logging.getLogger(__name__)

# Requests end after ten seconds; a step that ended there would never come to its end.
PATIENTLY = text("SET LOCAL statement_timeout = '5min'")

LOCK = text("SELECT folded_below::text FROM rollup_state WHERE id = 1 FOR UPDATE")

# Read after the lock and before the fold: all that is below it has ended by then, so the fold’s own,
# later snapshot sees all of it. Transactions of other databases on the same server write no entries and
# hold nothing up; they are known by the locks on their ids. One that has just ended has none any more and
# may be taken for ours, so a later horizon could be lower: never below what is folded, or it would be
# folded twice. The fold’s own transaction may still write entries.
HORIZON = text("""
    WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot), foreign_lock AS (
        SELECT pg_locks.transactionid FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE pg_locks.locktype = 'transactionid' AND pg_locks.mode = 'ExclusiveLock'
            AND pg_stat_activity.datname <> current_database()
    )
    SELECT
        greatest(
            CAST(:since AS xid8),
            least(
                (
                    SELECT min(running) FROM pg_snapshot_xip(now.snapshot) AS running
                    WHERE xid(running) NOT IN (SELECT transactionid FROM foreign_lock)
                ),
                pg_snapshot_xmax(now.snapshot),
                pg_current_xact_id()
            )
        )::text,
        clock_timestamp()
    FROM now
""")

# Where there are more entries than a step takes, the transaction before which it ends; the entries
# of one transaction are never parted.
BEYOND = text("""
    SELECT xid::text FROM (
        SELECT xid FROM ledger_entry
        WHERE xid >= CAST(:since AS xid8) AND xid < CAST(:upto AS xid8)
        ORDER BY xid OFFSET :most LIMIT 1
    ) AS beyond
    WHERE xid > (
        SELECT xid FROM ledger_entry WHERE xid >= CAST(:since AS xid8) ORDER BY xid LIMIT 1
    )
""")

# Whether a step that ends there would fold an entry before one of the same pledge that it builds upon: a
# transaction that began earlier may have waited for that one. A pledge’s first entry builds upon none.
# IS TRUE keeps the planner from the index of transactions: while many wait, it takes them for few, and
# would read all of them for each entry.
PARTED = text("""
    SELECT EXISTS (
        SELECT FROM ledger_entry AS entry
        JOIN ledger_entry AS earlier USING (moment_id, pledge)
        WHERE entry.xid >= CAST(:since AS xid8) AND entry.xid < CAST(:upto AS xid8)
            AND entry.kind <> 'pledged'
            AND (earlier.xid >= CAST(:upto AS xid8)) IS TRUE AND earlier.id < entry.id
    )
""")

# An entry counts in its own moment and no other: `moving.py` enters a pledge in its event’s further ones.
ENTRIES = text("""
    SELECT entry.id, entry.moment_id, entry.pledge, entry.participant, entry.kind, entry.event_id,
        entry.party_change,
        date_bin('5 minutes', entry.recorded_at, '2000-01-01T00:00Z'), coalesce(entry.nation, ''), coalesce(entry.region_code, ''),
        coalesce(entry.authority_code, ''), date_trunc('hour', entry.recorded_at, 'UTC'),
        coalesce(entry.via, '')
    FROM ledger_entry AS entry
    WHERE entry.xid >= CAST(:since AS xid8) AND entry.xid < CAST(:upto AS xid8)
    ORDER BY entry.id
""")

# As of when the first was made that is left for later, where one is.
ADVANCE = text("""
    UPDATE rollup_state SET folded_below = CAST(:upto AS xid8), as_of = greatest(as_of, least(:as_of, (
        SELECT recorded_at FROM ledger_entry WHERE xid >= CAST(:upto AS xid8) ORDER BY xid LIMIT 1
    )))
    WHERE id = 1
""")


def fold_new_entries(session: Session) -> bool:
    """Bring the tallies up to what has been committed, one step at most; the caller commits.

    Returns whether there is more to fold.
    """
    session.execute(PATIENTLY)
    since = session.execute(LOCK).scalar_one()
    horizon, as_of = session.execute(HORIZON, {"since": since}).one()
    window = {"since": since, "upto": horizon}
    beyond = _end_of_step(session, window)
    window["upto"] = beyond or horizon
    entries = [_entry(*row) for row in session.execute(ENTRIES, window)]
    standings = _folded(session, entries) if entries else []
    has_held = bool(entries) and hold_what_is_odd(session, window, entries, standings)
    session.execute(ADVANCE, {"upto": window["upto"], "as_of": as_of})
    has_moved = move_pledges(session, window["upto"], entries, standings)
    return beyond is not None or has_held or has_moved


def _end_of_step(session: Session, window: dict[str, Any]) -> str | None:
    """Return the transaction before which a step ends that has not all; a longer one where it must."""
    most = MOST_ENTRIES
    while beyond := session.execute(BEYOND, {**window, "most": most}).scalar():
        if not session.execute(PARTED, {**window, "upto": beyond}).scalar():
            break
        most *= 2
    return str(beyond) if beyond else None


def _folded(session: Session, entries: list[Entry]) -> list[Standing]:
    """Fold entries; return how the pledges of all their people stand now."""
    before = standings_of(session, entries)
    folded = fold(entries, before)
    write(session, folded)
    now = {(each.moment_id, each.pledge): each for each in (*before, *folded.standings)}
    return list(now.values())


def _entry(*columns: Any) -> Entry:
    begin, where = columns[:8], columns[8:]
    return Entry(*begin, Slice(*where))  # type: ignore[call-arg]  # nine in all


def run_forever(sessions: sessionmaker[Session], stop: threading.Event) -> None:
    """Fold every second until told to stop; a database that is away is asked again."""
    while not stop.wait(INTERVAL_SECONDS):
        try:
            more = True
            while more and not stop.is_set():
                with sessions.begin() as session:
                    more = fold_new_entries(session)
        except SQLAlchemyError as error:
            logger.warning("the rollup waits for the database: %s", type(error).__name__)
