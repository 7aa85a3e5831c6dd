"""Above 500 people or 1 % of a moment it takes two, judged when asked, when confirmed and when carried out."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.corrections.deciding import (
    NOW,
    asking_of,
    conditions,
    decide,
    done,
    finish,
    found,
    later,
    second,
    step,
    undo,
)
from tests.pledges.test_holding import people, send
from tests.pledges.test_rollup import fold_all
from webapp.accounts.models import User
from webapp.corrections.actions import (
    DecidedAlreadyError,
    GrownError,
    NothingFitsError,
    OwnDecisionError,
    ask_to_undo,
    confirm,
    stop,
    withdraw,
)
from webapp.corrections.carrying_out import carry_out
from webapp.corrections.conditions import What
from webapp.corrections.models import DecisionKind, DecisionState, PledgeDecision
from webapp.events.models import Event
from webapp.pledges.sides import Signal

RELEASE, INVALIDATE = DecisionKind.RELEASE, DecisionKind.INVALIDATE
TRAPPED = {"signals": Signal.TRAPPED}


def enlarge(owner_engine: Engine, moment_id: int, counted: int) -> None:
    """Pretend that so many people take part, which only the rollup may write."""
    with owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE moment_tally SET people = :people WHERE moment_id = :moment_id"),
            {"people": counted, "moment_id": moment_id},
        )


@pytest.fixture
def large(engine: Engine, owner_engine: Engine, event: Event) -> Iterator[Event]:
    """An event of a moment with 40,000 people, where one may decide about 400 alone."""
    send(engine, event, 1, bucket=b"first", wide_bucket=b"first")
    people(engine, event.moments[0].id)
    enlarge(owner_engine, event.moments[0].id, 40_000)
    return event


@pytest.mark.parametrize(
    ("counted", "parties", "state"),
    [
        (40_000, 33, DecisionState.RUNNING),  # 396 people of 400
        (40_000, 34, DecisionState.WAITING),
        (10**6, 41, DecisionState.RUNNING),  # 492 of 500
        (10**6, 42, DecisionState.WAITING),
        (100, 1, DecisionState.WAITING),
    ],
)
def test_what_needs_a_second_person(
    engine: Engine, owner_engine: Engine, event: Event, sam: int,
    counted: int, parties: int, state: DecisionState,
) -> None:  # fmt: skip
    send(engine, event, parties, party=12, **TRAPPED)
    people(engine, event.moments[0].id)
    enlarge(owner_engine, event.moments[0].id, counted)

    number = decide(engine, RELEASE, conditions(event), by=sam)

    assert found(engine, number).state is state
    assert step(engine, number) is (state is DecisionState.RUNNING)


def test_nobody_cuts_a_large_decision_into_small_ones(
    engine: Engine, large: Event, sam: int, alex: int
) -> None:
    for source in (b"one", b"two"):
        send(engine, large, 20, party=12, bucket=source, **TRAPPED)
    fold_all(engine)
    numbers = [
        decide(engine, RELEASE, conditions(large, source=source.hex()), by=by)
        for source, by in ((b"one", sam), (b"two", alex))
    ]

    states = [found(engine, number).state for number in numbers]
    assert states == [DecisionState.RUNNING, DecisionState.WAITING]
    again = {"by": alex, "now": later(25)}
    tomorrow = decide(engine, RELEASE, conditions(large, source=b"two".hex()), **again)
    assert found(engine, tomorrow).state is DecisionState.RUNNING


def test_nobody_confirms_their_own(engine: Engine, event: Event, sam: int, alex: int) -> None:
    send(engine, event, 2, **TRAPPED)
    people(engine, event.moments[0].id)
    number = decide(engine, RELEASE, conditions(event), by=sam)

    with pytest.raises(OwnDecisionError):
        second(engine, number, by=sam)
    assert not step(engine, number)
    second(engine, number, by=alex)
    assert done(engine, number).done_heads == 2


def test_two_who_confirm_at_once_confirm_once(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    send(engine, event, 2, party=3, **TRAPPED)
    people(engine, event.moments[0].id)
    number = decide(engine, RELEASE, conditions(event), by=sam)

    def try_it(session: Session) -> str:
        decision = session.get_one(PledgeDecision, number)
        try:
            confirm(session, decision, by=session.get_one(User, alex), seen_heads=6, now=NOW)
        except DecidedAlreadyError:
            session.rollback()
            return "late"
        return "confirmed"

    assert sorted(at_once(engine, 6, try_it)) == ["confirmed", *["late"] * 5]
    at_once(engine, 4, lambda session: carry_on(session, number))
    assert finish(engine, number).done_heads == 6
    assert people(engine, event.moments[0].id) == (6, 0)


def carry_on(session: Session, number: int) -> None:
    for _ in range(3):
        carry_out(session, number, now=NOW)
        session.commit()


def test_more_than_was_shown_is_not_asked_for_and_not_confirmed(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    send(engine, event, 2, **TRAPPED)
    people(engine, event.moments[0].id)
    with pytest.raises(GrownError):
        decide(engine, RELEASE, conditions(event), by=sam, seen_heads=1)
    number = decide(engine, RELEASE, conditions(event), by=sam, seen_heads=2)
    send(engine, event, 1, **TRAPPED)
    people(engine, event.moments[0].id)

    with pytest.raises(GrownError):
        second(engine, number, by=alex, seen_heads=2)
    second(engine, number, by=alex, seen_heads=3)
    assert done(engine, number).done_heads == 3


def test_what_has_grown_too_large_by_the_time_it_is_carried_out_waits_for_a_second_person(
    engine: Engine, owner_engine: Engine, large: Event, sam: int, alex: int
) -> None:
    send(engine, large, 1, party=12, **TRAPPED)
    fold_all(engine)
    number = decide(engine, RELEASE, conditions(large), by=sam)
    send(engine, large, 40, party=12, **TRAPPED)
    fold_all(engine)

    decision = finish(engine, number)

    assert (decision.state, decision.has_grown, decision.done_heads) == (
        DecisionState.WAITING, True, 0,
    )  # fmt: skip
    second(engine, number, by=alex)
    assert done(engine, number).done_heads == 492


def test_what_grows_beyond_what_was_confirmed_goes_no_further(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    send(engine, event, 2, **TRAPPED)
    people(engine, event.moments[0].id)
    number = decide(engine, RELEASE, conditions(event), by=sam)
    second(engine, number, by=alex)
    send(engine, event, 3, **TRAPPED)
    fold_all(engine)

    decision = finish(engine, number)

    assert (decision.state, decision.has_grown) == (DecisionState.STOPPED, True)
    assert people(engine, event.moments[0].id) == (0, 5)


def test_undoing_needs_a_second_person_as_well(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    send(engine, event, 2, **TRAPPED)
    people(engine, event.moments[0].id)
    number = decide(engine, RELEASE, conditions(event), by=sam)
    second(engine, number, by=alex)
    done(engine, number)
    people(engine, event.moments[0].id)

    back = undo(engine, number, by=alex)

    assert found(engine, back).state is DecisionState.WAITING
    with pytest.raises(OwnDecisionError):
        second(engine, back, by=alex)
    with pytest.raises(DecidedAlreadyError):
        undo(engine, number, by=sam)


def test_who_undoes_at_once_undoes_once(engine: Engine, event: Event, sam: int, alex: int) -> None:
    send(engine, event, 4, **TRAPPED)
    people(engine, event.moments[0].id)
    number = decide(engine, RELEASE, conditions(event), by=sam)
    second(engine, number, by=alex)
    done(engine, number)

    def try_it(session: Session) -> int | None:
        decision = session.get_one(PledgeDecision, number)
        try:
            return ask_to_undo(session, decision, asking_of(session, sam)).id
        except DecidedAlreadyError:
            session.rollback()
            return None

    assert len([each for each in at_once(engine, 4, try_it) if each]) == 1


def test_who_asked_may_withdraw_and_nothing_is_done_then(
    engine: Engine, event: Event, sam: int, alex: int
) -> None:
    send(engine, event, 2, **TRAPPED)
    people(engine, event.moments[0].id)
    number = decide(engine, RELEASE, conditions(event), by=sam)
    with Session(engine) as session, session.begin():
        decision = session.get_one(PledgeDecision, number)
        with pytest.raises(DecidedAlreadyError):
            stop(session, decision, by=session.get_one(User, sam), now=NOW)
        withdraw(session, decision, by=session.get_one(User, sam), now=NOW)

    with pytest.raises(DecidedAlreadyError):
        second(engine, number, by=alex)
    assert finish(engine, number).state is DecisionState.WITHDRAWN
    assert people(engine, event.moments[0].id) == (0, 2)


def test_nothing_is_decided_about_nothing(engine: Engine, event: Event, sam: int) -> None:
    with pytest.raises(NothingFitsError):
        decide(engine, RELEASE, conditions(event), by=sam)
    with pytest.raises(NothingFitsError):
        decide(engine, INVALIDATE, conditions(event, What.COUNTED), by=sam)
