"""People leave the number with their event, come back with it, and count where it is now."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from tests.at_once import empty
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.pledges import make_pledge
from tests.pledges.test_recount import Neighbour, assert_slices_add_up
from tests.pledges.test_rollup import fold, fold_all
from webapp.events import life
from webapp.events.models import Event
from webapp.moments.models import Moment
from webapp.pledges.actions import NotInForceError, Taking, change_party, pledge, withdraw
from webapp.pledges.models import ChangedEvent, LedgerEntry
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.queries import tally_of_event, tally_of_moment
from webapp.pledges.reconciling import reconcile_a_slice, reconcile_the_whole
from webapp.pledges.recount import SLICES, differences, differences_of_slices, moments_astray

Act = Callable[[Session, Event], object]


def cancel(session: Session, event: Event) -> None:
    life.cancel(session, event, None, NOW, "It rains.")


def postpone(session: Session, event: Event) -> None:
    life.postpone(session, event, None, NOW, "It rains.")


def restore(session: Session, event: Event) -> None:
    life.restore(session, event, None, NOW)


def hide(session: Session, event: Event) -> None:
    life.hide(session, event, None, NOW)


def show_again(session: Session, event: Event) -> None:
    life.show_again(session, event, None, NOW)


def give_back(session: Session, event: Event) -> None:
    life.give_back(session, event, None, "Say where it is.", NOW)


def approve(session: Session, event: Event) -> None:
    life.submit(session, event, None, NOW)
    with suppress(life.LifeError):
        life.approve(session, event, None, NOW)


def to_leeds(session: Session, event: Event) -> None:
    _place(session, event, "E08000035")


def to_rochdale(session: Session, event: Event) -> None:
    _place(session, event, "E08000005")


def _place(session: Session, event: Event, authority: str) -> None:
    life.lock_event(session, event)
    session.execute(update(Event).where(Event.id == event.id).values(authority_code=authority))


def another_moment(session: Session, event: Event) -> None:
    life.lock_event(session, event)
    moments = session.scalars(select(Moment).order_by(Moment.id)).all()
    event.moments = [moments[-1]] if event.moments == [moments[0]] else [moments[0]]


def a_further_moment(session: Session, event: Event) -> None:
    life.lock_event(session, event)
    event.moments = list(session.scalars(select(Moment).order_by(Moment.id)))


LIFE: tuple[Act, ...] = (
    cancel, postpone, restore, hide, show_again, give_back, approve, to_leeds, to_rochdale,
    another_moment, a_further_moment,
)  # fmt: skip


@pytest.fixture
def events(engine: Engine, owner_engine: Engine) -> Iterator[list[Event]]:
    """Two events of one moment; there is a second moment, which neither counts towards."""
    with Session(engine) as session:
        moment = make_moment(session)
        make_moment(session)
        made = [make_event(session, moment=moment) for _ in range(2)]
        for each in made:
            to_rochdale(session, each)
        session.commit()
        for each in made:
            _ = each.moments
        yield made
    empty(owner_engine)


def do(engine: Engine, event: Event, *acts: Act) -> None:
    """Change an event, each time in a transaction of its own."""
    for act in acts:
        with Session(engine) as session, session.begin():
            act(session, session.get_one(Event, event.id))


def take(engine: Engine, event: Event, party: int) -> Receipt:
    with Session(engine) as session, session.begin():
        return make_pledge(session, event, party)


def headline(engine: Engine, event: Event) -> int:
    with Session(engine) as session:
        assert differences(session) == differences_of_slices(session) == []
        return tally_of_moment(session, event.moments[0].id).people


def moved(engine: Engine) -> list[tuple[int, str | None, str | None]]:
    with Session(engine) as session:
        entries = select(LedgerEntry).where(LedgerEntry.kind == "moved").order_by(LedgerEntry.id)
        return [
            (each.party_change, each.authority_code, each.reason)
            for each in session.scalars(entries)
        ]


@pytest.mark.parametrize(
    ("off", "on", "reason"),
    [
        (cancel, restore, "cancelled"),
        (hide, show_again, "hidden"),
        (give_back, approve, "draft"),
    ],
)
def test_people_of_an_event_that_is_called_off_leave_the_number_and_come_back(
    engine: Engine, events: list[Event], off: Act, on: Act, reason: str
) -> None:
    event, other = events
    take(engine, event, 3)
    take(engine, other, 2)
    fold_all(engine)

    do(engine, event, off)
    fold_all(engine)
    assert headline(engine, event) == 2
    assert moved(engine) == [(-3, "E08000005", reason)]
    do(engine, event, on)
    fold_all(engine)

    assert headline(engine, event) == 5
    assert moved(engine)[1:] == [(3, "E08000005", None)]


def test_people_of_a_postponed_event_still_count(engine: Engine, events: list[Event]) -> None:
    take(engine, events[0], 3)
    do(engine, events[0], postpone)
    fold_all(engine)

    assert headline(engine, events[0]) == 3
    assert moved(engine) == []


def test_a_pledge_that_meets_an_event_being_cancelled_does_not_stay_in_the_number(
    engine: Engine, events: list[Event]
) -> None:
    event = events[0]
    do(engine, event, cancel)
    fold_all(engine)
    take(engine, event, 3)
    fold_all(engine)

    assert headline(engine, event) == 0
    assert moved(engine) == [(-3, "E08000005", "cancelled")]


def test_people_of_an_event_that_moves_count_where_it_is_now(
    engine: Engine, events: list[Event]
) -> None:
    event = events[0]
    take(engine, event, 3)
    fold_all(engine)
    do(engine, event, to_leeds)
    fold_all(engine)

    assert headline(engine, event) == 3
    assert moved(engine) == [(-3, "E08000005", None), (3, "E08000035", None)]
    assert by_authority(engine) == {"E08000035": 3}


def by_authority(engine: Engine) -> dict[str, int]:
    found = text("SELECT authority_code, sum(people) FROM slice_tally GROUP BY 1")
    with engine.connect() as connection:
        return {name: int(people) for name, people in connection.execute(found) if people}


def test_what_is_changed_and_changed_back_between_two_folds_moves_nobody(
    engine: Engine, events: list[Event]
) -> None:
    take(engine, events[0], 3)
    fold_all(engine)
    do(engine, events[0], cancel, restore, to_leeds, to_rochdale, hide, show_again)
    fold_all(engine)

    assert headline(engine, events[0]) == 3
    assert moved(engine) == []


def test_a_further_moment_gets_all_of_an_event_and_another_moment_takes_them(
    engine: Engine, events: list[Event]
) -> None:
    event = events[0]
    take(engine, event, 3)
    fold_all(engine)
    do(engine, event, a_further_moment)
    fold_all(engine)
    assert people_of_moments(engine) == [3, 3]

    do(engine, event, another_moment)  # the first alone again
    fold_all(engine)
    do(engine, event, another_moment)
    fold_all(engine)

    assert people_of_moments(engine) == [0, 3]
    with Session(engine) as session:
        assert differences(session) == []
        assert tally_of_event(session, event.id).people == 3


def people_of_moments(engine: Engine) -> list[int]:
    with Session(engine) as session:
        ids = session.scalars(select(Moment.id).order_by(Moment.id)).all()
        return [tally_of_moment(session, each).people for each in ids]


def test_a_pledge_of_an_event_that_is_called_off_is_neither_changed_nor_withdrawn(
    engine: Engine, events: list[Event]
) -> None:
    receipt = take(engine, events[0], 3)
    do(engine, events[0], cancel)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        with pytest.raises(NotInForceError):
            change_party(session, receipt, uuid4(), party=5)
        with pytest.raises(NotInForceError):
            withdraw(session, receipt, uuid4())
    do(engine, events[0], restore)
    fold_all(engine)

    assert headline(engine, events[0]) == 3


def test_who_withdraws_just_before_the_event_is_cancelled_is_taken_away_once(
    engine: Engine, events: list[Event]
) -> None:
    receipt = take(engine, events[0], 3)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        withdraw(session, receipt, uuid4())
    do(engine, events[0], cancel)
    fold_all(engine)

    assert headline(engine, events[0]) == 0
    assert moved(engine) == []


def test_somebody_counts_with_another_pledge_while_an_event_is_called_off(
    engine: Engine, events: list[Event]
) -> None:
    me = Taking(participant=uuid4())
    moment = events[0].moments[0].id
    for event_id, party in ((events[0].id, 5), (None, 2)):
        with Session(engine) as session, session.begin():
            pledge(session, Nonce.fresh(moment, event_id), party=party, taking=me)
    fold_all(engine)
    assert headline(engine, events[0]) == 5

    do(engine, events[0], cancel)
    fold_all(engine)

    assert headline(engine, events[0]) == 2


def test_more_pledges_than_a_step_takes_are_moved_in_several(
    engine: Engine, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.pledges.moving.MOST_PLEDGES", 2)
    for _ in range(5):
        take(engine, events[0], 2)
    fold_all(engine)
    do(engine, events[0], cancel)
    for _ in range(5):
        fold(engine)
        headline(engine, events[0])
    fold_all(engine)

    assert headline(engine, events[0]) == 0
    with Session(engine) as session:
        assert session.scalars(select(ChangedEvent)).all() == []


def test_more_events_than_a_step_takes_are_moved_without_a_pause(
    engine: Engine, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.pledges.moving.MOST_EVENTS", 1)
    take(engine, events[1], 2)
    fold_all(engine)
    for each in events:
        do(engine, each, cancel)

    # Those of which nobody is to be moved do not make the others wait until the rollup looks again.
    assert [fold(engine) for _ in events] == [True, True]
    fold_all(engine)

    assert headline(engine, events[1]) == 0


class Host(threading.Thread):
    """Somebody who cancels, restores, hides, shows and moves events, in no order."""

    def __init__(self, engine: Engine, events: list[Event], seed: int) -> None:
        super().__init__()
        self.engine, self.events, self.random = engine, events, random.Random(seed)
        self.acts = 0

    def run(self) -> None:
        for _ in range(60):
            with suppress(life.LifeError):
                do(self.engine, self.random.choice(self.events), self.random.choice(LIFE))
                self.acts += 1


def test_nothing_drifts_while_hosts_and_neighbours_do_what_they_like(
    engine: Engine, events: list[Event]
) -> None:
    hosts = [Host(engine, events, seed) for seed in range(2)]
    people = [*hosts, *(Neighbour(engine, events, seed) for seed in range(3))]
    for each in people:
        each.start()
    while any(each.is_alive() for each in people):
        fold(engine)
        with Session(engine) as session, session.begin():
            assert differences(session) == []
            assert differences_of_slices(session) == []
            assert reconcile_a_slice(session, now=NOW) == []
    for each in people:
        each.join()
    fold_all(engine)

    assert sum(each.acts for each in hosts) > 20
    with Session(engine) as session:
        assert differences(session) == differences_of_slices(session) == []
        assert [moments_astray(session, number, SLICES) for number in range(SLICES)] == [
            []
        ] * SLICES
        assert reconcile_the_whole(session, now=NOW) == []
        assert_slices_add_up(session)
        assert_everybody_counts_where_they_should(session)


def assert_everybody_counts_where_they_should(session: Session) -> None:
    """Count by what people promised and what events are now, without what was moved."""
    worth: dict[tuple[int, UUID], int] = defaultdict(int)
    first: dict[tuple[int, UUID], LedgerEntry] = {}
    for entry in session.scalars(select(LedgerEntry).where(LedgerEntry.kind != "moved")):
        key = entry.moment_id, entry.pledge
        worth[key] += entry.party_change
        first.setdefault(key, entry)
    largest: dict[tuple[int, UUID], int] = defaultdict(int)
    for key, party in worth.items():
        event = session.get_one(Event, first[key].event_id)
        for moment in event.moments if event.status in life.LIVE else ():
            person = moment.id, first[key].participant
            largest[person] = max(largest[person], party)
    for moment_id in session.scalars(select(Moment.id)):
        expected = sum(party for (moment, _), party in largest.items() if moment == moment_id)
        assert tally_of_moment(session, moment_id).people == expected


def test_a_step_never_ends_between_a_pledge_and_what_waited_for_it(
    engine: Engine, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.pledges.rollup.MOST_ENTRIES", 1)
    with Session(engine) as waiter, waiter.begin():
        waiter.execute(text("SELECT pg_current_xact_id()"))  # the smaller number
        receipt = take(engine, events[0], 3)
        withdraw(waiter, receipt, uuid4())
    fold_all(engine)

    assert headline(engine, events[0]) == 0
