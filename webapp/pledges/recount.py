"""Count the ledger anew, from nothing, and compare what the rollup made of it. The ledger is right.

Only what the rollup has folded is counted, in one snapshot, so that a difference is never one of time.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

SLICES = 60
# `nonces.fresh_key` makes so many clusters of keys, by their first byte: of more parts some would be empty.
MOST_SLICES = 256
# About 70,000 pledges, and 20,000.
SMALL_BYTES = 16 * 1024**2
SLICE_BYTES = SMALL_BYTES * 2 // 7

# A pledge’s party in force is the sum of its entries. It counts where the latest entry says that moved
# it, else where it was made, and in the hour in which it was made.
STANDS = """
    WITH counted AS (
        SELECT entry.* FROM ledger_entry AS entry CROSS JOIN rollup_state
        WHERE entry.xid < rollup_state.folded_below AND {condition}
    ), stands AS (
        SELECT moment_id, pledge, min(id) AS first_entry, sum(party_change) AS party,
            (array_agg(participant ORDER BY id))[1] AS participant,
            (array_agg(event_id ORDER BY settles DESC, id DESC))[1] AS event_id,
            coalesce((array_agg(nation ORDER BY settles DESC, id DESC))[1], '') AS nation,
            coalesce((array_agg(region_code ORDER BY settles DESC, id DESC))[1], '') AS region_code,
            coalesce((array_agg(authority_code ORDER BY settles DESC, id DESC))[1], '')
                AS authority_code,
            date_trunc('hour', (array_agg(recorded_at ORDER BY id))[1], 'UTC') AS hour,
            coalesce((array_agg(via ORDER BY id))[1], '') AS via,
            coalesce(-sum(party_change) FILTER (WHERE kind IN ('held', 'released')
                AND id > ended), 0) AS held
        FROM (
            SELECT *, kind = 'pledged' OR kind = 'moved' AND party_change > 0 AS settles,
                coalesce(max(id) FILTER (WHERE kind = 'invalidated')
                    OVER (PARTITION BY moment_id, pledge), 0) AS ended
            FROM counted
        ) AS marked
        GROUP BY moment_id, pledge
    )
"""

_ONCE = """, once AS (
        SELECT *, CASE row_number() OVER (
            PARTITION BY moment_id, participant ORDER BY party DESC, first_entry
        ) WHEN 1 THEN party ELSE 0 END AS people
        FROM stands
    )
"""
WHOLE = STANDS.format(condition="true") + _ONCE
ONE_MOMENT = STANDS.format(condition="entry.moment_id = :moment_id") + _ONCE
FIGURES = """count(*) FILTER (WHERE party > 0) AS pledges, sum(party) AS heads,
    sum(people) AS people, sum(held) AS held"""

_COMPARED = """
    SELECT moment_id FROM {counted} AS counted FULL JOIN moment_tally AS tally USING (moment_id)
    WHERE (coalesce(tally.pledges, 0), coalesce(tally.heads, 0), coalesce(tally.people, 0),
            coalesce(tally.held, 0))
        <> (coalesce(counted.pledges, 0), coalesce(counted.heads, 0), coalesce(counted.people, 0),
            coalesce(counted.held, 0))
    ORDER BY moment_id
"""

AGAINST_LEDGER = text(
    WHOLE + _COMPARED.format(counted=f"(SELECT moment_id, {FIGURES} FROM once GROUP BY moment_id)")
)
AGAINST_SLICES = text(
    _COMPARED.format(
        counted="(SELECT moment_id, sum(pledges) AS pledges, sum(heads) AS heads,"
        " sum(people) AS people, sum(held) AS held FROM slice_tally GROUP BY moment_id)"
    )
)
# The moments are named for the index, which begins with them.
_BETWEEN = "moment_id = ANY(ARRAY(SELECT id FROM moment)) AND pledge BETWEEN :first AND :last"
STANDING_SLICE = text(
    STANDS.format(condition=_BETWEEN)
    + f"""
    SELECT coalesce(stands.moment_id, standing.moment_id)
    FROM stands FULL JOIN (
        SELECT * FROM pledge_standing WHERE {_BETWEEN}
    ) AS standing USING (moment_id, pledge)
    WHERE (stands.party, stands.held, stands.participant, coalesce(stands.event_id, 0),
            stands.nation, stands.region_code, stands.authority_code, stands.hour, stands.via)
        IS DISTINCT FROM (standing.party, standing.held, standing.participant,
            coalesce(standing.event_id, 0), standing.nation, standing.region_code,
            standing.authority_code, standing.hour, standing.via)
    GROUP BY 1 ORDER BY 1
