"""What staff decided is done once, can be stopped and undone, and the tallies equal the ledger throughout."""

import pytest
from sqlalchemy import Engine

from tests.corrections.deciding import (
    conditions,
    decide,
    done,
    second,
    undo,
)
from tests.pledges.test_holding import people, send
from webapp.corrections import carrying_out
from webapp.corrections.conditions import What
from webapp.corrections.models import DecisionKind
from webapp.events.models import Event
from webapp.pledges.sides import Signal

RELEASE, INVALIDATE = DecisionKind.RELEASE, DecisionKind.INVALIDATE


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three, so that a few pledges are many batches."""
    monkeypatch.setattr(carrying_out, "BATCH", 3)


def confirmed(
    engine: Engine, kind: DecisionKind, event: Event, sam: int, alex: int, **more: object
) -> int:
    number = decide(engine, kind, conditions(event, **more), by=sam)
    second(engine, number, by=alex)
    return number


def test_held_pledges_are_released_and_held_again(
    engine: Engine, event: Event, sam: int, alex: int, small_batches: None
) -> None:
    moment = event.moments[0].id
    send(engine, event, 10, party=3, signals=Signal.TRAPPED)
    send(engine, event, 2, bucket=b"others")
    assert people(engine, moment) == (2, 30)

    number = confirmed(engine, RELEASE, event, sam, alex)
    decision = done(engine, number)
    assert people(engine, moment) == (32, 0)
    assert (decision.done_pledges, decision.done_heads, decision.done_change) == (10, 30, 30)

    back = undo(engine, number, by=alex)
    second(engine, back, by=sam)
    decision = done(engine, back)
    assert people(engine, moment) == (2, 30)
    assert (decision.done_pledges, decision.done_change) == (10, -30)


def test_pledges_that_count_are_taken_out_and_brought_back(
    engine: Engine, event: Event, sam: int, alex: int, small_batches: None
) -> None:
    moment = event.moments[0].id
    send(engine, event, 8, party=12, bucket=b"a")
    send(engine, event, 4, party=1, bucket=b"others", wide_bucket=b"other")
    before = people(engine, moment)

    number = confirmed(engine, INVALIDATE, event, sam, alex, what=What.COUNTED, source=b"a".hex())
    done(engine, number)
    held = conditions(event, What.HELD, source=b"a".hex())
    assert before == (64, 36)
    assert people(engine, moment) == (4, 36)
    out = decide(engine, INVALIDATE, held, by=sam)
    second(engine, out, by=alex)
    assert done(engine, out).done_change == 0
    assert people(engine, moment) == (4, 0)

    for each in (number, out):
        back = undo(engine, each, by=sam)
        second(engine, back, by=alex)
        done(engine, back)
    assert people(engine, moment) == before
