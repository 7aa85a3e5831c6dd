"""Which new pledges are held: they stay out of the number until they are released; none is refused.

The rollup decides, never the request. Of one address, event and hour the first 60 people count, and of
its network the first 240; what is beyond waits, and `plausible.py` looks at the shape of it. A pledge
whose trap was filled in waits in any case. See docs/decisions/0016-held-never-refused.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.pledges.folding import Entry, Standing
from webapp.pledges.locks import LOCK_ALONE
from webapp.pledges.sides import Signal
from webapp.pledges.tallies import upsert

FREE_HEADS = 60
FREE_HEADS_OF_NETWORK = 240

TRAP, ADDRESS, NETWORK = "trap", "address", "network"

# Whoever changes a pledge that is held holds what comes besides; such a change has a reason. What came
# through a group’s window is vouched for by its host, but not whom somebody adds to it afterwards.
#
# The planner knows little of how many entries a window has, and would read all sides of millions of
# pledges rather than look up a few: hence the OFFSET, which makes it look them up.
CASES = text("""
    SELECT entry.moment_id, coalesce(entry.event_id, 0),
        coalesce(entry.authority_code, entry.region_code, entry.nation, ''),
        date_trunc('hour', entry.recorded_at, 'UTC'),
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
    ORDER BY entry.id
""")

# What is held is at most what is in force by now, and stands where the pledge stands by now.
HOLD = text("""
    INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id, party_change,
        via, reason, authority_code, region_code, nation, place_id)
    SELECT latest.moment_id, wanted.nonce, 'held', latest.pledge, latest.participant,
        latest.event_id, -least(wanted.heads, stands.party), latest.via, wanted.reason,
        latest.authority_code, latest.region_code, latest.nation, latest.place_id
    FROM unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[]), CAST(:nonces AS uuid[]),
            CAST(:heads AS bigint[]), CAST(:reasons AS text[]))
        AS wanted (moment_id, pledge, nonce, heads, reason)
    CROSS JOIN LATERAL (
        SELECT sum(party_change) AS party FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
    ) AS stands
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
        ORDER BY id DESC LIMIT 1
    ) AS latest
    WHERE stands.party > 0
""")

KEY = {
    "bucket": "bytea", "moment_id": "bigint", "event_id": "bigint", "area": "text",
    "hour": "timestamptz",
}  # fmt: skip
FIGURES = {
    "pledges": "bigint", "heads": "bigint", "held": "bigint", "repeats": "bigint",
    "signs": "bigint", "minute": "timestamptz", "in_minute": "bigint", "busiest": "bigint",
}  # fmt: skip
COUNTS = text(f"""
    SELECT {", ".join(f"known.{name}" for name in KEY | FIGURES)} FROM bucket_count AS known
    JOIN unnest(CAST(:bucket AS bytea[]), CAST(:moment_id AS bigint[]), CAST(:event_id AS bigint[]),
            CAST(:area AS text[]), CAST(:hour AS timestamptz[]))
        AS wanted ({", ".join(KEY)}) USING ({", ".join(KEY)})
