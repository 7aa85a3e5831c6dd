"""Move pledges when what they are for changes: paired entries, minus as they stood, plus as they count.

An event that is cancelled, hidden or returned counts nowhere; one that is postponed still does, for its
people are to come all the same; one that was merged into another counts as that one does. A trigger notes every change of an event that its people’s counting
hangs on, in the transaction of the change; the rollup then writes the entries, one second later at
most, and nobody else does; but who is held meanwhile is moved back with it (see `holding.py`).

It compares how pledges stand with where their events count now, whatever happened in between. It
passes over a pledge that has entries not yet folded: folding those makes it look again. So what it
compares is the whole truth, and an entry that takes people away is never folded before the one that
brought them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from webapp.events.life import LIVE
from webapp.pledges.folding import Entry, Standing
from webapp.pledges.locks import LOCK_ALONE
from webapp.pledges.models import ChangedEvent

# Changes of events, and pledges of changed events, that one step of the rollup takes on: few, for nobody’s
# pledge is counted before the step ends.
MOST_EVENTS = 25
MOST_PLEDGES = 5000
MERGED = "merged"


class Areas(NamedTuple):
    """Where something counts; an empty text where that is not known."""

    nation: str
    region_code: str
    authority_code: str


@dataclass(frozen=True, slots=True)
class Astray:
    """A pledge that stands in a moment with `party` people `before`, and is to count `counted` `now`.

    It stands at the event `stood_at`, and is to stand at `event_id`, which is `status`.
    """

    moment_id: int
    pledge: UUID
    participant: UUID
    stood_at: int
    event_id: int
    via: str | None
    status: str
    party: int
    counted: int
    before: Areas
    now: Areas

    def pair(self) -> list[tuple[int, int, Areas]]:
        """Return what to enter: how many people, of which event, and where; minus first."""
        before, now = (self.stood_at, self.before), (self.event_id, self.now)
        if self.party and self.counted and before != now:
            return [(-self.party, *before), (self.counted, *now)]
        change = self.counted - self.party
        return [(change, *(now if change > 0 else before))] if change else []

    @property
    def reason(self) -> str | None:
        """Why it is moved; None where the event only is somewhere else, or is on again."""
        if self.status not in LIVE:
            return self.status
        return MERGED if self.stood_at != self.event_id else None


# What was pledged, and changed since, less what was moved, is what a pledge is worth while its event
# counts; nothing that came before an entry that invalidates it is worth anything.
ASTRAY = text("""
    WITH wanted AS (
        SELECT pledge FROM pledge_standing WHERE event_id = ANY(CAST(:events AS bigint[]))
        UNION SELECT pledge FROM ledger_entry
            WHERE event_id = ANY(CAST(:events AS bigint[])) AND kind = 'pledged'
        UNION SELECT unnest(CAST(:pledges AS uuid[]))
    ), made AS (
        SELECT first.*, (
            SELECT coalesce(sum(party_change), 0) FROM ledger_entry AS own
            WHERE own.moment_id = first.moment_id AND own.pledge = first.pledge
                AND own.kind <> 'moved' AND own.xid < CAST(:upto AS xid8)
                AND own.id > coalesce((
                    SELECT max(id) FROM ledger_entry AS ended
                    WHERE ended.moment_id = first.moment_id AND ended.pledge = first.pledge
                        AND ended.kind = 'invalidated' AND ended.xid < CAST(:upto AS xid8)
                ), 0)
        ) AS worth
        FROM wanted JOIN ledger_entry AS first ON first.nonce = wanted.pledge
            AND first.moment_id = ANY(ARRAY(SELECT id FROM moment))
        WHERE first.event_id IS NOT NULL AND first.xid < CAST(:upto AS xid8)
    ), stands AS (
        SELECT moment.id AS moment_id, made.pledge, made.participant,
            coalesce(standing.event_id, event.id) AS stood_at, event.id AS event_id,
            made.via, event.status,
            coalesce(standing.party, 0) AS party,
            CASE WHEN event.status = ANY(CAST(:counting AS text[])) AND EXISTS (
                SELECT FROM event_moment
                WHERE event_moment.event_id = event.id AND event_moment.moment_id = moment.id
            ) THEN made.worth ELSE 0 END AS counted,
            ARRAY[coalesce(standing.nation, ''), coalesce(standing.region_code, ''),
                coalesce(standing.authority_code, '')]::text[] AS before,
            ARRAY[coalesce(event.nation, ''), coalesce(event.region_code, ''),
                coalesce(event.authority_code, '')]::text[] AS now
        FROM made JOIN event AS listed ON listed.id = made.event_id
        JOIN event ON event.id = coalesce(listed.merged_into_id, listed.id) CROSS JOIN moment
        LEFT JOIN pledge_standing AS standing
            ON standing.moment_id = moment.id AND standing.pledge = made.pledge
    )
    SELECT * FROM stands
    WHERE (party <> counted OR counted > 0 AND (before <> now OR stood_at <> event_id))
        AND NOT EXISTS (
            SELECT FROM ledger_entry AS late WHERE late.moment_id = stands.moment_id
                AND late.pledge = stands.pledge AND late.xid >= CAST(:upto AS xid8)
        )
    LIMIT :most
