"""A ledger that is filled in bulk has what the rollup would have made of it."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from bench import full_ledger
from bench.flat import ratios
from bench.full_ledger import fill, what_is_astray
from bench.made_moment import made_moment
from tests.database import database
from tests.factories.places import make_place

SHAPE = text("""
    SELECT (SELECT count(*) FROM pg_indexes WHERE tablename = ANY(:tables)),
        (SELECT count(*) FROM pg_constraint WHERE conrelid = ANY(CAST(:tables AS regclass[]))),
        (SELECT count(*) FROM pledge_standing), (SELECT people FROM moment_tally),
        (SELECT sum(people) FROM event_tally), (SELECT sum(entries) FROM movement)
""")


@pytest.fixture
def engine_of_its_own() -> Iterator[Engine]:
    """An engine of a database of this test’s own: its keys are dropped for a while."""
    with database(f"moment_map_test_flat_{os.getpid()}") as settings:
        engine = create_engine(settings.owner_database_url)
        yield engine
        engine.dispose()


def test_how_many_times_the_smallest_each_is():
    assert ratios([2, 3, 5]) == [1.5, 2.5]


@pytest.mark.parametrize("few", [1_000, 10], ids=["by the rollup", "in bulk"])
def test_what_is_filled_in_bulk_is_what_the_rollup_would_have_made(
    engine_of_its_own: Engine, monkeypatch: pytest.MonkeyPatch, few: int
):
    monkeypatch.setattr(full_ledger, "FEW", few)
    with Session(engine_of_its_own) as session:
        make_place(session, population=60_000)
        moment_id, _events = made_moment(session, 10)
        before = session.execute(SHAPE, {"tables": full_ledger.FILLED}).one()

    fill(engine_of_its_own, moment_id, 200)

    with Session(engine_of_its_own) as session:
        after = session.execute(SHAPE, {"tables": full_ledger.FILLED}).one()
        assert after[:2] == before[:2]
        assert after[2:] == (200, 500, 500, 200)
        assert what_is_astray(session) == 0


def test_no_ledger_waits_for_who_is_busy_in_another_database(
    engine_of_its_own: Engine, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    def wait(_seconds: float) -> None:
        pytest.fail("it waits")

    monkeypatch.setattr(full_ledger.time, "sleep", wait)
    with Session(engine_of_its_own) as session:
        make_place(session, population=60_000)
        moment_id, _events = made_moment(session, 10)

    with engine.connect() as elsewhere:
        elsewhere.execute(text("SELECT pg_current_xact_id()"))
        fill(engine_of_its_own, moment_id, 200)

        with Session(engine_of_its_own) as session:
            assert session.scalar(text("SELECT people FROM moment_tally")) == 500
