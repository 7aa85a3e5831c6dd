"""Held pledges that look like honest people’s are let through, up to a bound."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories.events import make_event
from tests.pledges.test_holding import ONE, clock, moment_id, people, send  # noqa: F401 -- a fixture
from tests.pledges.test_rollup import committed  # noqa: F401 -- a fixture
from webapp.events.models import Event, EventStatus
from webapp.pledges import plausible, tasks
from webapp.pledges.plausible import erase_some, release_what_is_plausible, throw_salts_away
from webapp.pledges.shapes import Shape
from webapp.pledges.sides import BucketCount, BucketSalt, PledgeSide

HOUR = datetime(2027, 6, 1, 10, tzinfo=UTC)


def count(event: int = 1, area: str = "", **changes: int) -> BucketCount:
    figures = {"pledges": 100, "heads": 200, "repeats": 0, "signs": 0, "busiest": 20}
    return BucketCount(
        bucket=ONE,
        moment_id=1,
        event_id=event,
        area=area,
        day=HOUR.date(),
        is_wide=False,
        **(figures | changes),
    )


SHAPES = [
    ("one event, slowly, small parties", [count()], True, False),
    ("quicker than people are", [count(busiest=121)], False, False),
    ("large parties", [count(heads=500)], False, False),
    ("few devices", [count(repeats=11)], False, False),
    ("no browser", [count(signs=11)], False, False),
    ("two events", [count(), count(2)], False, False),
    ("a little for other events", [count(), count(2, pledges=5, heads=10)], True, False),
    ("at home, nobody knows where", [count(0)], False, False),
    ("many areas", [count(0, str(n)) for n in range(8)], False, True),
    ("too few areas", [count(0, str(n)) for n in range(7)], False, False),
    ("many areas, one stands out",
     [count(0, str(n)) for n in range(8)] + [count(0, "0", heads=300) for _ in range(3)],
     False, False),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "counts", "is_crowd", "is_shared"), SHAPES)
def test_what_is_honest(
    shape: str, counts: list[BucketCount], *, is_crowd: bool, is_shared: bool
) -> None:
    found = Shape.of(counts)
    event = counts[0].event_id

    assert (found.is_crowd_at(event), found.is_shared) == (is_crowd, is_shared)


def let_through(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        return release_what_is_plausible(session, clock(engine))


def slow_down(owner_engine: Engine) -> None:
    """Make it seem that people came slowly; tests have no hour."""
    with Session(owner_engine) as session, session.begin():
        for each in session.scalars(select(BucketCount)):
            each.busiest = 20


def test_a_school_is_released_and_counts_once(
    engine: Engine,
    owner_engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    send(engine, committed, 300)
    assert people(engine, moment_id) == (60, 240)
    assert let_through(engine) == 0  # nobody is that quick

    slow_down(owner_engine)

    assert let_through(engine) == 240
    assert let_through(engine) == 0
    assert people(engine, moment_id) == (300, 0)


def test_what_looks_like_a_school_is_released_up_to_a_bound(
    engine: Engine,
    owner_engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    send(engine, committed, 400)
    people(engine, moment_id)
    slow_down(owner_engine)

    assert let_through(engine) == 300
    assert people(engine, moment_id) == (360, 40)
    assert let_through(engine) == 0


def test_nobody_is_released_to_an_event_that_is_called_off(
    engine: Engine,
    owner_engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    send(engine, committed, 61)
    people(engine, moment_id)
    slow_down(owner_engine)
    with Session(engine) as session, session.begin():
        session.get_one(Event, committed.id).status = EventStatus.CANCELLED

    assert let_through(engine) == 0


def test_what_fairness_knew_is_erased_after_a_week_and_the_number_stays(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    send(engine, committed, 70)
    before = people(engine, moment_id)
    with Session(engine) as session, session.begin():
        session.add(BucketSalt(day=clock(engine).date(), salt=b"salt"))

    for days, left in ((6, True), (9, False)):
        with Session(engine) as session, session.begin():
            now = clock(engine) + timedelta(days=days)
            throw_salts_away(session, now)
            erase_some(session, now)
            for table in (PledgeSide, BucketCount, BucketSalt):
                assert (session.scalars(select(table)).first() is not None) is left

    assert people(engine, moment_id) == before == (60, 10)


def test_of_millions_only_so_many_are_erased_at_a_time(
    app: Flask,
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,  # noqa: F811 -- a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plausible, "MOST_ERASED", 3)
    send(engine, committed, 7)
    assert people(engine, moment_id) == (7, 0)
    now = clock(engine) + timedelta(days=9)
    left = select(func.count()).select_from(PledgeSide)

    with Session(engine) as session:
        assert erase_some(session, now)
        assert session.scalar(left) == 4
    monkeypatch.setattr(tasks, "utc_now", lambda: now)
    with app.app_context():
        tasks.erase_sides_every_hour(0)

    with Session(engine) as session:
        assert session.scalar(left) == 0
        assert session.scalars(select(BucketCount)).all() == []


def test_an_event_of_another_moment_has_its_own_sixty(
    engine: Engine,
    committed: Event,  # noqa: F811 -- a fixture
    moment_id: int,  # noqa: F811 -- a fixture
) -> None:
    with Session(engine) as session:
        other = make_event(session)
        session.commit()
        _ = other.moments
        send(engine, other, 60)
    send(engine, committed, 60)

    assert people(engine, moment_id) == (60, 0)
