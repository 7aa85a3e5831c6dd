"""Let held pledges through whose shape is that of honest people; the rest waits for staff.

What came from one bucket in a day has a shape. A crowd is at one event: a school, a hall. A shared
address, such as a mobile carrier’s, has people in many areas. Neither has many pledges of one person,
large parties or signs of a program. Each may be imitated, so each is let through up to a bound.
See docs/decisions/0016-held-never-refused.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from webapp.events.models import EventStatus
from webapp.pledges.holding import ADDRESS, NETWORK
from webapp.pledges.nonces import Receipt
from webapp.pledges.releasing import release
from webapp.pledges.rollup import LOCK
from webapp.pledges.sides import AT_HOME, BucketCount, BucketSalt, PledgeSide

# Of a hundred pledges, how many may be of somebody who has pledged already, or odd in how they came.
MOST_ODD_PER_CENT = 10
LARGEST_MEAN_PARTY = 4
# A crowd: nearly all at one event, no quicker than a pledge a second, and so many people in a day.
CROWD_PER_CENT = 90
CROWD_PLEDGES_A_MINUTE = 60
CROWD_HEADS = 400
# A shared address: in so many areas, none of which has more than a third; so many people in an hour, or
# this share of all who pledged for the moment in that hour.
SHARED_AREAS = 8
SHARED_PER_CENT = 34
SHARED_HEADS = 600
SHARED_PART = 500
# How much more may be let through from a whole network, or to one event, than from one address.
NETWORK_TIMES = EVENT_TIMES = 3
# Pledges that one run releases.
MOST_PLEDGES = 2000
ERASED_AFTER = timedelta(days=7)
LOOKS_BACK = timedelta(days=2)

NO_BOUND = 2**31

PLAUSIBLE = "plausible"

# Held pledges without a sign of a program, by the bucket for which they are held.
HELD = text("""
    SELECT standing.moment_id, standing.pledge, standing.held, coalesce(standing.event_id, 0),
        coalesce(nullif(standing.authority_code, ''), nullif(standing.region_code, ''),
            standing.nation), standing.hour, side.bucket, side.wide_bucket, latest.reason
    FROM pledge_standing AS standing
    JOIN pledge_side AS side
        ON side.moment_id = standing.moment_id AND side.pledge = standing.pledge
    CROSS JOIN LATERAL (
        SELECT reason FROM ledger_entry AS entry
        WHERE entry.moment_id = standing.moment_id AND entry.pledge = standing.pledge
            AND kind = 'held' AND reason = ANY(:reasons)
        ORDER BY id DESC LIMIT 1
    ) AS latest
    LEFT JOIN event ON event.id = standing.event_id
    WHERE standing.held > 0 AND side.signals = 0 AND side.bucket IS NOT NULL
        AND standing.hour > :since
        AND (event.id IS NULL OR event.status = :published)
    ORDER BY standing.first_entry
""")

MOMENT_HOUR = text("""
    SELECT coalesce(sum(heads), 0) FROM slice_tally WHERE moment_id = :moment_id AND hour = :hour
""")

THROUGH_TO_EVENT = text("""
    SELECT coalesce(sum(entry.party_change), 0) FROM pledge_standing AS standing
    JOIN ledger_entry AS entry
        ON entry.moment_id = standing.moment_id AND entry.pledge = standing.pledge
    WHERE standing.moment_id = :moment_id AND standing.event_id = :event_id
        AND entry.kind = 'released' AND entry.reason = :reason
""")

NOTE = text("""
    UPDATE bucket_count SET released = released + :heads
    WHERE bucket IN (:bucket, :wide_bucket) AND moment_id = :moment_id AND event_id = :event_id AND area = :area
        AND hour = :hour
