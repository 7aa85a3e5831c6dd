"""What people promised, kept as plainly as can be: to hold what the database makes of it against.

It knows the definitions and nothing of how they are computed. A pledge has people in force and people
held back; each transaction sees what was committed, and what it did itself.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID

from webapp.pledges.nonces import Nonce


class Figures(NamedTuple):
    """Pledges in force, their parties added up, people counted once, and heads held back."""

    pledges: int
    heads: int
    people: int
    held: int


@dataclass(frozen=True)
class Pledge:
    """One pledge; `ended` is how it stood before it was invalidated."""

    nonce: Nonce
    participant: UUID
    area: str
    first_party: int
    force: int
    held: int = 0
    ended: tuple[int, int] | None = None
    used: frozenset[UUID] = frozenset()

    @property
    def wanted(self) -> int:
        """How many people it is for, held or not."""
        return self.force + self.held

    def changed(self, party: int, nonce: UUID) -> "Pledge":
        """Return it for another number of people; of one that is held no more come into force."""
        if nonce in self.used or party == self.wanted:
            return self
        force = min(self.force, party) if self.held else party
        used = self.used | {nonce}
        return replace(self, force=force, held=party - force, used=used)

    def withdrawn(self, nonce: UUID) -> "Pledge":
        """Return it for nobody."""
        if nonce in self.used:
            return self
        return replace(self, force=0, held=0, used=self.used | {nonce})

    def all_held(self) -> "Pledge":
        """Return it with nobody in force."""
        return replace(self, force=0, held=self.wanted)

    def released(self) -> "Pledge":
        """Return it with nobody held."""
        return replace(self, force=self.wanted, held=0)

    def invalidated(self) -> "Pledge":
        """Return it taken out of the number, where it was in it."""
        if not self.wanted:
            return self
        return replace(self, force=0, held=0, ended=(self.force, self.held))

    def reinstated(self) -> "Pledge":
        """Return it as it stood before it was taken out."""
        if self.ended is None:
            return self
        return replace(self, force=self.ended[0], held=self.ended[1], ended=None)


@dataclass
class PlainLedger:
    """What was committed, and what each open transaction did besides."""

    # Of each event, the moments that it counts towards besides the one that people pledge for.
    further: dict[int | None, list[int]]
    committed: dict[UUID, Pledge] = field(default_factory=dict)
    open: defaultdict[int, dict[UUID, Pledge]] = field(default_factory=lambda: defaultdict(dict))

    def seen(self, link: int, key: UUID) -> Pledge | None:
        """Return a pledge as a transaction sees it; None where it does not."""
        return self.open[link].get(key) or self.committed.get(key)

    def write(self, link: int, pledge: Pledge) -> None:
        """Note what a transaction did."""
        self.open[link][pledge.nonce.key] = pledge

    def commit(self, link: int) -> None:
        """Let everybody see what a transaction did."""
        self.committed |= self.open.pop(link, {})

    def roll_back(self, link: int) -> None:
        """Forget what a transaction did."""
        self.open.pop(link, None)

    def moment(self, moment_id: int) -> Figures:
        """Return the figures of a moment."""
        return _figures(self._in(moment_id))

    def event(self, moment_id: int, event_id: int) -> Figures:
        """Return the figures of an event in a moment; its people depend on who counts where."""
        of_event = [each for each in self._in(moment_id) if each.nonce.event_id == event_id]
        return _figures(of_event)

    def heads_by_area(self, moment_id: int) -> Counter[str]:
        """Return how many people were promised in each area."""
        areas: Counter[str] = Counter()
        for each in self._in(moment_id):
            areas[each.area] += each.force
        return +areas

    def _in(self, moment_id: int) -> list[Pledge]:
        """Return the pledges that count towards a moment, as they do; what is held stays where it is."""
        found = []
        for each in self.committed.values():
            if each.nonce.moment_id == moment_id:
                found.append(each)
            elif moment_id in self.further[each.nonce.event_id]:
                found.append(replace(each, held=0))
        return found


def _figures(pledges: list[Pledge]) -> Figures:
    largest: dict[UUID, int] = defaultdict(int)
    for each in pledges:
        largest[each.participant] = max(largest[each.participant], each.force)
    return Figures(
        pledges=sum(each.force > 0 for each in pledges),
        heads=sum(each.force for each in pledges),
        people=sum(largest.values()),
        held=sum(each.held for each in pledges),
    )
