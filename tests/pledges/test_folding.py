"""What entries make of the totals: always the sum of the ledger, never negative, people once."""

from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from webapp.pledges.folding import Entry, Figures, Slice, Standing, fold
from webapp.pledges.models import EntryKind
from webapp.pledges.moving import Areas, Astray

HOUR = datetime(2027, 6, 5, 12, tzinfo=UTC)
AREAS = ("E08000005", "S12000033", "")
EVENTS = (None, 7, 8)
MOMENT = 1


def key(number: int) -> UUID:
    return UUID(int=number)


def slice_of(area: str, hour: int = 12) -> Slice:
    return Slice("", "", area, HOUR.replace(hour=hour), "")


class Ledger:
    """A ledger made by people who do what they like, in whatever order, and one fold after another."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.standings: dict[tuple[int, UUID], Standing] = {}
        self.totals: dict[object, Figures] = defaultdict(Figures)
        self.folded = self.moved = 0

    def add(self, kind: EntryKind, pledge: int, change: int, **more: object) -> None:
        first = next((each for each in self.entries if each.pledge == key(pledge)), None)
        values = {
            "participant": first.participant if first else key(pledge),
            "event_id": self.latest(pledge).event_id if first else None,
            "slice": self.latest(pledge).slice if first else slice_of(""),
        } | more
        entry = Entry(
            id=len(self.entries) + 1, moment_id=MOMENT, pledge=key(pledge), kind=kind, slot=HOUR,
            party_change=change, **values,  # type: ignore[arg-type]  # a table of mixed values
        )  # fmt: skip
        self.entries.append(entry)

    def latest(self, pledge: int) -> Entry:
        return [each for each in self.entries if each.pledge == key(pledge)][-1]

    def in_force(self, pledge: int) -> int:
        return sum(each.party_change for each in self.entries if each.pledge == key(pledge))

    def held(self, pledge: int) -> int:
        held = 0
        for each in self.entries:
            if each.pledge == key(pledge) and each.kind in {EntryKind.HELD, EntryKind.RELEASED}:
                held -= each.party_change
            elif each.pledge == key(pledge) and each.kind == EntryKind.INVALIDATED:
                held = 0
        return held

    def fold(self) -> None:
        new = self.entries[self.folded :]
        people = {each.participant for each in new}
        folded = fold(new, [s for s in self.standings.values() if s.participant in people])
        self.folded = len(self.entries)
        self.standings |= {(each.moment_id, each.pledge): each for each in folded.standings}
        self.moved += sum(each.people for each in folded.movements.values())
        for totals in (folded.moments, folded.events, folded.slices):
            for name, figures in totals.items():
                mine = self.totals[name]
                mine.pledges += figures.pledges
                mine.heads += figures.heads
                mine.people += figures.people
                mine.held += figures.held

    def pledges(self) -> set[int]:
        return {each.pledge.int for each in self.entries}

    def people(self) -> int:
        largest: dict[UUID, int] = defaultdict(int)
        for pledge in self.pledges():
            person = self.latest(pledge).participant
            largest[person] = max(largest[person], self.in_force(pledge))
        return sum(largest.values())


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*EntryKind, "fold"]),
        st.integers(1, 6),  # which pledge
        st.integers(1, 12),  # how many
        st.integers(1, 3),  # whose
        st.sampled_from(EVENTS),
        st.sampled_from(AREAS),
    ),
    max_size=60,
)


def take_step(ledger: Ledger, kind: str, pledge: int, party: int, **more: object) -> None:
    """Do what somebody wants, where it makes sense as things are."""
    known, now = pledge in ledger.pledges(), ledger.in_force(pledge)
    if kind == EntryKind.PLEDGED and not known:
        ledger.add(EntryKind.PLEDGED, pledge, party, **more)
    elif kind == EntryKind.CHANGED and now and now != party:
        ledger.add(EntryKind.CHANGED, pledge, party - now)
    elif kind in {EntryKind.WITHDRAWN, EntryKind.HELD} and now:
        ledger.add(EntryKind(kind), pledge, -now)
    elif kind == EntryKind.INVALIDATED and (now or ledger.held(pledge)):
        ledger.add(EntryKind.INVALIDATED, pledge, -now)
    elif kind == EntryKind.RELEASED and ledger.held(pledge):
        ledger.add(EntryKind.RELEASED, pledge, ledger.held(pledge))
    elif kind in {EntryKind.MOVED, EntryKind.WAITING} and now:
        there = {"event_id": more["event_id"], "slice": more["slice"]}
        ledger.add(EntryKind(kind), pledge, -now)
        ledger.add(EntryKind(kind), pledge, now, **(there if kind == EntryKind.MOVED else {}))


@given(STEPS)
def test_totals_always_equal_the_ledger(steps: list[tuple]) -> None:
    ledger = Ledger()
    for kind, pledge, party, person, event_id, area in steps:
        if kind == "fold":
            ledger.fold()
        else:
            where = {"event_id": event_id, "slice": slice_of(area, hour=pledge)}
            take_step(ledger, kind, pledge, party, participant=key(100 + person), **where)
    ledger.fold()

    total = ledger.totals[MOMENT]
    parties = [ledger.in_force(each) for each in ledger.pledges()]
    assert total.heads == sum(parties)
    assert total.pledges == sum(party > 0 for party in parties)
    assert total.people == ledger.people()
    assert ledger.moved == total.people
    assert total.held == sum(ledger.held(each) for each in ledger.pledges())
    slices = [figures for name, figures in ledger.totals.items() if is_slice(name)]
    assert sum(each.people for each in slices) == total.people
    assert sum(each.heads for each in slices) == total.heads
    for figures in ledger.totals.values():
        assert min(figures.pledges, figures.heads, figures.people, figures.held) >= 0


def is_slice(name: object) -> bool:
    return isinstance(name, tuple) and isinstance(name[1], Slice)


def test_a_person_counts_once_with_the_largest_party() -> None:
    ledger = Ledger()
    ledger.add(EntryKind.PLEDGED, 1, 2, participant=key(9), event_id=7)
    ledger.add(EntryKind.PLEDGED, 2, 5, participant=key(9), event_id=8)
    ledger.fold()
    assert ledger.totals[MOMENT] == Figures(pledges=2, heads=7, people=5)
    assert ledger.totals[7, MOMENT].people == 0
    assert ledger.totals[8, MOMENT].people == 5

    ledger.add(EntryKind.WITHDRAWN, 2, -5)
    ledger.fold()

    assert ledger.totals[MOMENT] == Figures(pledges=1, heads=2, people=2)
    assert ledger.totals[7, MOMENT].people == 2


def test_what_is_held_is_in_no_figure_but_its_own() -> None:
    ledger = Ledger()
    ledger.add(EntryKind.PLEDGED, 1, 4)
    ledger.add(EntryKind.HELD, 1, -4)
    ledger.fold()
    assert ledger.totals[MOMENT] == Figures(held=4)

    ledger.add(EntryKind.RELEASED, 1, 4)
    ledger.fold()

    assert ledger.totals[MOMENT] == Figures(pledges=1, heads=4, people=4)


def test_who_waits_is_in_no_figure() -> None:
    ledger = Ledger()
    ledger.add(EntryKind.PLEDGED, 1, 4)
    ledger.add(EntryKind.WAITING, 1, -4)
    ledger.fold()
    assert ledger.totals[MOMENT] == Figures()

    ledger.add(EntryKind.WAITING, 1, 4)
    ledger.fold()

    assert ledger.totals[MOMENT] == Figures(pledges=1, heads=4, people=4)


def test_what_is_moved_leaves_the_one_place_and_counts_in_the_other() -> None:
    ledger = Ledger()
    ledger.add(EntryKind.PLEDGED, 1, 3, event_id=7, slice=slice_of("E08000005"))
    ledger.fold()
    ledger.add(EntryKind.MOVED, 1, -3)
    ledger.add(EntryKind.MOVED, 1, 3, event_id=8, slice=slice_of("S12000033"))
    ledger.fold()

    assert ledger.totals[7, MOMENT] == Figures()
    assert ledger.totals[8, MOMENT] == Figures(pledges=1, heads=3, people=3)
    assert ledger.totals[MOMENT, slice_of("S12000033")].people == 3


@given(st.integers(0, 12), st.integers(0, 12), st.sampled_from(AREAS), st.sampled_from(AREAS))
def test_what_is_entered_of_a_pledge_astray_makes_it_stand_as_it_is_to(
    party: int, counted: int, before: str, now: str
) -> None:
    ledger = Ledger()
    ledger.add(EntryKind.PLEDGED, 1, party or 1, event_id=7, slice=slice_of(before, hour=9))
    if not party:
        ledger.add(EntryKind.MOVED, 1, -1)
    ledger.fold()
    astray = Astray(
        MOMENT, key(1), key(1), 7, 7, None, "published", party, counted,
        Areas("", "", before), Areas("", "", now),
    )  # fmt: skip
    for change, event_id, areas in astray.pair():
        where = {"event_id": event_id, "slice": slice_of(areas.authority_code)}
        ledger.add(EntryKind.MOVED, 1, change, **where)
    ledger.fold()

    stands = ledger.standings[MOMENT, key(1)]
    assert stands.party == stands.people == counted
    assert stands.slice == slice_of(
        now if (counted > 0 and before != now) or counted > party else before, hour=9
    )
    assert ledger.totals[MOMENT].heads == ledger.moved == counted
