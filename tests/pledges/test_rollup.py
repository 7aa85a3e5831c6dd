"""The rollup: every committed entry is folded once, in whatever order transactions end."""

import os
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from tests.at_once import empty
from tests.database import empty_database
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.pledges import make_pledge
from webapp.events.models import Event
from webapp.pledges.actions import pledge
from webapp.pledges.models import LedgerEntry, RollupState
from webapp.pledges.nonces import Nonce
from webapp.pledges.queries import tally_of_event, tally_of_moment
from webapp.pledges.rollup import fold_new_entries


@pytest.fixture
def committed(engine: Engine, owner_engine: Engine) -> Iterator[Event]:
    """An event that really is in the database; all of it goes when the test ends."""
    with Session(engine) as session:
        event = make_event(session)
        session.commit()
        _ = event.moments
        yield event
    empty(owner_engine)


def fold(engine: Engine) -> bool:
    with Session(engine) as session, session.begin():
        return fold_new_entries(session)


def fold_all(engine: Engine) -> None:
    """Fold until nothing is left: a step may leave some for the next."""
    left = text("""
        SELECT count(*) FROM ledger_entry, rollup_state WHERE xid >= folded_below
    """)
    for _ in range(300):
        fold(engine)
        with engine.connect() as connection:
            if connection.execute(left).scalar_one() == 0:
                return
        time.sleep(0.1)


def heads(engine: Engine, event: Event) -> tuple[int, int]:
    """Return what the tallies say: of the event, of its moment."""
    with Session(engine) as session:
        moment = tally_of_moment(session, event.moments[0].id)
        return tally_of_event(session, event.id).people, moment.people


def state(engine: Engine) -> RollupState:
    """Return how far the rollup is."""
    with Session(engine) as session:
        return session.scalars(select(RollupState)).one()


def test_entries_are_folded_once(engine: Engine, committed: Event) -> None:
    for party in (2, 3):
        with Session(engine) as session, session.begin():
            make_pledge(session, committed, party)

    fold_all(engine)
    fold(engine)

    assert heads(engine, committed) == (5, 5)


def test_an_entry_that_is_committed_late_is_not_missed(engine: Engine, committed: Event) -> None:
    with Session(engine) as slow:
        make_pledge(slow, committed, 4)
        with Session(engine) as quick, quick.begin():
            make_pledge(quick, committed, 1)
        fold(engine)
        assert heads(engine, committed) == (0, 0)  # not past the slow one, so that none is missed
        slow.commit()
    fold_all(engine)

    assert heads(engine, committed) == (5, 5)


def test_another_database_s_open_transaction_holds_nothing_up(
    engine: Engine, committed: Event
) -> None:
    neighbour = f"moment_map_test_neighbour_{os.getpid()}"
    with (
        empty_database(neighbour) as other,
        Session(create_engine(other.database_url)) as elsewhere,
    ):
        elsewhere.execute(text("SELECT pg_current_xact_id()"))
        with Session(engine) as session, session.begin():
            make_pledge(session, committed, 5)
        fold_all(engine)
        assert heads(engine, committed) == (5, 5)


def test_the_watermark_never_goes_back(engine: Engine, committed: Event) -> None:
    with Session(engine) as slow:
        slow.execute(text("SELECT pg_current_xact_id()"))
        with Session(engine) as session, session.begin():
            make_pledge(session, committed, 2)
        # As if the one that is open had been known as another database’s, and no longer is.
        with engine.begin() as connection:
            connection.execute(text("UPDATE rollup_state SET folded_below = pg_current_xact_id()"))
        before = state(engine)
        fold(engine)
        assert state(engine).folded_below == before.folded_below


def test_the_number_is_as_of_the_first_entry_that_still_waits(
    engine: Engine, committed: Event
) -> None:
    with Session(engine) as slow:
        slow.execute(text("SELECT pg_current_xact_id()"))
        with Session(engine) as session, session.begin():
            make_pledge(session, committed, 2)
            made_at = session.scalars(select(LedgerEntry.recorded_at)).one()
        for _ in range(2):
            fold(engine)
        assert state(engine).as_of == made_at
    fold_all(engine)
    assert state(engine).as_of > made_at


def test_an_entry_that_is_rolled_back_never_counts(engine: Engine, committed: Event) -> None:
    with Session(engine) as session:
        make_pledge(session, committed, 4)
        session.rollback()
    fold_all(engine)

    assert heads(engine, committed) == (0, 0)


def test_several_rollups_at_once_count_once(engine: Engine, committed: Event) -> None:
    rollups = [threading.Thread(target=lambda: [fold(engine) for _ in range(10)]) for _ in "abc"]
    for each in rollups:
        each.start()
    for _ in range(30):
        with Session(engine) as session, session.begin():
            make_pledge(session, committed, 1)
    for each in rollups:
        each.join()
    fold_all(engine)

    assert heads(engine, committed) == (30, 30)


def test_those_at_home_count_for_the_moment_alone(engine: Engine, committed: Event) -> None:
    with Session(engine) as session, session.begin():
        pledge(session, Nonce.fresh(committed.moments[0].id, None), party=6)
    fold_all(engine)

    assert heads(engine, committed) == (0, 6)


def test_an_event_counts_towards_each_of_its_moments(engine: Engine, committed: Event) -> None:
    with Session(engine) as session, session.begin():
        event = session.get_one(Event, committed.id)
        event.moments.append(make_moment(session, slug="another-day"))
        other = event.moments[-1].id
    with Session(engine) as session, session.begin():
        make_pledge(session, committed, 3)
    fold_all(engine)

    with Session(engine) as session:
        assert tally_of_moment(session, other).people == 3
    assert heads(engine, committed) == (3, 3)