""")

# What ever took in another listing may have people who were that one’s.
COUNTED = text("""
    SELECT event.id, event.status = ANY(CAST(:counting AS text[])), EXISTS (
            SELECT FROM event_change
            WHERE event_change.event_id = event.id AND event_change.kind = 'took-in'
        ), coalesce(event.nation, ''),
        coalesce(event.region_code, ''), coalesce(event.authority_code, ''),
        ARRAY(SELECT moment_id FROM event_moment WHERE event_moment.event_id = event.id)
    FROM event WHERE event.id = ANY(CAST(:events AS bigint[]))
""")

ENTER = text("""
    INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id, via, reason,
        party_change, nation, region_code, authority_code)
    SELECT moment_id, gen_random_uuid(), 'moved', pledge, participant, event_id, via, reason,
        party_change, nullif(nation, ''), nullif(region_code, ''), nullif(authority_code, '')
    FROM unnest(CAST(:moment_ids AS bigint[]), CAST(:pledges AS uuid[]),
            CAST(:participants AS uuid[]), CAST(:event_ids AS bigint[]), CAST(:vias AS text[]),
            CAST(:reasons AS text[]), CAST(:changes AS smallint[]), CAST(:nations AS text[]),
            CAST(:region_codes AS text[]), CAST(:authority_codes AS text[]))
        WITH ORDINALITY AS entered (moment_id, pledge, participant, event_id, via, reason,
            party_change, nation, region_code, authority_code, number)
    ORDER BY number
""")


def move_pledges(
    session: Session, upto: str, entries: Iterable[Entry], standings: Iterable[Standing]
) -> bool:
    """Enter what has to be moved of pledges just folded and of events that changed.

    Return whether there may be more to fold or to move. For the rollup alone, which holds its lock and
    has folded all below `upto`.
    """
    late = _may_be_astray(session, entries, standings)
    changes = session.scalars(select(ChangedEvent).order_by(ChangedEvent.id).limit(MOST_EVENTS))
    changed = {each.id: each.event_id for each in changes}
    found = _astray(session, upto, pledges=late) if late else []
    more = _astray(session, upto, events=set(changed.values())) if changed else []
    if len(more) < MOST_PLEDGES:
        session.execute(delete(ChangedEvent).where(ChangedEvent.id.in_(changed)))
    found += more
    has_more = len(changed) == MOST_EVENTS
    if not found:
        return has_more
    # Nobody changes or withdraws these until the transaction ends; whoever just did is passed over.
    session.execute(LOCK_ALONE)
    certain = _astray(session, upto, pledges={each.pledge for each in found})
    _enter(session, certain)
    return has_more or bool(certain)


def _may_be_astray(
    session: Session, entries: Iterable[Entry], standings: Iterable[Standing]
) -> set[UUID]:
    """Return those pledges of entries that do not plainly count as they stand."""
    keys = {(each.moment_id, each.pledge) for each in entries if each.event_id is not None}
    stand = [each for each in standings if (each.moment_id, each.pledge) in keys]
    wanted = {"events": sorted({each.event_id for each in stand if each.event_id}), **_COUNTING}
    events = {
        event_id: (counts, took_in, Areas(*areas), moments)
        for event_id, counts, took_in, *areas, moments in session.execute(COUNTED, wanted)
    }
    return {each.pledge for each in stand if not _is_plain(each, *events[each.event_id])}


def _is_plain(
    standing: Standing, counts: bool, took_in: bool, areas: Areas, moments: list[int]
) -> bool:
    if took_in:
        return False
    if not counts:
        return not standing.party
    return moments == [standing.moment_id] and areas == Areas(*standing.slice[:3])


_COUNTING = {"counting": sorted(LIVE)}


def _astray(
    session: Session, upto: str, *, events: Iterable[int] = (), pledges: Iterable[UUID] = ()
) -> list[Astray]:
    given = {"events": list(events), "pledges": list(pledges), "upto": upto, **_COUNTING}
    most = MOST_PLEDGES if events else None
    found: Iterable[Any] = session.execute(ASTRAY, {**given, "most": most})
    return [_one(*row) for row in found]


def _one(*columns: Any) -> Astray:
    *begin, before, now = columns
    return Astray(*begin, Areas(*before), Areas(*now))  # type: ignore[call-arg]  # eleven in all


def _enter(session: Session, astray: Iterable[Astray]) -> None:
    entered = [(each, *part) for each in astray for part in each.pair()]
    columns = {
        "moment_ids": [each.moment_id for each, *_ in entered],
        "pledges": [each.pledge for each, *_ in entered],
        "participants": [each.participant for each, *_ in entered],
        "event_ids": [event_id for _, _, event_id, _ in entered],
        "vias": [each.via for each, *_ in entered],
        "reasons": [each.reason for each, *_ in entered],
        "changes": [change for _, change, _, _ in entered],
    }
    areas = {f"{name}s": [getattr(each[3], name) for each in entered] for name in Areas._fields}
    session.execute(ENTER, columns | areas)