""")


@dataclass
class Shape:
    """What came from one bucket, in one moment, as far as it is remembered."""

    pledges: int = 0
    heads: int = 0
    odd: int = 0
    busiest: int = 0
    of_event: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    of_area: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, counts: Iterable[BucketCount]) -> "Shape":
        """Return the shape that counts have together."""
        shape = cls()
        for each in counts:
            shape.pledges += each.pledges
            shape.heads += each.heads
            shape.odd += each.repeats + each.signs
            shape.busiest = max(shape.busiest, each.busiest)
            shape.of_event[each.event_id] += each.heads
            if each.area:
                shape.of_area[each.area] += each.heads
        return shape

    @property
    def is_ordinary(self) -> bool:
        """Whether people pledge once each, in parties of a usual size, from a browser."""
        is_odd = self.odd * 100 > self.pledges * MOST_ODD_PER_CENT
        return not is_odd and self.heads <= LARGEST_MEAN_PARTY * self.pledges

    def is_crowd_at(self, event_id: int) -> bool:
        """Whether nearly all of it is one event’s, and came as quickly as people do."""
        return (
            event_id != AT_HOME
            and self.is_ordinary
            and self.busiest <= CROWD_PLEDGES_A_MINUTE
            and self.of_event[event_id] * 100 >= self.heads * CROWD_PER_CENT
        )

    @property
    def is_shared(self) -> bool:
        """Whether it is from many areas, none of which stands out."""
        largest = max(self.of_area.values(), default=0)
        return (
            self.is_ordinary
            and len(self.of_area) >= SHARED_AREAS
            and largest * 100 <= self.heads * SHARED_PER_CENT
        )


class Source(NamedTuple):
    """Where held pledges came from and what they are for; `reason` says which bucket was too full."""

    moment_id: int
    event_id: int
    area: str
    hour: datetime
    bucket: bytes
    wide_bucket: bytes
    reason: str


def release_what_is_plausible(session: Session, now: datetime) -> int:
    """Release held pledges whose bucket has the shape of honest people; return how many people.

    The rollup waits meanwhile. The caller commits.
    """
    session.execute(LOCK)
    given = {
        "since": now - LOOKS_BACK,
        "reasons": [ADDRESS, NETWORK],
        "published": EventStatus.PUBLISHED,
    }
    held: defaultdict[Source, list[tuple[UUID, int]]] = defaultdict(list)
    for moment_id, pledge, heads, *rest in session.execute(HELD, given):
        held[Source(moment_id, *rest)].append((pledge, heads))
    left, people = MOST_PLEDGES, 0
    for source, pledges in held.items():
        chosen = _fitting(pledges, _allowance(session, source))[:left]
        left -= len(chosen)
        people += _released(session, source, chosen)
    return people


def erase_sides(session: Session, now: datetime) -> None:
    """Erase what fairness knew of pledges more than a week ago, and the salts of those days."""
    before = now - ERASED_AFTER
    session.execute(delete(PledgeSide).where(PledgeSide.created_at < before))
    session.execute(delete(BucketSalt).where(BucketSalt.day < before.date()))
    session.execute(delete(BucketCount).where(BucketCount.hour < before))


def _allowance(session: Session, source: Source) -> int:
    """Return how many people may be let through from somewhere besides those that were."""
    narrow = _counts(session, source.bucket, source.moment_id)
    wide = _counts(session, source.wide_bucket, source.moment_id)
    shape = Shape.of(wide if source.reason == NETWORK else narrow)
    if shape.is_crowd_at(source.event_id):
        most, of_event = CROWD_HEADS, _left_of_event(session, source)
    elif shape.is_shared:
        most, of_event = _most_of_a_shared_address(session, source), NO_BOUND
        narrow, wide = ([x for x in each if x.hour == source.hour] for each in (narrow, wide))
    else:
        return 0
    through, through_network = (sum(x.released for x in each) for each in (narrow, wide))
    of_network = NETWORK_TIMES * most - through_network
    of_address = of_network if source.reason == NETWORK else most - through
    return min(of_network, of_address, of_event)


def _counts(session: Session, bucket: bytes, moment_id: int) -> list[BucketCount]:
    about = (BucketCount.bucket == bucket, BucketCount.moment_id == moment_id)
    fresh = select(BucketCount).where(*about).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def _left_of_event(session: Session, source: Source) -> int:
    about = {"moment_id": source.moment_id, "event_id": source.event_id, "reason": PLAUSIBLE}
    through = session.execute(THROUGH_TO_EVENT, about).scalar_one()
    return EVENT_TIMES * CROWD_HEADS - int(through)


def _most_of_a_shared_address(session: Session, source: Source) -> int:
    wanted = {"moment_id": source.moment_id, "hour": source.hour}
    heads: int = session.execute(MOMENT_HOUR, wanted).scalar_one()
    return max(SHARED_HEADS, int(heads) // SHARED_PART)


def _fitting(pledges: Iterable[tuple[UUID, int]], allowance: int) -> list[UUID]:
    chosen = []
    for pledge, heads in pledges:
        if heads <= allowance:
            chosen.append(pledge)
            allowance -= heads
    return chosen


def _released(session: Session, source: Source, pledges: Sequence[UUID]) -> int:
    if not pledges:
        return 0
    people = release(session, [Receipt(source.moment_id, each) for each in pledges], PLAUSIBLE)
    session.execute(NOTE, {"heads": people, **source._asdict()})
    return people
