"""What is held of new pledges: a decision on their sides and on what came from the same buckets before.

Pure, so that it is quick to test; `holding.py` reads what it needs and writes what it says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from webapp.pledges.sides import EVERYWHERE, Signal

# People of one address in a day: at one event, or at home in one area; and in all.
FREE_HEADS = 60
FREE_HEADS_IN_ALL = 240
# A network has so many times as many.
NETWORK_TIMES = 4
# At an event with few places, half of them; but no fewer than one party may have.
FEWEST_FREE_HEADS = 12
PLEDGES_OF_A_DEVICE = 12

TRAP, ORIGIN, DEVICE, ADDRESS, NETWORK = "trap", "origin", "device", "address", "network"


class Where(NamedTuple):
    """What pledges of one bucket are counted together for: an event or an area at home, on one day."""

    moment_id: int
    event_id: int
    area: str
    day: date

    @property
    def everywhere(self) -> "Where":
        """What all pledges of one bucket are counted together for."""
        return Where(self.moment_id, EVERYWHERE, "", self.day)


class Case(NamedTuple):
    """An entry that adds people to a pledge, with where it came from."""

    where: Where
    capacity: int | None
    pledge: UUID
    participant: UUID
    is_new: bool
    heads: int
    bucket: bytes | None
    wide_bucket: bytes | None
    signals: int
    minute: datetime

    @property
    def buckets(self) -> list[tuple[bytes, bool]]:
        """Its buckets, and which of them is that of a network."""
        both = (self.bucket, False), (self.wide_bucket, True)
        return [(bucket, is_wide) for bucket, is_wide in both if bucket is not None]

    @property
    def limits(self) -> list[tuple[Where, int]]:
        """How many people of one address are free where it counts."""
        here = FREE_HEADS
        if self.capacity is not None:
            here = min(here, max(FEWEST_FREE_HEADS, self.capacity // 2))
        return [(self.where, here), (self.where.everywhere, FREE_HEADS_IN_ALL)]


Key = tuple[bytes, Where]


@dataclass(slots=True)
class Count:
    """What came from one bucket to one place in one day; `busiest` is its quickest minute."""

    is_wide: bool
    pledges: int
    heads: int
    held: int
    repeats: int
    signs: int
    minute: datetime
    in_minute: int
    busiest: int
    released: int = 0
    allowed: int = 0

    @property
    def counted(self) -> int:
        """How many people of it are in the number, unless they withdrew or wait."""
        return self.heads - self.held + self.released

    def add(self, case: Case, *, is_held: bool, is_repeat: bool) -> None:
        """Add one more case."""
        self.pledges += case.is_new
        self.heads += case.heads
        self.held += case.heads * is_held
        self.repeats += case.is_new and is_repeat
        self.signs += case.is_new and case.signals > 0
        self.in_minute = case.is_new + (self.in_minute if self.minute == case.minute else 0)
        self.minute = case.minute
        self.busiest = max(self.busiest, self.in_minute)


class Hold(NamedTuple):
    """How many of a pledge are held, and why.

    Where it was judged, those who wait are among them, and are held once they are moved up.
    """

    moment_id: int
    pledge: UUID
    heads: int
    reason: str
    is_judged: bool = False


def judge(
    cases: Iterable[Case], counts: dict[Key, Count], repeats: Mapping[tuple[int, UUID], int]
) -> list[Hold]:
    """Return what is to be held of new cases, in their order, and bring the counts up to date.

    `repeats` says how many pledges each participant of a moment has.
    """
    held: dict[tuple[int, UUID], Hold] = {}
    for case in cases:
        pledges = repeats.get((case.where.moment_id, case.participant), 1)
        known = _known(case, counts)
        reason = _reason(case, known, pledges)
        for count, _limit in known:
            count.add(case, is_held=reason is not None, is_repeat=pledges > 1)
        if reason is not None:
            pledge = case.where.moment_id, case.pledge
            before = held[pledge].heads if pledge in held else 0
            held[pledge] = Hold(*pledge, before + case.heads, reason, is_judged=True)
    return list(held.values())


def _known(case: Case, counts: dict[Key, Count]) -> list[tuple[Count, int]]:
    """Return what came before of each bucket where a case counts, and how many people are free there."""
    known = []
    limits = case.limits
    for bucket, is_wide in case.buckets:
        for where, free in limits:
            key = bucket, where
            if key not in counts:
                counts[key] = Count(is_wide, 0, 0, 0, 0, 0, case.minute, 0, 0)
            known.append((counts[key], free * (NETWORK_TIMES if is_wide else 1)))
    return known


def _reason(case: Case, known: Iterable[tuple[Count, int]], pledges: int) -> str | None:
    if case.signals & Signal.TRAPPED:
        return TRAP
    if case.signals & Signal.FOREIGN:
        return ORIGIN
    if pledges > PLEDGES_OF_A_DEVICE:
        return DEVICE
    for count, limit in known:
        if count.counted + case.heads > max(limit, count.allowed):
            return NETWORK if count.is_wide else ADDRESS
    return None
