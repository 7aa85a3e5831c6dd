"""Fold new entries of the ledger into the tallies, exactly once each.

The watermark is a transaction id below which every transaction has ended, so an entry that is
committed late is never passed over; a lock on its row keeps several workers from folding twice.
"""

import logging
import threading

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

INTERVAL_SECONDS = 1.0

logger = logging.getLogger(__name__)

LOCK = text("SELECT folded_below FROM rollup_state WHERE id = 1 FOR UPDATE")

# Read after the lock and before the fold: all that is below it has ended by then, so the fold’s own,
# later snapshot sees all of it.
HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text, clock_timestamp()")

FOLD_EVENTS = text("""
    INSERT INTO event_tally AS tally (event_id, pledges, heads)
    SELECT event_id, count(*), sum(party_change)
    FROM ledger_entry
    WHERE xid >= CAST(:since AS xid8) AND xid < CAST(:upto AS xid8) AND event_id IS NOT NULL
    GROUP BY event_id
    ORDER BY event_id
    ON CONFLICT (event_id) DO UPDATE
    SET pledges = tally.pledges + excluded.pledges, heads = tally.heads + excluded.heads
""")

# An event counts towards each of its moments; the moment on the entry is one of them, or the only
# one for somebody who takes part at home.
FOLD_MOMENTS = text("""
    INSERT INTO moment_tally AS tally (moment_id, pledges, heads)
    SELECT counted.moment_id, count(*), sum(entry.party_change)
    FROM ledger_entry AS entry
    CROSS JOIN LATERAL (
        SELECT entry.moment_id
        UNION
        SELECT event_moment.moment_id FROM event_moment
        WHERE event_moment.event_id = entry.event_id
    ) AS counted
    WHERE entry.xid >= CAST(:since AS xid8) AND entry.xid < CAST(:upto AS xid8)
    GROUP BY counted.moment_id
    ORDER BY counted.moment_id
    ON CONFLICT (moment_id) DO UPDATE
    SET pledges = tally.pledges + excluded.pledges, heads = tally.heads + excluded.heads
""")

ADVANCE = text("""
    UPDATE rollup_state SET folded_below = CAST(:upto AS xid8), as_of = :as_of WHERE id = 1
""")


def fold_new_entries(session: Session) -> None:
    """Bring the tallies up to all that has been committed; the caller commits."""
    since = str(session.execute(LOCK).scalar_one())
    upto, as_of = session.execute(HORIZON).one()
    window = {"since": since, "upto": upto}
    session.execute(FOLD_EVENTS, window)
    session.execute(FOLD_MOMENTS, window)
    session.execute(ADVANCE, {"upto": upto, "as_of": as_of})


def run_forever(sessions: sessionmaker[Session], stop: threading.Event) -> None:
    """Fold every second until told to stop; a database that is away is asked again."""
    while not stop.wait(INTERVAL_SECONDS):
        try:
            with sessions.begin() as session:
                fold_new_entries(session)
        except SQLAlchemyError as error:
            logger.warning("the rollup waits for the database: %s", type(error).__name__)
