"""Who waits at a full event is judged like anybody else, and held once they are moved up."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from tests.factories.pledges import make_contact, make_pledge
from tests.pledges.test_holding import clock, moment_id, people, send  # noqa: F401 -- a fixture
from tests.pledges.test_rollup import committed, fold_all  # noqa: F401 -- a fixture
from webapp.events.models import Event
from webapp.pledges.actions import change_party, withdraw
from webapp.pledges.holding import hold
from webapp.pledges.judging import TRAP, Hold
from webapp.pledges.models import EntryKind, LedgerEntry
from webapp.pledges.places import Places
from webapp.pledges.queries import is_being_checked, pledge_of_receipt
from webapp.pledges.sides import PledgeSide, Signal


@pytest.fixture
def full(engine: Engine, committed: Event) -> Event:  # noqa: F811 -- a fixture
    """An event of one place, which its host has taken."""
    with Session(engine) as session, session.begin():
        event = session.merge(committed)
        event.capacity = 1
        session.flush()
        make_pledge(session, event, 1)
    return committed


def make_room(engine: Engine, event: Event, capacity: int) -> None:
    """Give an event more places, which moves up who waits."""
    with Session(engine) as session, session.begin():
        changed = session.merge(event, load=True)
        changed.capacity = capacity
        session.flush()
        Places.of(changed).move_up(session)


@pytest.mark.parametrize("is_folded", [True, False])
def test_what_waited_and_is_odd_is_held_once_it_is_moved_up(
    engine: Engine,
    full: Event,
    moment_id: int,  # noqa: F811 -- a fixture
    is_folded: bool,
) -> None:
    send(engine, full, 2, party=3, signals=Signal.TRAPPED)
    if is_folded:
        assert people(engine, moment_id) == (1, 0)

    make_room(engine, full, 20)

    assert people(engine, moment_id) == (1, 6)


def test_of_one_address_no_more_count_for_having_waited(
    engine: Engine,
    full: Event,
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    send(engine, full, 20)
    assert people(engine, moment_id) == (1, 0)

    make_room(engine, full, 999)

    assert people(engine, moment_id) == (13, 8)


def test_what_was_odd_is_held_though_its_side_is_erased(
    engine: Engine,
    full: Event,
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    send(engine, full, 1, party=3, signals=Signal.FOREIGN)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(delete(PledgeSide))

    make_room(engine, full, 20)

    assert people(engine, moment_id) == (1, 3)


def test_only_those_are_held_who_came_besides(
    engine: Engine,
    full: Event,
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    make_room(engine, full, 12)
    receipt, *_others = send(engine, full, 11)
    assert people(engine, moment_id) == (12, 0)
    with Session(engine) as session, session.begin():
        change_party(session, receipt, uuid4(), party=5)
    assert people(engine, moment_id) == (12, 0)

    make_room(engine, full, 30)

    assert people(engine, moment_id) == (12, 4)


def test_whom_somebody_adds_to_what_is_held_is_held_when_moved_up(
    engine: Engine,
    full: Event,
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    make_room(engine, full, 3)
    (receipt,) = send(engine, full, 1, party=2, signals=Signal.TRAPPED)
    assert people(engine, moment_id) == (1, 2)
    with Session(engine) as session, session.begin():
        change_party(session, receipt, uuid4(), party=6)
    assert people(engine, moment_id) == (1, 2)

    make_room(engine, full, 20)

    assert people(engine, moment_id) == (1, 6)


def test_who_confirmed_an_address_while_waiting_counts_when_moved_up(
    engine: Engine,
    full: Event,
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    (receipt,) = send(engine, full, 1, party=3, signals=Signal.TRAPPED)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        make_contact(session, receipt, session.merge(full))

    make_room(engine, full, 20)

    assert people(engine, moment_id) == (4, 0)


def test_who_is_held_while_waiting_may_withdraw(
    engine: Engine,
    full: Event,
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    (receipt,) = send(engine, full, 1, party=3, signals=Signal.TRAPPED)
    fold_all(engine)

    with Session(engine) as session, session.begin():
        withdraw(session, receipt, uuid4())
    make_room(engine, full, 20)

    assert people(engine, moment_id) == (1, 0)


def test_the_day_in_which_a_receipt_says_nothing_begins_when_it_is_moved_up(
    engine: Engine,
    owner_engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    (receipt,) = send(engine, committed, 1, party=3)
    now = clock(engine)
    to_be_held = LedgerEntry(
        moment_id=moment_id, nonce=uuid4(), kind=EntryKind.HELD, pledge=receipt.key,
        participant=receipt.key, event_id=committed.id, party_change=0, reason=TRAP,
        recorded_at=now - timedelta(days=3),
    )  # fmt: skip
    with Session(owner_engine) as session, session.begin():
        session.add(to_be_held)
    with Session(engine) as session, session.begin():
        hold(session, [Hold(moment_id, receipt.key, 3, TRAP)])
    assert people(engine, moment_id) == (0, 3)

    with Session(engine) as session:
        entry = pledge_of_receipt(session, receipt)
        assert entry is not None
        told = [is_being_checked(session, entry, now + timedelta(hours=each)) for each in (1, 25)]
    assert told == [False, True]
