"""Staff who decide about pledges that really are in the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.corrections.actions import Asking, ask, ask_to_undo, confirm
from webapp.corrections.carrying_out import carry_out
from webapp.corrections.conditions import Conditions, What
from webapp.corrections.models import Cause, DecisionKind, DecisionState, PledgeDecision
from webapp.events.models import Event

NOW = datetime(2027, 5, 20, 12, tzinfo=UTC)
# The database’s clock is not the tests’: pledges are written by it.
ALL_TIME = datetime(2100, 1, 1, tzinfo=UTC)
ENOUGH = 10**6


def conditions(event: Event, what: What = What.HELD, **more: Any) -> Conditions:
    """Return conditions for all pledges of an event’s moment that are held, or that count."""
    return Conditions(moment_id=event.moments[0].id, what=what, until=ALL_TIME, **more)


def asking_of(session: Session, by: int, cause: Cause = Cause.PROGRAM, **how: Any) -> Asking:
    """Return who asks, and why."""
    known = {"reason": "They came at night.", "seen_heads": ENOUGH, "now": NOW}
    return Asking(by=session.get_one(User, by), cause=cause, **(known | how))


def decide(engine: Engine, kind: DecisionKind, chosen: Conditions, *, by: int, **how: Any) -> int:
    """Ask for a decision, and return its number."""
    with Session(engine) as session, session.begin():
        return ask(session, kind, chosen, asking_of(session, by, **how)).id


def undo(engine: Engine, number: int, *, by: int, **how: Any) -> int:
    """Ask to undo a decision, and return the number of the undoing."""
    with Session(engine) as session, session.begin():
        decision = session.get_one(PledgeDecision, number)
        return ask_to_undo(session, decision, asking_of(session, by, Cause.MISTAKE, **how)).id


def second(engine: Engine, number: int, *, by: int, seen_heads: int = ENOUGH) -> None:
    """Confirm a decision."""
    with Session(engine) as session, session.begin():
        decision = session.get_one(PledgeDecision, number)
        confirm(session, decision, by=session.get_one(User, by), seen_heads=seen_heads, now=NOW)


def step(engine: Engine, number: int, now: datetime = NOW) -> bool:
    """Do one step of a decision."""
    with Session(engine) as session, session.begin():
        return carry_out(session, number, now=now)


def finish(engine: Engine, number: int, now: datetime = NOW) -> PledgeDecision:
    """Carry a decision out; return it as it is then."""
    while step(engine, number, now):
        pass
    return found(engine, number)


def found(engine: Engine, number: int) -> PledgeDecision:
    """Return a decision as it is."""
    with Session(engine, expire_on_commit=False) as session:
        decision = session.get_one(PledgeDecision, number)
        _ = decision.undoes, decision.asked_by, decision.confirmed_by
        return decision


def done(engine: Engine, number: int) -> PledgeDecision:
    """Carry a decision out that nothing hinders."""
    decision = finish(engine, number)
    assert decision.state is DecisionState.DONE
    return decision


def later(hours: int) -> datetime:
    """Return a time after the tests’ own."""
    return NOW + timedelta(hours=hours)


def empty_decisions(owner_engine: Engine) -> None:
    """Take all decisions away."""
    with owner_engine.begin() as connection:
        connection.execute(text("TRUNCATE pledge_decision, decided_pledge"))