""")  # noqa: S608 -- of names that stand above


class Where(NamedTuple):
    """What pledges of one bucket are counted together: an event or an area at home, in one hour."""

    moment_id: int
    event_id: int
    area: str
    hour: datetime


class Case(NamedTuple):
    """An entry that adds people to a pledge, with where it came from."""

    where: Where
    pledge: UUID
    participant: UUID
    is_new: bool
    heads: int
    bucket: bytes | None
    wide_bucket: bytes | None
    signals: int
    minute: datetime


Key = tuple[bytes, Where]


@dataclass(frozen=True, slots=True)
class Count:
    """What came from one bucket to one place in one hour; `busiest` is its quickest minute."""

    pledges: int
    heads: int
    held: int
    repeats: int
    signs: int
    minute: datetime
    in_minute: int
    busiest: int

    def after(self, case: Case, *, is_held: bool, is_repeat: bool) -> "Count":
        """Return it with one more case."""
        in_minute = case.is_new + (self.in_minute if self.minute == case.minute else 0)
        return replace(
            self,
            pledges=self.pledges + case.is_new,
            heads=self.heads + case.heads,
            held=self.held + case.heads * is_held,
            repeats=self.repeats + (case.is_new and is_repeat),
            signs=self.signs + (case.is_new and case.signals > 0),
            minute=case.minute,
            in_minute=in_minute,
            busiest=max(self.busiest, in_minute),
        )


class Hold(NamedTuple):
    """How many of a pledge are held, and why."""

    moment_id: int
    pledge: UUID
    heads: int
    reason: str


def judge(
    cases: Iterable[Case], counts: dict[Key, Count], repeats: Mapping[tuple[int, UUID], int]
) -> list[Hold]:
    """Return what is to be held of new cases, in their order, and bring the counts up to date.

    `repeats` says how many pledges each participant of a moment has.
    """
    held: dict[tuple[int, UUID], Hold] = {}
    for case in cases:
        reason = _reason(case, counts)
        is_repeat = repeats.get((case.where.moment_id, case.participant), 1) > 1
        for bucket in (case.bucket, case.wide_bucket):
            if bucket is not None:
                key = bucket, case.where
                before = counts.get(key) or Count(0, 0, 0, 0, 0, case.minute, 0, 0)
                counts[key] = before.after(case, is_held=reason is not None, is_repeat=is_repeat)
        if reason is not None:
            pledge = case.where.moment_id, case.pledge
            before_held = held[pledge].heads if pledge in held else 0
            held[pledge] = Hold(*pledge, before_held + case.heads, reason)
    return list(held.values())


def _reason(case: Case, counts: Mapping[Key, Count]) -> str | None:
    if case.signals & Signal.TRAPPED:
        return TRAP
    limits = (
        (case.bucket, FREE_HEADS, ADDRESS),
        (case.wide_bucket, FREE_HEADS_OF_NETWORK, NETWORK),
    )
    for bucket, limit, reason in limits:
        known = counts.get((bucket, case.where)) if bucket is not None else None
        if bucket is not None and case.heads + (known.heads - known.held if known else 0) > limit:
            return reason
    return None


def hold_what_is_odd(
    session: Session,
    window: Mapping[str, Any],
    entries: Iterable[Entry],
    before: Iterable[Standing],
) -> bool:
    """Judge the entries of the rollup’s window; return whether any were held.

    What is held is an entry of its own, which the rollup’s next step folds.
    """
    cases = [_case(*row) for row in session.execute(CASES, window)]
    if not cases:
        return False
    counts = _counts(session, cases)
    holds = judge(cases, counts, _pledges_of_participants(entries, before))
    rows = [(bucket, *where, *_figures(count)) for (bucket, where), count in counts.items()]
    upsert(session, "bucket_count", KEY, FIGURES, rows)
    if holds:
        hold(session, holds)
    return bool(holds)


def hold(session: Session, holds: Sequence[Hold]) -> None:
    """Write that pledges are held, each once at most."""
    session.execute(LOCK_ALONE)
    session.execute(
        HOLD,
        {
            "moments": [each.moment_id for each in holds],
            "pledges": [each.pledge for each in holds],
            "nonces": [uuid4() for _ in holds],
            "heads": [each.heads for each in holds],
            "reasons": [each.reason for each in holds],
        },
    )


def _case(*columns: Any) -> Case:
    return Case(Where(*columns[:4]), *columns[4:])


def _counts(session: Session, cases: Iterable[Case]) -> dict[Key, Count]:
    keys = {
        (bucket, *case.where)
        for case in cases
        for bucket in (case.bucket, case.wide_bucket)
        if bucket is not None
    }
    wanted = {name: [key[number] for key in keys] for number, name in enumerate(KEY)}
    return {
        (bytes(row[0]), Where(*row[1:5])): Count(*row[5:])
        for row in session.execute(COUNTS, wanted)
    }


def _figures(count: Count) -> tuple[Any, ...]:
    return tuple(getattr(count, name) for name in FIGURES)


def _pledges_of_participants(
    entries: Iterable[Entry], before: Iterable[Standing]
) -> Counter[tuple[int, UUID]]:
    pledges = {(each.moment_id, each.participant, each.pledge) for each in entries}
    pledges.update((each.moment_id, each.participant, each.pledge) for each in before)
    return Counter((moment_id, participant) for moment_id, participant, _pledge in pledges)
