"""Let held pledges through that have the shape of honest people’s, up to a bound; the rest waits for staff.

Each shape may be imitated, so the bound is what a patient program gets as well.
See docs/decisions/0016-held-never-refused.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, text, tuple_
from sqlalchemy.orm import Session

from webapp.events.models import EventStatus
from webapp.pledges.judging import ADDRESS, NETWORK
from webapp.pledges.nonces import Receipt
from webapp.pledges.releasing import release
from webapp.pledges.rollup import LOCK
from webapp.pledges.shapes import Shape
from webapp.pledges.sides import EVERYWHERE, BucketCount, BucketSalt

# People of a crowd who are let through in a day; to one event, of three crowds.
CROWD_HEADS, CROWDS_OF_EVENT = 300, 3
# People of a shared address who count in a day, or this part of all who pledged for the moment that day; of
# a whole network, ten times as many.
SHARED_HEADS, SHARED_PART, SHARED_TIMES = 1000, 500, 10
# Pledges that one run releases.
MOST_PLEDGES = 5000
ERASED_AFTER = timedelta(days=7)
LOOKS_BACK = timedelta(days=2)

MOST_ERASED = 20_000

PLAUSIBLE = "plausible"

ERASE = tuple(
    text(f"""
        DELETE FROM {table} WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM {table} WHERE {is_old} LIMIT :most
        )) RETURNING 1
    """)  # noqa: S608 -- of names that stand here
    for table, is_old in (("pledge_side", "created_at < :before"), ("bucket_count", "day <= :day"))
)

# Of one place and day, those held without a sign of a program because there were so many.
HELD = text("""
    SELECT standing.pledge, standing.held, side.wide_bucket
    FROM pledge_standing AS standing
    JOIN pledge_side AS side
        ON side.moment_id = standing.moment_id AND side.pledge = standing.pledge
    CROSS JOIN LATERAL (
        SELECT reason FROM ledger_entry AS entry
        WHERE entry.moment_id = standing.moment_id AND entry.pledge = standing.pledge
            AND kind = 'held' AND reason <> 'held-before'
        ORDER BY id DESC LIMIT 1
    ) AS latest
    LEFT JOIN event ON event.id = standing.event_id
    WHERE standing.held > 0 AND standing.moment_id = :moment_id AND side.signals = 0
        AND coalesce(standing.event_id, 0) = :event_id
        AND CASE WHEN standing.event_id IS NOT NULL THEN standing.authority_code
            ELSE coalesce(nullif(standing.authority_code, ''), nullif(standing.region_code, ''),
                standing.nation) END = :area
        AND (standing.hour AT TIME ZONE 'UTC')::date = :day
        AND CASE WHEN :is_wide THEN side.wide_bucket ELSE side.bucket END = :bucket
        AND latest.reason = :reason AND (event.id IS NULL OR event.status = :published)
    ORDER BY standing.first_entry LIMIT :most
""")

PEOPLE_OF_DAY = text("""
    SELECT coalesce(sum(heads), 0) FROM slice_tally
    WHERE moment_id = :moment_id AND (hour AT TIME ZONE 'UTC')::date = :day
""")

THROUGH_TO_EVENT = text("""
    SELECT coalesce(sum(released), 0) FROM bucket_count
    WHERE moment_id = :moment_id AND event_id = :event_id AND day = :day AND is_wide
""")

NOTE = text("""
    UPDATE bucket_count SET released = released + :people
    WHERE bucket IN (:bucket, :wide_bucket) AND moment_id = :moment_id AND day = :day
        AND (event_id = :event_id AND area = :area OR event_id = :everywhere)