"""
)

# Those at home stand in no event’s tally, so a moment’s total tells nothing of those of its events.
_AGAINST_STANDINGS = """
    SELECT moment_id FROM (SELECT * FROM {tally} WHERE {condition}) AS tally FULL JOIN (
        SELECT {key}, {figures} FROM pledge_standing WHERE {condition} GROUP BY {key}
    ) AS counted USING ({key})
    WHERE (coalesce(tally.pledges, 0), coalesce(tally.heads, 0), coalesce(tally.people, 0),
            coalesce(tally.held, 0))
        <> (coalesce(counted.pledges, 0), coalesce(counted.heads, 0), coalesce(counted.people, 0),
            coalesce(counted.held, 0))
    GROUP BY moment_id ORDER BY moment_id
"""
EVENTS = text(
    _AGAINST_STANDINGS.format(
        tally="event_tally",
        key="event_id, moment_id",
        figures=FIGURES,
        condition="event_id BETWEEN :first AND :last",
    )
)
EVERY_SLICE = text(
    _AGAINST_STANDINGS.format(
        tally="slice_tally",
        key="moment_id, nation, region_code, authority_code, hour, via",
        figures=FIGURES,
        condition="true",
    )
)
LAST_EVENT = text("SELECT coalesce(max(id), 0) FROM event")
SIZE = text("SELECT pg_relation_size('pledge_standing')")


def differences(session: Session) -> list[int]:
    """Return the moments whose tallies are not what the whole ledger adds up to."""
    return list(session.execute(AGAINST_LEDGER).scalars())


def differences_of_slices(session: Session) -> list[int]:
    """Return the moments whose areas and hours do not add up to their tally; this is quick."""
    return list(session.execute(AGAINST_SLICES).scalars())


def parts(session: Session) -> int:
    """Return in how many parts everything is to be counted anew, a part each minute.

    In one while it is so little that it takes a second; in sixty, or in more of about 20,000 pledges, some
    of twice as many; of more than five million, in parts of a 256th.
    """
    size = int(session.execute(SIZE).scalar_one())
    return 1 if size < SMALL_BYTES else min(MOST_SLICES, max(SLICES, size // SLICE_BYTES))


def moments_astray(session: Session, number: int = 0, of: int = 1) -> list[int]:
    """Return the moments in which pledges stand otherwise than the ledger says, in one of so many parts.

    Each first byte of a pledge’s name is as frequent as the others, and a part is some of them.
    """
    first, last = _part(0, 2**128 - 1, number, of)
    bounds = {"first": UUID(int=first), "last": UUID(int=last)}
    return list(session.execute(STANDING_SLICE, bounds).scalars())


def events_astray(session: Session, number: int = 0, of: int = 1) -> list[int]:
    """Return the moments in which events’ tallies are not what their pledges add up to.

    Of one of so many parts of the events, by their ids.
    """
    first, last = _part(1, session.execute(LAST_EVENT).scalar_one(), number, of)
    return list(session.execute(EVENTS, {"first": first, "last": last}).scalars())


def slices_astray(session: Session) -> list[int]:
    """Return the moments in which areas and hours are not what their pledges add up to."""
    return list(session.execute(EVERY_SLICE).scalars())


def _part(lowest: int, highest: int, number: int, of: int) -> tuple[int, int]:
    """Return the first and last of one of the parts of a range."""
    size = highest - lowest + 1
    first, beyond = (lowest + size * each // of for each in (number, number + 1))
    return first, beyond - 1
