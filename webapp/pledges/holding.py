"""Which new pledges are held: they stay out of the number until they are released; none is refused.

The rollup decides, never the request. Of one address the first 60 people of a day count at one event, and
the first 240 in all, and of its network four times as many; what is beyond waits, and `plausible.py`
looks at the shape of it. What a program or another site sent waits in any case, and so does all beyond
twelve pledges of one device. See docs/decisions/0016-held-never-refused.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.pledges.arrays import arrays, unnest
from webapp.pledges.folding import Entry, Standing
from webapp.pledges.judging import Case, Count, Hold, Key, Where, judge
from webapp.pledges.locks import LOCK_ALONE
from webapp.pledges.models import EntryKind
from webapp.pledges.tallies import upsert

# Whoever changes a pledge that is held holds what comes besides; such a change has a reason. What came
# through a group’s window is vouched for by its host, but not whom somebody adds to it afterwards; and a
# mailbox vouches for whoever has confirmed an address.
#
# The planner knows little of how many entries a window has, and would read all sides of millions of
# pledges rather than look up a few: hence the OFFSET, which makes it look them up.
CASES = text("""
    SELECT entry.moment_id, coalesce(entry.event_id, 0),
        CASE WHEN entry.event_id IS NOT NULL THEN coalesce(entry.authority_code, '')
            ELSE coalesce(entry.authority_code, entry.region_code, entry.nation, '') END,
        (entry.recorded_at AT TIME ZONE 'UTC')::date,
        (SELECT capacity FROM event WHERE event.id = entry.event_id),
        entry.pledge, entry.participant, entry.kind = 'pledged', entry.party_change,
        side.bucket, side.wide_bucket, side.signals,
        date_trunc('minute', entry.recorded_at, 'UTC')
    FROM ledger_entry AS entry
    CROSS JOIN LATERAL (
        SELECT * FROM pledge_side
        WHERE pledge_side.moment_id = entry.moment_id AND pledge_side.pledge = entry.pledge
        OFFSET 0
    ) AS side
    WHERE entry.xid >= CAST(:since AS xid8) AND entry.xid < CAST(:upto AS xid8)
        AND entry.kind IN ('pledged', 'changed') AND entry.party_change > 0
        AND entry.reason IS NULL AND (side.group_window_id IS NULL OR entry.kind = 'changed')
        AND (
            SELECT confirmed_at FROM pledge_contact AS contact
            WHERE contact.moment_id = entry.moment_id AND contact.pledge = entry.pledge
        ) IS NULL
    ORDER BY entry.id
""")

# What is held is at most what is in force by now, and stands where the pledge stands by now. Of whom a
# judgement finds waiting, nobody is held yet: an entry of nobody says that they will be. Whose event is
# off has been moved out of the number: they are moved back first, so that nobody is taken out twice, and
# nobody comes back who is held by then.
HOLD = text("""
    INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id, party_change,
        via, reason, authority_code, region_code, nation, place_id)
    SELECT latest.moment_id, gen_random_uuid(), step.kind, latest.pledge, latest.participant,
        latest.event_id, step.change, latest.via, wanted.reason,
        latest.authority_code, latest.region_code, latest.nation, latest.place_id
    FROM unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[]), CAST(:heads AS bigint[]),
            CAST(:reasons AS text[]), CAST(:are_judged AS boolean[]))
        WITH ORDINALITY AS wanted (moment_id, pledge, heads, reason, is_judged, number)
    CROSS JOIN LATERAL (
        SELECT coalesce(max(id), 0) AS id FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
            AND kind = 'invalidated'
    ) AS ended
    CROSS JOIN LATERAL (
        SELECT sum(party_change) AS party,
            coalesce(sum(party_change) FILTER (
                WHERE kind <> 'moved' AND entry.id > ended.id), 0) AS own,
            coalesce(-sum(party_change) FILTER (
                WHERE kind = 'waiting' AND entry.id > ended.id), 0) AS waiting
        FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
    ) AS stands
    CROSS JOIN LATERAL (
        SELECT CASE WHEN wanted.is_judged THEN stands.waiting ELSE 0 END AS people
    ) AS waits
    CROSS JOIN LATERAL (
        SELECT greatest(0, least(wanted.heads - waits.people, stands.own)) AS people
    ) AS kept
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
        ORDER BY id DESC LIMIT 1
    ) AS latest
    CROSS JOIN LATERAL (
        VALUES (1, 'moved', kept.people - stands.party), (2, 'held', -kept.people)
    ) AS step (number, kind, change)
    WHERE (stands.own > 0 OR waits.people > 0) AND (step.kind = 'held' OR step.change > 0)
    ORDER BY wanted.number, step.number