""")


class Place(NamedTuple):
    """Where people of one bucket are held: at an event, or at home in an area, on one day."""

    bucket: bytes
    is_wide: bool
    moment_id: int
    event_id: int
    area: str
    day: date


class Held(NamedTuple):
    """A pledge that is held."""

    pledge: UUID
    people: int
    wide_bucket: bytes


def release_what_is_plausible(session: Session, now: datetime) -> int:
    """Release held pledges whose bucket has the shape of honest people; return how many people.

    The rollup waits meanwhile. The caller commits.
    """
    session.execute(LOCK)
    left, people = MOST_PLEDGES, 0
    for counts in _counts_of_those_held(session, now):
        shape = Shape.of(counts)
        _allow(session, counts, shape)
        for each in counts:
            place = _place(each)
            if each.held > each.released and (_is_crowd(place, shape) or shape.is_shared):
                held = _held(session, place, left)
                chosen = _fitting(held, _allowance(session, place, shape, held))
                left -= len(chosen)
                people += _released(session, place, chosen)
    return people


def throw_salts_away(session: Session, now: datetime) -> None:
    """Throw the salts of a week ago away, without which no bucket is anybody’s."""
    session.execute(delete(BucketSalt).where(BucketSalt.day <= _erased_before(now).date()))


def erase_some(session: Session, now: datetime) -> bool:
    """Erase some of what fairness knew of pledges a week ago; return whether there may be more.

    After a large day there are millions, more than one statement may take.
    """
    before = _erased_before(now)
    given = {"before": before, "day": before.date(), "most": MOST_ERASED}
    erased = [len(session.execute(each, given).all()) for each in ERASE]
    return max(erased) == MOST_ERASED


def _erased_before(now: datetime) -> datetime:
    return now - ERASED_AFTER


def _counts_of_those_held(session: Session, now: datetime) -> Iterable[list[BucketCount]]:
    """Return all counts of each bucket and moment of which something is held."""
    about = BucketCount.bucket, BucketCount.moment_id, BucketCount.day
    held = select(*about).where(
        BucketCount.held > BucketCount.released,
        BucketCount.event_id == EVERYWHERE,
        BucketCount.day >= (now - LOOKS_BACK).date(),
    )
    # The narrow buckets first: what is let through of an address is let through of its network.
    found = (
        select(BucketCount).where(tuple_(*about).in_(held)).order_by(BucketCount.is_wide, *about)
    )
    groups: defaultdict[tuple[bytes, int, date], list[BucketCount]] = defaultdict(list)
    for each in session.scalars(found.execution_options(populate_existing=True)):
        groups[each.bucket, each.moment_id, each.day].append(each)
    return groups.values()


def _place(count: BucketCount) -> Place:
    return Place(*(getattr(count, name) for name in Place._fields))


def _allow(session: Session, counts: Sequence[BucketCount], shape: Shape) -> None:
    """Let a shared address count on without being held first, as long as it looks like one."""
    for each in counts:
        if each.event_id == EVERYWHERE:
            each.allowed = _most_of_shared(session, _place(each)) if shape.is_shared else 0


def _held(session: Session, place: Place, most: int) -> list[Held]:
    given = {
        **place._asdict(),
        "reason": NETWORK if place.is_wide else ADDRESS,
        "published": EventStatus.PUBLISHED,
        "most": most,
    }
    return [Held(*row) for row in session.execute(HELD, given)]


def _allowance(session: Session, place: Place, shape: Shape, held: Sequence[Held]) -> int:
    """Return how many people may be let through from somewhere besides those that were."""
    if not held:
        return 0
    if _is_crowd(place, shape):
        through = int(session.execute(THROUGH_TO_EVENT, place._asdict()).scalar_one())
        of_event = CROWD_HEADS * CROWDS_OF_EVENT - through
        return min(of_event, CROWD_HEADS - _count(session, place).released)
    of_network = place._replace(bucket=held[0].wide_bucket, is_wide=True)
    all_of_it = {each._replace(event_id=EVERYWHERE, area="") for each in (place, of_network)}
    return min(_most_of_shared(session, each) - _count(session, each).counted for each in all_of_it)


def _is_crowd(place: Place, shape: Shape) -> bool:
    """Tell whether one address is that of a crowd; a network has several, and is none."""
    return not place.is_wide and shape.is_crowd_at(place.event_id)


def _most_of_shared(session: Session, place: Place) -> int:
    people = int(session.execute(PEOPLE_OF_DAY, place._asdict()).scalar_one())
    return max(SHARED_HEADS, people // SHARED_PART) * (SHARED_TIMES if place.is_wide else 1)


def _count(session: Session, place: Place) -> BucketCount:
    key = (place.bucket, place.moment_id, place.event_id, place.area, place.day)
    return session.get_one(BucketCount, key, populate_existing=True)


def _fitting(held: Iterable[Held], allowance: int) -> list[Held]:
    chosen = []
    for each in held:
        if each.people <= allowance:
            chosen.append(each)
            allowance -= each.people
    return chosen


def _released(session: Session, place: Place, chosen: Sequence[Held]) -> int:
    if not chosen:
        return 0
    people = release(session, [Receipt(place.moment_id, each.pledge) for each in chosen], PLAUSIBLE)
    # All of an address are of one network; of a network’s, their addresses are not told apart.
    noted = {"people": people, "wide_bucket": chosen[0].wide_bucket, "everywhere": EVERYWHERE}
    session.execute(NOTE, {**place._asdict(), **noted})
    return people
