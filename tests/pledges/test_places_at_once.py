"""The last three places never go to five people, whoever comes at the same instant."""

import random
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.at_once import at_once, empty
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.pledges import make_pledge
from tests.pledges.test_rollup import fold_all
from webapp.events.models import Event
from webapp.pledges import places
from webapp.pledges.actions import NotInForceError, change_party, pledge, withdraw
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.places import waiting_list
from webapp.pledges.queries import tally_of_event
from webapp.pledges.recount import differences, differences_of_slices

MANY = 40


@pytest.fixture
def event(engine: Engine, owner_engine: Engine) -> Iterator[Event]:
    """An event that really is in the database and counts towards two moments."""
    with Session(engine) as session:
        made = make_event(session)
        made.moments.append(make_moment(session, slug="another-day"))
        session.commit()
        _ = made.moments
        yield made
    empty(owner_engine)


def set_capacity(engine: Engine, event: Event, capacity: int | None) -> None:
    with Session(engine) as session, session.begin():
        session.get_one(Event, event.id).capacity = capacity


def nonce_for(event: Event) -> Nonce:
    return Nonce(event.moments[0].id, event.id, uuid4())


def stands(session: Session, receipt: Receipt) -> tuple[int, int]:
    found = places.stands(session, receipt)
    return found.party, found.waiting


def heads_in_ledger(engine: Engine, event: Event) -> int:
    with Session(engine) as session:
        people = select(func.sum(LedgerEntry.party_change)).where(
            LedgerEntry.event_id == event.id, LedgerEntry.kind != "moved"
        )
        return session.execute(people).scalar_one() or 0


def nothing_drifted(engine: Engine, event: Event) -> None:
    fold_all(engine)
    with Session(engine) as session:
        assert differences(session) == []
        assert differences_of_slices(session) == []
        assert tally_of_event(session, event.id).people == heads_in_ledger(engine, event)


@pytest.mark.parametrize("capacity", [3, 17, 39])
def test_forty_at_once_find_no_more_places_than_there_are(
    engine: Engine, event: Event, capacity: int
) -> None:
    set_capacity(engine, event, capacity)

    receipts = at_once(engine, MANY, lambda s: pledge(s, nonce_for(event), party=1))

    with Session(engine) as session:
        each = [stands(session, receipt) for receipt in receipts]
        assert each.count((1, 0)) == capacity
        assert each.count((0, 1)) == MANY - capacity
    nothing_drifted(engine, event)


def test_the_last_three_places_never_go_to_five_people(engine: Engine, event: Event) -> None:
    set_capacity(engine, event, 3)

    receipts = at_once(engine, 5, lambda s: pledge(s, nonce_for(event), party=2))

    with Session(engine) as session:
        assert sorted(stands(session, each) for each in receipts) == [(0, 2)] * 4 + [(2, 0)]
    nothing_drifted(engine, event)


def test_one_nonce_sent_at_once_takes_one_place(engine: Engine, event: Event) -> None:
    set_capacity(engine, event, 1)
    nonces = [nonce_for(event), nonce_for(event)]

    at_once(engine, MANY, lambda s: pledge(s, random.choice(nonces), party=1))

    with Session(engine) as session:
        assert heads_in_ledger(engine, event) == 1
        assert len(waiting_list(session, event.id)) == 1
    nothing_drifted(engine, event)


def test_who_withdraws_moves_up_exactly_one(engine: Engine, event: Event) -> None:
    set_capacity(engine, event, 1)
    with Session(engine) as session, session.begin():
        first, *waiting = [make_pledge(session, event, 1) for _ in range(5)]
    nonce = uuid4()

    def leave(session: Session) -> None:
        with suppress(NotInForceError):
            withdraw(session, first, nonce)

    at_once(engine, MANY, leave)

    with Session(engine) as session:
        assert [stands(session, each) for each in waiting] == [(1, 0), (0, 1), (0, 1), (0, 1)]
    nothing_drifted(engine, event)


@pytest.mark.parametrize("capacity", [3, 12, 60])
def test_whatever_people_do_places_are_given_once(
    engine: Engine, event: Event, capacity: int
) -> None:
    set_capacity(engine, event, capacity)
    with Session(engine) as session, session.begin():
        receipts = [make_pledge(session, event, random.randint(1, 5)) for _ in range(8)]

    def act(session: Session) -> None:
        party, receipt = random.randint(1, 6), random.choice(receipts)
        with suppress(NotInForceError):
            random.choice([
                lambda: receipts.append(pledge(session, nonce_for(event), party=party)),
                lambda: change_party(session, receipt, uuid4(), party=party),
                lambda: withdraw(session, receipt, uuid4()),
            ])()  # fmt: skip

    at_once(engine, 3 * MANY, act)

    with Session(engine) as session:
        room = capacity - heads_in_ledger(engine, event)
        assert room >= 0
        assert all(each.people > room for each in waiting_list(session, event.id))
    nothing_drifted(engine, event)


def is_locked(engine: Engine, event: Event) -> bool:
    asking = select(Event.id).where(Event.id == event.id)
    with Session(engine) as session:
        try:
            session.execute(asking.with_for_update(key_share=True, nowait=True))
        except OperationalError:
            return True
        return False


def test_only_an_event_with_a_capacity_is_locked(engine: Engine, event: Event) -> None:
    with Session(engine) as session, session.begin():
        receipt = make_pledge(session, event, 2)
        assert not is_locked(engine, event)
        change_party(session, receipt, uuid4(), party=3)
        withdraw(session, receipt, uuid4())
        assert not is_locked(engine, event)

    set_capacity(engine, event, 50)
    with Session(engine) as session, session.begin():
        make_pledge(session, event, 2)
        assert is_locked(engine, event)
