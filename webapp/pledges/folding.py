"""What new entries of the ledger make of the pledges they are about, and of the totals.

Pure: nothing here knows a database. The rollup gives it the entries of one window, in the order of
their ids, and the standing of every pledge of the participants they name; it gets back the standings
that have changed and what has to be added to each total.

Three figures, each exact by its definition: *pledges* in force, *heads* (their parties added up), and
*people*: a participant counts once, as the largest party that they have in force, with that pledge.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from webapp.pledges.models import EntryKind


class Slice(NamedTuple):
    """Where, when and through whom a pledge counts; an empty text where that is not known.

    `hour` is the beginning of the hour, in UTC, in which it was pledged.
    """

    nation: str
    region_code: str
    authority_code: str
    hour: datetime
    via: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger as it counts for one moment; `slot` begins its five minutes, in UTC."""

    id: int
    moment_id: int
    pledge: UUID
    participant: UUID
    kind: str
    event_id: int | None
    party_change: int
    slot: datetime
    slice: Slice


class Movement(NamedTuple):
    """What kind of entries moved a moment’s number: in which five minutes, and in which nation."""

    moment_id: int
    slot: datetime
    nation: str
    kind: str


@dataclass(slots=True)
class Moved:
    """How many entries of one movement there were, and what they changed."""

    entries: int = 0
    heads: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How one pledge stands in one moment: `party` in force, `held` back, `people` counted.

    `first_entry` is the id of the entry that made it, which settles who counts of two equal parties.
    """

    moment_id: int
    pledge: UUID
    participant: UUID
    first_entry: int
    event_id: int | None
    slice: Slice
    party: int = 0
    held: int = 0
    people: int = 0

    def after(self, entry: Entry) -> "Standing":
        """Return how it stands after one more entry."""
        held = held_after(self.held, entry.kind, entry.party_change)
        there = self
        if entry.kind == EntryKind.MOVED and entry.party_change > 0:
            # It keeps the hour and the partner that it came with.
            where = entry.slice._replace(hour=self.slice.hour, via=self.slice.via)
            there = replace(self, event_id=entry.event_id, slice=where)
        return replace(there, party=self.party + entry.party_change, held=held)


def held_after(held: int, kind: str, party_change: int) -> int:
    """Return how many of a pledge are held back after one more entry about it."""
    if kind in {EntryKind.HELD, EntryKind.RELEASED}:
        return held - party_change
    return 0 if kind == EntryKind.INVALIDATED else held


@dataclass(slots=True)
class Figures:
    """What has to be added to a total."""

    pledges: int = 0
    heads: int = 0
    people: int = 0
    held: int = 0

    def add(self, standing: Standing, sign: int) -> None:
        """Add what one pledge counts for, or take it away."""
        self.pledges += sign * (standing.party > 0)
        self.heads += sign * standing.party
        self.people += sign * standing.people
        self.held += sign * standing.held


def _figures() -> defaultdict[Any, Figures]:
    return defaultdict(Figures)


@dataclass
class Folded:
    """What a window of entries changes: standings as they are now, and totals by what to add."""

    standings: list[Standing]
    moments: dict[int, Figures] = field(default_factory=_figures)
    events: dict[tuple[int, int], Figures] = field(default_factory=_figures)  # event, moment
    slices: dict[tuple[int, Slice], Figures] = field(default_factory=_figures)  # moment, slice
    movements: dict[Movement, Moved] = field(default_factory=lambda: defaultdict(Moved))


def fold(entries: Sequence[Entry], before: Iterable[Standing]) -> Folded:
    """Return what the entries make of the standings; `before` has all of their participants."""
    old = {(each.moment_id, each.pledge): each for each in before}
    new = _counted_once(_applied(entries, old))
    folded = Folded([each for key, each in new.items() if old.get(key) != each])
    _add_differences(folded, old, new)
    _add_movements(folded, entries, old, new)
    return folded


def _add_movements(
    folded: Folded,
    entries: Iterable[Entry],
    old: Mapping[tuple[int, UUID], Standing],
    new: Mapping[tuple[int, UUID], Standing],
) -> None:
    """Add what the entries moved; a change in people is put down to the person’s latest entry."""
    latest: dict[tuple[int, UUID], Movement] = {}
    for each in entries:
        movement = Movement(each.moment_id, each.slot, each.slice.nation, each.kind)
        folded.movements[movement].entries += 1
        folded.movements[movement].heads += each.party_change
        latest[each.moment_id, each.participant] = movement
    for standings, sign in ((old, -1), (new, 1)):
        for standing in standings.values():
            person = standing.moment_id, standing.participant
            folded.movements[latest[person]].people += sign * standing.people


def _applied(
    entries: Iterable[Entry], old: Mapping[tuple[int, UUID], Standing]
) -> dict[tuple[int, UUID], Standing]:
    new = dict(old)
    for entry in entries:
        key = entry.moment_id, entry.pledge
        standing = new.get(key) or Standing(
            entry.moment_id, entry.pledge, entry.participant, entry.id, entry.event_id, entry.slice
        )
        new[key] = standing.after(entry)
    return new


def _counted_once(
    standings: Mapping[tuple[int, UUID], Standing],
) -> dict[tuple[int, UUID], Standing]:
    largest: dict[tuple[int, UUID], Standing] = {}
    for each in standings.values():
        person = each.moment_id, each.participant
        best = largest.get(person)
        if best is None or (-each.party, each.first_entry) < (-best.party, best.first_entry):
            largest[person] = each
    return {
        key: replace(
            each,
            people=each.party if largest[each.moment_id, each.participant] is each else 0,
        )
        for key, each in standings.items()
    }


def _add_differences(
    folded: Folded,
    old: Mapping[tuple[int, UUID], Standing],
    new: Mapping[tuple[int, UUID], Standing],
) -> None:
    for standings, sign in ((old, -1), (new, 1)):
        for each in standings.values():
            folded.moments[each.moment_id].add(each, sign)
            folded.slices[each.moment_id, each.slice].add(each, sign)
            if each.event_id is not None:
                folded.events[each.event_id, each.moment_id].add(each, sign)
