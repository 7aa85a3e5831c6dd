"""Decisions about pledges of an event that is off: what is held stays out when it is on again."""

import pytest
from sqlalchemy import Engine

from tests.corrections.deciding import conditions, decide, done, second, undo
from tests.pledges.test_holding import people, send
from tests.pledges.test_moving import cancel, do, restore
from webapp.corrections.conditions import What
from webapp.corrections.models import DecisionKind
from webapp.events.models import Event
from webapp.pledges.sides import Signal


@pytest.mark.parametrize("kind", [DecisionKind.RELEASE, DecisionKind.INVALIDATE])
def test_a_decision_undone_while_the_event_is_off_is_undone_when_it_is_on_again(
    engine: Engine, event: Event, sam: int, alex: int, kind: DecisionKind
) -> None:
    moment = event.moments[0].id
    send(engine, event, 3, party=3, signals=Signal.TRAPPED)
    assert people(engine, moment) == (0, 9)
    do(engine, event, cancel)
    people(engine, moment)

    number = decide(engine, kind, conditions(event), by=sam)
    second(engine, number, by=alex)
    assert done(engine, number).done_change == 0
    assert people(engine, moment)[0] == 0
    back = undo(engine, number, by=alex)
    second(engine, back, by=sam)
    decision = done(engine, back)
    assert (decision.done_pledges, decision.done_heads, decision.done_change) == (3, 9, 0)
    assert people(engine, moment) == (0, 9)

    do(engine, event, restore)
    assert people(engine, moment) == (0, 9)


def test_who_is_brought_back_while_the_event_is_off_counts_when_it_is_on_again(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    moment = event.moments[0].id
    send(engine, event, 3, party=3)
    assert people(engine, moment) == (9, 0)
    chosen = conditions(event, What.COUNTED, event_id=event.id)
    number = decide(engine, DecisionKind.INVALIDATE, chosen, by=sam)
    second(engine, number, by=alex)
    assert done(engine, number).done_change == -9
    do(engine, event, cancel)
    back = undo(engine, number, by=alex)
    second(engine, back, by=sam)

    decision = done(engine, back)

    assert (decision.done_heads, decision.done_change) == (9, 0)
    assert people(engine, moment) == (0, 0)
    do(engine, event, restore)
    assert people(engine, moment) == (9, 0)
