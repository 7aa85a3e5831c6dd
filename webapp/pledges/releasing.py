"""Let held pledges into the number, take pledges out of it for good, and undo that: many at once.

Each is an entry of its own with its reason, a short code of small letters and hyphens, such as
`plausible`, `address-confirmed` or `staff-42`; what somebody wrote about it belongs beside the ledger.
None of them commits.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.pledges.locks import LOCK_ALONE
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import Places

# Whoever made a pledge has confirmed an address.
CONFIRMED = "address-confirmed"

# How pledges stand since they were last taken out, or stood before that: `party` in force, `held` and
# `waiting` besides; `wanted` is all of them, whether or not their event is on.
_STANDS = """
    WITH wanted AS (
        SELECT DISTINCT * FROM unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[]))
            AS wanted (moment_id, pledge)
    ), marked AS (
        SELECT entry.*, count(*) FILTER (WHERE kind = 'invalidated') OVER (
            PARTITION BY entry.moment_id, entry.pledge ORDER BY entry.id DESC
        ) AS ends
        FROM wanted JOIN ledger_entry AS entry USING (moment_id, pledge)
    ), stands AS (
        SELECT moment_id, pledge, sum(party_change) AS party,
            coalesce(-sum(party_change) FILTER (WHERE kind IN ('held', 'released')), 0) AS held,
            coalesce(-sum(party_change) FILTER (WHERE kind = 'waiting'), 0) AS waiting,
            coalesce(sum(party_change) FILTER (
                WHERE kind IN ('pledged', 'changed', 'withdrawn')), 0) AS wanted
        FROM marked WHERE kind <> 'invalidated' AND ends = {ends} GROUP BY moment_id, pledge
    ), latest AS (
        SELECT DISTINCT ON (moment_id, pledge) * FROM marked ORDER BY moment_id, pledge, id DESC
    )
"""

_WRITE = """
    INSERT INTO ledger_entry (moment_id, nonce, kind, pledge, participant, event_id, party_change,
        via, reason, authority_code, region_code, nation, place_id)
    SELECT moment_id, gen_random_uuid(), step.kind, pledge, participant, event_id, step.change, via,
        :reason, authority_code, region_code, nation, place_id
    FROM stands JOIN latest USING (moment_id, pledge)
    CROSS JOIN LATERAL (VALUES {steps}) AS step (number, kind, change)
    WHERE {condition}
    ORDER BY moment_id, pledge, step.number
    RETURNING moment_id, pledge, event_id, kind, party_change
"""


def _write(ends: int, condition: str, *steps: str) -> TextClause:
    rows = ", ".join(f"({number}, {each})" for number, each in enumerate(steps))
    return text(_STANDS.format(ends=ends) + _WRITE.format(steps=rows, condition=condition))


RELEASE = _write(0, "held > 0", "'released', held")
INVALIDATE = _write(0, "wanted > 0", "'invalidated', -greatest(party, 0)")
# They come back as they stood: those held are held again, and those who waited wait. A change is of at
# most 11 people.
REINSTATE = _write(
    1,
    "latest.kind = 'invalidated' AND wanted > 0 AND step.change <> 0",
    "'changed', least(wanted, 11)",
    "'changed', greatest(wanted - 11, 0)",
    "'waiting', -waiting",
    "'held', -held",
)
WORTH = text(f"""{_STANDS.format(ends=1)}
    SELECT moment_id, pledge, wanted - waiting FROM stands JOIN latest USING (moment_id, pledge)
    WHERE latest.kind = 'invalidated' AND latest.event_id = :event_id ORDER BY latest.id
""")  # noqa: S608 -- of a text that stands above
EVENTS = text("""
    SELECT DISTINCT event_id
    FROM unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[])) AS wanted (moment_id, pledge)
    JOIN ledger_entry USING (moment_id, pledge) WHERE event_id IS NOT NULL
""")


def release(session: Session, receipts: Iterable[Receipt], reason: str) -> int:
    """Release pledges that are held, whatever holds them; return how many people."""
    session.execute(LOCK_ALONE)
    rows = session.execute(RELEASE, {**_given(receipts), "reason": reason})
    return sum(row.party_change for row in rows)


def invalidate(session: Session, receipts: Iterable[Receipt], reason: str) -> int:
    """Take pledges out of the number, held or not; return how many. Whoever waits may get their places.

    Their receipts say that they are not counted any more.
    """
    session.execute(LOCK_ALONE)
    rows = session.execute(INVALIDATE, {**_given(receipts), "reason": reason}).all()
    for places in _places(session, {row.event_id for row in rows if row.event_id}):
        places.move_up(session)
    return len(rows)


def reinstate(session: Session, receipts: Iterable[Receipt], reason: str) -> int:
    """Undo `invalidate`: bring pledges back as they stood; return how many.

    Those stay out whose places others have by now.
    """
    receipts = list(receipts)
    session.execute(LOCK_ALONE)
    without_room = _without_room(session, receipts)
    back = [each for each in receipts if each not in without_room]
    rows = session.execute(REINSTATE, {**_given(back), "reason": reason})
    return len({(row.moment_id, row.pledge) for row in rows})


def _without_room(session: Session, receipts: Sequence[Receipt]) -> set[Receipt]:
    about = _given(receipts)
    found = session.execute(EVENTS, about)
    left_out = set()
    for places in _places(session, set(found.scalars())):
        room = places.move_up(session)
        for moment_id, pledge, people in session.execute(
            WORTH, {**about, "event_id": places.event_id}
        ):
            if people > room:
                left_out.add(Receipt(moment_id, pledge))
            else:
                room -= people
    return left_out


def _places(session: Session, event_ids: set[int]) -> list[Places]:
    """Lock the places of those events that have only so many, always in the same order."""
    session.flush()
    limited = select(Event.id).where(Event.id.in_(event_ids), Event.capacity.is_not(None))
    locked = [Places.locked(session, each) for each in session.scalars(limited.order_by(Event.id))]
    return [each for each in locked if each is not None]


def _given(receipts: Iterable[Receipt]) -> dict[str, list[object]]:
    receipts = list(receipts)
    return {
        "moments": [each.moment_id for each in receipts],
        "pledges": [each.key for each in receipts],
    }
