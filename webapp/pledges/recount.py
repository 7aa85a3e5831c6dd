"""Count the ledger anew, from nothing, and compare it with the tallies.

Only what the rollup has folded is counted, in one snapshot, so that a difference is never one of time.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

# A pledge’s party in force is the sum of its entries; where it counts is where its latest entry does.
COUNTED = """
    WITH counted AS (
        SELECT entry.*, moment.id AS counted_in
        FROM ledger_entry AS entry
        CROSS JOIN rollup_state
        CROSS JOIN LATERAL (
            SELECT entry.moment_id AS id
            UNION
            SELECT event_moment.moment_id FROM event_moment
            WHERE event_moment.event_id = entry.event_id AND entry.kind <> 'moved'
        ) AS moment
        WHERE entry.xid < rollup_state.folded_below
    ), stands AS (
        SELECT counted_in, pledge, min(id) AS first_entry, sum(party_change) AS party,
            (array_agg(participant ORDER BY id))[1] AS participant,
            (array_agg(event_id ORDER BY id DESC))[1] AS event_id
        FROM counted GROUP BY counted_in, pledge
    ), once AS (
        SELECT *, CASE row_number() OVER (
            PARTITION BY counted_in, participant ORDER BY party DESC, first_entry
        ) WHEN 1 THEN party ELSE 0 END AS people
        FROM stands
    )
"""

DIFFERENCES = text(f"""
    {COUNTED}, ledger AS (
        SELECT counted_in AS moment_id, count(*) FILTER (WHERE party > 0) AS pledges,
            sum(party) AS heads, sum(people) AS people
        FROM once GROUP BY counted_in
    )
    SELECT moment_id, coalesce(tally.pledges, 0), coalesce(tally.heads, 0),
        coalesce(tally.people, 0), coalesce(ledger.pledges, 0), coalesce(ledger.heads, 0),
        coalesce(ledger.people, 0)
    FROM ledger FULL JOIN moment_tally AS tally USING (moment_id)
    WHERE (coalesce(tally.pledges, 0), coalesce(tally.heads, 0), coalesce(tally.people, 0))
        <> (coalesce(ledger.pledges, 0), coalesce(ledger.heads, 0), coalesce(ledger.people, 0))
    ORDER BY moment_id
""")  # noqa: S608 -- of text that stands above


@dataclass(frozen=True)
class Counts:
    """Three figures of one moment."""

    pledges: int
    heads: int
    people: int


@dataclass(frozen=True)
class Difference:
    """Where the tallies of a moment are not what its ledger adds up to. The ledger is right."""

    moment_id: int
    tallied: Counts
    ledger: Counts


def differences(session: Session) -> list[Difference]:
    """Return the moments whose tallies are wrong; none is what there should be."""
    return [
        Difference(row[0], Counts(*row[1:4]), Counts(*map(int, row[4:7])))
        for row in session.execute(DIFFERENCES)
    ]
