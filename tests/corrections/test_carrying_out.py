"""What staff decided is done once, can be stopped and undone, and the tallies equal the ledger throughout."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.corrections.deciding import (
    ALL_TIME,
    NOW,
    conditions,
    decide,
    done,
    found,
    second,
    step,
    undo,
)
from tests.factories.moments import make_moment
from tests.pledges.test_holding import people, send
from webapp.accounts.models import User
from webapp.corrections import carrying_out
from webapp.corrections.actions import NothingFitsError, stop
from webapp.corrections.carrying_out import carry_out
from webapp.corrections.conditions import Conditions, What
from webapp.corrections.models import DecisionKind, DecisionState, PledgeDecision
from webapp.events.models import Event
from webapp.jobs import run_waiting_jobs
from webapp.pledges.actions import change_party, withdraw
from webapp.pledges.models import LedgerEntry
from webapp.pledges.releasing import CONFIRMED, release
from webapp.pledges.sides import Signal

TRAPPED = {"signals": Signal.TRAPPED}
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
    send(engine, event, 10, party=3, **TRAPPED)
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


def test_what_is_stopped_in_the_middle_leaves_the_rest_alone_and_can_be_undone(
    engine: Engine, event: Event, sam: int, alex: int, small_batches: None
) -> None:
    moment = event.moments[0].id
    send(engine, event, 10, party=2, **TRAPPED)
    assert people(engine, moment) == (0, 20)
    number = confirmed(engine, RELEASE, event, sam, alex)
    assert step(engine, number)  # chooses
    assert step(engine, number)
    with Session(engine) as session, session.begin():
        decision = session.get_one(PledgeDecision, number)
        stop(session, decision, by=session.get_one(User, sam), now=NOW)

    assert not step(engine, number)
    assert people(engine, moment) == (6, 14)
    decision = found(engine, number)
    assert (decision.state, decision.chosen_pledges, decision.worked_pledges) == (
        DecisionState.STOPPED, 10, 3,
    )  # fmt: skip
    back = undo(engine, number, by=sam)
    second(engine, back, by=alex)
    assert done(engine, back).done_pledges == 3
    assert people(engine, moment) == (0, 20)
    with pytest.raises(NothingFitsError):
        undo(engine, number, by=sam)


def test_an_undoing_that_is_stopped_can_be_finished_by_another(
    engine: Engine, event: Event, sam: int, alex: int, small_batches: None
) -> None:
    moment = event.moments[0].id
    send(engine, event, 7, party=2, bucket=b"a")
    assert people(engine, moment) == (14, 0)
    number = confirmed(engine, INVALIDATE, event, sam, alex, what=What.COUNTED)
    done(engine, number)
    back = undo(engine, number, by=sam)
    second(engine, back, by=alex)
    step(engine, back), step(engine, back)
    with Session(engine) as session, session.begin():
        decision = session.get_one(PledgeDecision, back)
        stop(session, decision, by=session.get_one(User, sam), now=NOW)
    assert people(engine, moment) == (6, 0)

    again = undo(engine, number, by=sam)
    second(engine, again, by=alex)
    assert done(engine, again).done_pledges == 4
    assert people(engine, moment) == (14, 0)


def test_a_worker_that_is_killed_in_a_batch_leaves_nothing_half_done(
    engine: Engine, event: Event, sam: int, alex: int, small_batches: None
) -> None:
    moment = event.moments[0].id
    send(engine, event, 8, party=3, **TRAPPED)
    assert people(engine, moment) == (0, 24)
    number = confirmed(engine, RELEASE, event, sam, alex)
    step(engine, number), step(engine, number)
    # Of a worker that is killed the database sees that its connection ends.
    with Session(engine) as killed:
        carry_out(killed, number, now=NOW)
        killed.connection().connection.driver_connection.close()
        killed.invalidate()
    assert found(engine, number).worked_pledges == 3

    assert done(engine, number).done_heads == 24
    assert people(engine, moment) == (24, 0)


def test_several_workers_at_once_do_it_once(
    engine: Engine, event: Event, sam: int, alex: int, small_batches: None
) -> None:
    moment = event.moments[0].id
    send(engine, event, 20, party=2, **TRAPPED)
    assert people(engine, moment) == (0, 40)
    number = confirmed(engine, RELEASE, event, sam, alex)

    def work(session: Session) -> None:
        for _ in range(12):
            carry_out(session, number, now=NOW)
            session.commit()

    at_once(engine, 4, work)

    assert done(engine, number).done_heads == 40
    assert people(engine, moment) == (40, 0)


def test_what_was_done_with_a_pledge_meanwhile_is_passed_over(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    moment = event.moments[0].id
    receipts = send(engine, event, 4, party=3, **TRAPPED)
    people(engine, moment)
    number = confirmed(engine, RELEASE, event, sam, alex)
    step(engine, number)
    with Session(engine) as session, session.begin():
        withdraw(session, receipts[0], uuid4())
        change_party(session, receipts[1], uuid4(), party=1)
        release(session, [receipts[2]], CONFIRMED)

    decision = done(engine, number)

    assert (decision.done_pledges, decision.done_heads) == (2, 4)
    assert people(engine, moment) == (7, 0)
    with Session(engine) as session, session.begin():
        withdraw(session, receipts[3], uuid4())
    back = undo(engine, number, by=alex)
    second(engine, back, by=sam)
    assert done(engine, back).done_heads == 1
    assert people(engine, moment) == (3, 1)


def test_the_worker_carries_out_what_was_asked_for(
    app: Flask, engine: Engine, event: Event, sam: int, alex: int
) -> None:
    moment = event.moments[0].id
    send(engine, event, 3, **TRAPPED)
    people(engine, moment)
    number = confirmed(engine, RELEASE, event, sam, alex)

    run_waiting_jobs(app)

    assert found(engine, number).state is DecisionState.DONE
    assert people(engine, moment) == (3, 0)


def test_the_ledger_has_the_reason_and_nothing_that_staff_wrote(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    send(engine, event, 1, **TRAPPED)
    people(engine, event.moments[0].id)
    number = confirmed(engine, RELEASE, event, sam, alex)
    done(engine, number)

    with Session(engine) as session:
        entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "released")).one()
        assert entry.reason == f"staff-{number}-program"


def test_those_at_an_event_of_two_moments_leave_both(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    with Session(engine) as session, session.begin():
        other = make_moment(session, slug=f"moment-{uuid4().hex}")
        its = session.get_one(Event, event.id)
        its.moments.append(other)
        session.flush()
        both = (event.moments[0].id, other.id)
    send(engine, event, 2, party=3, bucket=b"a")
    assert [people(engine, each)[0] for each in both] == [6, 6]

    # Asked for in the one in which they were not made.
    chosen = Conditions(moment_id=both[1], what=What.COUNTED, until=ALL_TIME, event_id=event.id)
    number = decide(engine, INVALIDATE, chosen, by=sam)
    second(engine, number, by=alex)
    done(engine, number)
    assert [people(engine, each)[0] for each in both] == [0, 0]
    back = undo(engine, number, by=sam)
    second(engine, back, by=alex)
    done(engine, back)
    assert [people(engine, each)[0] for each in both] == [6, 6]