""")

# Who is moved up of a pledge that was held last, or was to be: whatever became of its side meanwhile.
MOVED_UP = text("""
    SELECT entry.moment_id, entry.pledge, sum(entry.party_change), latest.reason
    FROM ledger_entry AS entry
    CROSS JOIN LATERAL (
        SELECT known.kind, known.reason FROM ledger_entry AS known
        WHERE known.moment_id = entry.moment_id AND known.pledge = entry.pledge
            AND known.kind IN ('held', 'released')
        ORDER BY known.id DESC LIMIT 1
    ) AS latest
    WHERE entry.xid >= CAST(:since AS xid8) AND entry.xid < CAST(:upto AS xid8)
        AND entry.kind = 'waiting' AND entry.reason = 'moved-up' AND latest.kind = 'held'
        AND (
            SELECT confirmed_at FROM pledge_contact AS contact
            WHERE contact.moment_id = entry.moment_id AND contact.pledge = entry.pledge
        ) IS NULL
    GROUP BY entry.moment_id, entry.pledge, latest.reason
""")

KEY = {
    "bucket": "bytea", "moment_id": "bigint", "event_id": "bigint", "area": "text", "day": "date",
}  # fmt: skip
FIGURES = {
    "is_wide": "boolean", "pledges": "bigint", "heads": "bigint", "held": "bigint",
    "repeats": "bigint", "signs": "bigint", "minute": "timestamptz", "in_minute": "bigint",
    "busiest": "bigint",
}  # fmt: skip
_figures = attrgetter(*FIGURES)
# What else a count knows, which is not ours to write.
LET_THROUGH = ("released", "allowed")
COUNTS = text(f"""
    SELECT {", ".join(f"known.{name}" for name in (*KEY, *FIGURES, *LET_THROUGH))}
    FROM bucket_count AS known
    JOIN {unnest(KEY)} AS wanted ({", ".join(KEY)}) USING ({", ".join(KEY)})
""")  # noqa: S608 -- of names that stand above


def hold_what_is_odd(
    session: Session,
    window: Mapping[str, Any],
    entries: Iterable[Entry],
    before: Iterable[Standing],
) -> bool:
    """Judge the entries of the rollup’s window; return whether any were held.

    What is held is an entry of its own, which the rollup’s next step folds.
    """
    entries = list(entries)
    moved_up = _moved_up(session, window, entries)
    if moved_up:
        hold(session, moved_up)
    judged = _judged(session, window, entries, before)
    if judged:
        hold(session, judged)
    return bool(moved_up or judged)


def _moved_up(session: Session, window: Mapping[str, Any], entries: Iterable[Entry]) -> list[Hold]:
    if not any(each.kind == EntryKind.WAITING and each.party_change > 0 for each in entries):
        return []
    return [Hold(*row) for row in session.execute(MOVED_UP, window)]


def _judged(
    session: Session,
    window: Mapping[str, Any],
    entries: Iterable[Entry],
    before: Iterable[Standing],
) -> list[Hold]:
    cases = [_case(*row) for row in session.execute(CASES, window)]
    if not cases:
        return []
    counts = _counts(session, cases)
    holds = judge(cases, counts, _pledges_of_participants(entries, before))
    rows = [(bucket, *where, *_figures(count)) for (bucket, where), count in counts.items()]
    upsert(session, "bucket_count", KEY, FIGURES, rows)
    return holds


def hold(session: Session, holds: Sequence[Hold]) -> None:
    """Write that pledges are held, each once at most."""
    session.execute(LOCK_ALONE)
    session.execute(
        HOLD,
        {
            "moments": [each.moment_id for each in holds],
            "pledges": [each.pledge for each in holds],
            "heads": [each.heads for each in holds],
            "reasons": [each.reason for each in holds],
            "are_judged": [each.is_judged for each in holds],
        },
    )


def _case(*columns: Any) -> Case:
    return Case(Where(*columns[:4]), *columns[4:])


def _counts(session: Session, cases: Iterable[Case]) -> dict[Key, Count]:
    keys = {
        (bucket, *where)
        for case in cases
        for bucket, _is_wide in case.buckets
        for where, _free in case.limits
    }
    found = session.execute(COUNTS, arrays(KEY, list(keys)))
    return {(bytes(row[0]), Where(*row[1:5])): Count(*row[5:]) for row in found}


def _pledges_of_participants(
    entries: Iterable[Entry], before: Iterable[Standing]
) -> Counter[tuple[int, UUID]]:
    pledges = {(each.moment_id, each.participant, each.pledge) for each in entries}
    pledges.update((each.moment_id, each.participant, each.pledge) for each in before)
    return Counter((moment_id, participant) for moment_id, participant, _pledge in pledges)
