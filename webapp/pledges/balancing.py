"""Keep the checkpoints adding up to the number, also after a tally had to be corrected.

What a wrong tally made the rollup put into a checkpoint cannot be taken out of it again: what is missing
or too much is sealed as a movement of its own kind in the next one.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

CORRECTED = "corrected"

# To be called under the rollup’s lock: nothing is folded meanwhile.
BALANCE = text("""
    INSERT INTO movement AS known (checkpoint, moment_id, slot, nation, kind, entries, heads, people)
    SELECT rollup_state.open_checkpoint, moment_id,
        date_bin('5 minutes', :now, '2000-01-01T00:00Z'), '', :kind, 0,
        coalesce(tally.heads, 0) - coalesce(moved.heads, 0),
        coalesce(tally.people, 0) - coalesce(moved.people, 0)
    FROM moment_tally AS tally
    FULL JOIN (
        SELECT moment_id, sum(heads) AS heads, sum(people) AS people
        FROM movement GROUP BY moment_id
    ) AS moved USING (moment_id)
    CROSS JOIN rollup_state
    WHERE (coalesce(tally.heads, 0), coalesce(tally.people, 0))
        <> (coalesce(moved.heads, 0), coalesce(moved.people, 0))
    ON CONFLICT (checkpoint, moment_id, slot, nation, kind) DO UPDATE
    SET heads = known.heads + excluded.heads, people = known.people + excluded.people
""")


def balance_checkpoints(session: Session, now: datetime) -> None:
    """Add to the open checkpoint what all of them differ from the tallies by, if they do."""
    session.execute(BALANCE, {"now": now, "kind": CORRECTED})
