"""Who waits at a full event is judged like anybody else, and held once they are moved up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from tests.factories.pledges import make_contact, make_pledge
from tests.pledges.test_holding import clock, moment_id, people, send  # noqa: F401 -- fixtures
from tests.pledges.test_rollup import committed, fold_all  # noqa: F401 -- a fixture
from webapp.events.models import Event
from webapp.pledges.actions import change_party, withdraw
from webapp.pledges.holding import hold
from webapp.pledges.judging import TRAP, Hold
from webapp.pledges.models import EntryKind, LedgerEntry
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import Places
from webapp.pledges.queries import is_being_checked, pledge_of_receipt
from webapp.pledges.sides import PledgeSide, Signal


@dataclass(frozen=True)
class Full:
    """An event of one place, which its host has taken."""

    engine: Engine
    event: Event
    moment_id: int

    def send(self, times: int, **how: Any) -> list[Receipt]:
        """Pledge for it so often, as `send` of the tests of holding."""
        return send(self.engine, self.event, times, **how)

    def make_room(self, capacity: int) -> None:
        """Give it more places, which moves up who waits."""
        with Session(self.engine) as session, session.begin():
            changed = session.merge(self.event, load=True)
            changed.capacity = capacity
            session.flush()
            Places.of(changed).move_up(session)

    def people(self) -> tuple[int, int]:
        """Return how many count in its moment, and how many are held, once all is folded."""
        return people(self.engine, self.moment_id)


@pytest.fixture
def full(engine: Engine, committed: Event, moment_id: int) -> Full:  # noqa: F811 -- fixtures
    with Session(engine) as session, session.begin():
        event = session.merge(committed)
        event.capacity = 1
        session.flush()
        make_pledge(session, event, 1)
    return Full(engine, committed, moment_id)


@pytest.mark.parametrize("is_folded", [True, False])
def test_what_waited_and_is_odd_is_held_once_it_is_moved_up(full: Full, is_folded: bool) -> None:
    full.send(2, party=3, signals=Signal.TRAPPED)
    if is_folded:
        assert full.people() == (1, 0)

    full.make_room(20)

    assert full.people() == (1, 6)


def test_of_one_address_no_more_count_for_having_waited(full: Full) -> None:
    full.send(20)
    assert full.people() == (1, 0)

    full.make_room(999)

    assert full.people() == (13, 8)


def test_what_was_odd_is_held_though_its_side_is_erased(engine: Engine, full: Full) -> None:
    full.send(1, party=3, signals=Signal.FOREIGN)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        session.execute(delete(PledgeSide))

    full.make_room(20)

    assert full.people() == (1, 3)


def test_only_those_are_held_who_came_besides(engine: Engine, full: Full) -> None:
    full.make_room(12)
    receipt, *_others = full.send(11)
    assert full.people() == (12, 0)
    with Session(engine) as session, session.begin():
        change_party(session, receipt, uuid4(), party=5)
    assert full.people() == (12, 0)

    full.make_room(30)

    assert full.people() == (12, 4)


def test_whom_somebody_adds_to_what_is_held_is_held_when_moved_up(
    engine: Engine, full: Full
) -> None:
    full.make_room(3)
    (receipt,) = full.send(1, party=2, signals=Signal.TRAPPED)
    assert full.people() == (1, 2)
    with Session(engine) as session, session.begin():
        change_party(session, receipt, uuid4(), party=6)
    assert full.people() == (1, 2)

    full.make_room(20)

    assert full.people() == (1, 6)


def test_who_confirmed_an_address_while_waiting_counts_when_moved_up(
    engine: Engine, full: Full
) -> None:
    (receipt,) = full.send(1, party=3, signals=Signal.TRAPPED)
    fold_all(engine)
    with Session(engine) as session, session.begin():
        make_contact(session, receipt, session.merge(full.event))

    full.make_room(20)

    assert full.people() == (4, 0)


def test_who_is_held_while_waiting_may_withdraw(engine: Engine, full: Full) -> None:
    (receipt,) = full.send(1, party=3, signals=Signal.TRAPPED)
    fold_all(engine)

    with Session(engine) as session, session.begin():
        withdraw(session, receipt, uuid4())
    full.make_room(20)

    assert full.people() == (1, 0)


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
