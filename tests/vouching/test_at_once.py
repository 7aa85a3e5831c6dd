"""Many at the same instant: a window’s cap, its number a day, a sheet entered twice, what a day vouches for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.conftest import NOW
from tests.factories.vouching import make_trusted_event, make_window
from tests.pledges.test_rollup import fold_all
from webapp.config import Settings
from webapp.events.models import Event
from webapp.pledges.actions import Taking, change_party, pledge
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce, Receipt
from webapp.pledges.queries import tally_of_event
from webapp.pledges.recount import differences
from webapp.pledges.sides import UNKNOWN, Side
from webapp.vouching.held import MOST_A_DAY as MOST_VOUCHED
from webapp.vouching.held import held_places, vouch
from webapp.vouching.models import GroupWindow, Purpose, SheetPlace
from webapp.vouching.sheets import enter_sheet, sheets_of_event
from webapp.vouching.windows import (
    MOST_A_DAY,
    NewWindow,
    TooManyWindowsError,
    WindowFullError,
    open_window,
    take_through,
)

THREADS = 20
ONE, NET = b"one address", b"its network"


@pytest.fixture
def twenty(settings: Settings, real_engine: Engine) -> Iterator[Engine]:
    """An engine for twenty at once; what they leave is deleted with the other’s."""
    del real_engine
    engine = create_engine(settings.database_url, pool_size=THREADS)
    yield engine
    engine.dispose()


@pytest.fixture
def event(twenty: Engine) -> Event:
    with Session(twenty) as session:
        made = make_trusted_event(session)
        session.commit()
        _ = made.moments
        return made


def nonce_for(event: Event) -> Nonce:
    return Nonce.fresh(event.moments[0].id, event.id)


def come_through(engine: Engine, number: int, nonce: Nonce, party: int) -> Receipt | None:
    with Session(engine) as session:
        window = session.get_one(GroupWindow, number)
        how = {"party": party, "origin": UNKNOWN, "now": NOW}
        try:
            receipt = take_through(session, window, nonce, **how)
        except WindowFullError:
            session.rollback()
            return None
        session.commit()
        return receipt


@pytest.mark.parametrize(("cap", "party"), [(1, 1), (7, 1), (31, 2), (100, 12)])
def test_never_more_than_the_cap_come_through(
    twenty: Engine, event: Event, cap: int, party: int
) -> None:
    with Session(twenty) as session, session.begin():
        number = make_window(session, event, cap)[0].id

    with ThreadPoolExecutor(THREADS) as pool:
        came = list(
            pool.map(lambda _: come_through(twenty, number, nonce_for(event), party), range(60))
        )

    through = [each for each in came if each]
    assert len(through) == min(60, cap // party)
    with Session(twenty) as session:
        people = session.scalars(select(func.sum(LedgerEntry.party_change))).one()
        assert people == session.get_one(GroupWindow, number).people == len(through) * party
        assert people <= cap


def test_one_form_sent_by_twenty_at_once_is_one_pledge(twenty: Engine, event: Event) -> None:
    with Session(twenty) as session, session.begin():
        number = make_window(session, event, 30)[0].id
    nonce = nonce_for(event)

    with ThreadPoolExecutor(THREADS) as pool:
        came = list(pool.map(lambda _: come_through(twenty, number, nonce, 3), range(THREADS)))

    assert set(came) == {Receipt(nonce.moment_id, nonce.key)}
    with Session(twenty) as session:
        assert session.scalars(select(LedgerEntry.party_change)).all() == [3]
        assert session.get_one(GroupWindow, number).people == 3


def test_an_event_has_six_windows_however_many_open_them_at_once(
    twenty: Engine, event: Event
) -> None:
    def open_one(session: Session) -> bool:
        try:
            open_window(session, session.get_one(Event, event.id), NewWindow(Purpose.HALL, 5), NOW)
        except TooManyWindowsError:
            return False
        return True

    assert sum(at_once(twenty, THREADS, open_one)) == MOST_A_DAY


def test_a_sheet_sent_twice_at_once_is_one_entry(twenty: Engine, event: Event) -> None:
    key = uuid4()

    def enter(session: Session) -> None:
        event_here = session.get_one(Event, event.id)
        enter_sheet(session, event_here, key, people=14, place=SheetPlace.SHOP)

    at_once(twenty, THREADS, enter)

    with Session(twenty) as session:
        assert [each.people for each in sheets_of_event(session, event.id)] == [14]


def pledge_from_one_place(engine: Engine, event: Event, count: int) -> None:
    taking = Taking(side=Side(ONE, NET))
    with Session(engine) as session, session.begin():
        for _each in range(count):
            pledge(session, nonce_for(event), party=1, taking=taking)


def test_of_two_hosts_at_once_together_no_more_than_a_day_allows_is_vouched_for(
    twenty: Engine, event: Event
) -> None:
    pledge_from_one_place(twenty, event, 60 + MOST_VOUCHED + 40)
    fold_all(twenty)
    with Session(twenty) as session:
        (place,) = held_places(session, event.id)
        assert place.people == MOST_VOUCHED + 40

    released = at_once(twenty, 8, lambda s: vouch(s, event.id, {place.key}))

    assert sum(released) == MOST_VOUCHED
    fold_all(twenty)
    with Session(twenty) as session:
        assert differences(session) == []
        assert tally_of_event(session, event.id).people == 60 + MOST_VOUCHED
        assert [each.people for each in held_places(session, event.id)] == [40]
        assert vouch(session, event.id, {place.key}) == 0


def test_a_window_of_two_hundred_is_never_held_but_whom_they_add_is(
    twenty: Engine, event: Event
) -> None:
    with Session(twenty) as session, session.begin():
        window = make_window(session, event, 200)[0]
        how = {"party": 1, "origin": Side(ONE, NET), "now": NOW}
        receipts = [take_through(session, window, nonce_for(event), **how) for _ in range(200)]
    fold_all(twenty)
    with Session(twenty) as session:
        assert tally_of_event(session, event.id).people == 200

    with Session(twenty) as session, session.begin():
        for each in receipts[:20]:
            change_party(session, each, uuid4(), party=12)
    fold_all(twenty)
    with Session(twenty) as session:
        assert differences(session) == []
        # Sixty people of one address count in an hour, in whole pledges: eleven at a time.
        assert tally_of_event(session, event.id).people == 200 + 55
