"""Ask for a decision about pledges, confirm one, withdraw one, stop one, and undo one.

Above 500 people or 1 % of a moment it takes two: one asks, another confirms. What somebody decided
alone in the same moment during the last day counts as well, so that nobody cuts it into pieces.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.corrections.conditions import Conditions
from webapp.corrections.figures import figures, limit_of, limit_of_decided
from webapp.corrections.models import (
    Cause,
    DecidedPledge,
    DecisionKind,
    DecisionState,
    PledgeDecision,
)
from webapp.corrections.telling import tell_second_people
from webapp.jobs import enqueue

JOB = "carry_out_pledge_decisions"
ALONE_FOR = timedelta(days=1)


class NothingFitsError(ValueError):
    """No pledge fits the conditions any more."""


class GrownError(ValueError):
    """There is more of it by now than was shown to whoever decides."""


class DecidedAlreadyError(ValueError):
    """Somebody was faster: it is not what it was any more."""


class OwnDecisionError(ValueError):
    """Nobody confirms what they asked for themselves."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks for a decision, why, and how many people the page said it would touch."""

    by: User
    cause: Cause
    reason: str
    seen_heads: int
    now: datetime


def ask(
    session: Session, kind: DecisionKind, conditions: Conditions, asking: Asking
) -> PledgeDecision:
    """Keep a decision; the worker carries it out, unless it needs a second person.

    Raises NothingFitsError, or GrownError where more is touched than was shown.
    """
    lock_decisions(session, conditions.moment_id)
    found = figures(session, conditions)
    decision = PledgeDecision(
        kind=kind,
        moment_id=conditions.moment_id,
        conditions=conditions.kept(),
        seen_pledges=found.pledges,
        seen_heads=found.heads(kind),
        seen_people=found.people(kind),
        limit_heads=limit_of(session, conditions),
    )
    return _kept(session, decision, asking)


def ask_to_undo(session: Session, decision: PledgeDecision, asking: Asking) -> PledgeDecision:
    """Keep that a decision is to be undone: in the same way, and by the same limit.

    Raises DecidedAlreadyError where it cannot be undone or is being undone already.
    """
    _lock(session, decision)
    lock_decisions(session, decision.moment_id)
    if not decision.can_be_undone or undoing_of(session, decision):
        raise DecidedAlreadyError
    pledges, heads = left_to_undo(session, decision)
    undoing = PledgeDecision(
        kind=DecisionKind.UNDO,
        undoes_id=decision.id,
        moment_id=decision.moment_id,
        conditions=decision.conditions,
        seen_pledges=pledges,
        seen_heads=heads,
        seen_people=-decision.done_change,
        limit_heads=limit_of_decided(session, decision.id),
    )
    return _kept(session, undoing, asking)


def confirm(
    session: Session, decision: PledgeDecision, *, by: User, seen_heads: int, now: datetime
) -> None:
    """Confirm what another asked for; the worker carries it out.

    Raises OwnDecisionError, DecidedAlreadyError, or GrownError where it is more than was shown.
    """
    _lock(session, decision)
    if decision.state is not DecisionState.WAITING:
        raise DecidedAlreadyError
    if decision.asked_by_id == by.id:
        raise OwnDecisionError
    heads = heads_now(session, decision)
    if heads > seen_heads:
        raise GrownError
    decision.confirmed_by_id, decision.confirmed_at = by.id, now
    decision.confirmed_heads = decision.heads = heads
    _start(session, decision)


def withdraw(session: Session, decision: PledgeDecision, *, by: User, now: datetime) -> None:
    """End what waits for a second person: whoever asked withdraws it, anybody else refuses it."""
    _lock(session, decision)
    if decision.state is not DecisionState.WAITING:
        raise DecidedAlreadyError
    # What was done before it grew stays done, and can be undone.
    ended = DecisionState.STOPPED if decision.done_pledges else DecisionState.WITHDRAWN
    _end(session, decision, ended, by, now)


def stop(session: Session, decision: PledgeDecision, *, by: User, now: datetime) -> None:
    """Stop what runs after the batch at hand: what is done stays done, and can be undone."""
    _lock(session, decision)
    if decision.state is not DecisionState.RUNNING:
        raise DecidedAlreadyError
    _end(session, decision, DecisionState.STOPPED, by, now)


def heads_now(session: Session, decision: PledgeDecision) -> int:
    """Return how many people a decision would touch by now, those besides that it has touched."""
    if decision.undoes is not None:
        return decision.done_heads + left_to_undo(session, decision.undoes)[1]
    if decision.chosen_at is not None:
        return decision.heads
    found = figures(session, Conditions.of(decision.conditions))
    return found.heads(decision.kind)


def left_to_undo(session: Session, decision: PledgeDecision) -> tuple[int, int]:
    """Return how many pledges, and people of them, a decision has touched and nobody undone."""
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(DecidedPledge.heads), 0)).where(
            DecidedPledge.decision_id == decision.id,
            DecidedPledge.heads > 0,
            ~DecidedPledge.is_undone,
        )
    ).one()
    return row[0], int(row[1])


def undoing_of(session: Session, decision: PledgeDecision) -> PledgeDecision | None:
    """Return what undoes a decision now, or waits to."""
    return session.scalar(
        select(PledgeDecision).where(
            PledgeDecision.undoes_id == decision.id,
            PledgeDecision.state.in_((DecisionState.WAITING, DecisionState.RUNNING)),
        )
    )


def left_alone(
    session: Session, moment_id: int, limit: int, now: datetime, besides: int | None = None
) -> int:
    """Return about how many people one may decide alone, less those decided about so in the last day.

    `besides` is the decision that this is asked for.
    """
    ended = case(
        (PledgeDecision.state == DecisionState.RUNNING, PledgeDecision.heads),
        else_=PledgeDecision.done_heads,
    )
    conditions: list[Any] = [
        PledgeDecision.moment_id == moment_id,
        PledgeDecision.confirmed_at.is_(None),
        PledgeDecision.state != DecisionState.WAITING,
        PledgeDecision.asked_at > now - ALONE_FOR,
    ]
    if besides is not None:
        conditions.append(PledgeDecision.id != besides)
    decided = session.scalar(select(func.coalesce(func.sum(ended), 0)).where(*conditions))
    return max(limit - int(decided or 0), 0)


def lock_decisions(session: Session, moment_id: int) -> None:
    """Let the decisions of one moment be judged one after another: together they count."""
    key = func.hashtextextended(f"pledge decisions {moment_id}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))


def _lock(session: Session, decision: PledgeDecision) -> None:
    """Let nobody else change a decision, and read it as it is now."""
    own = select(PledgeDecision.id).where(PledgeDecision.id == decision.id)
    session.execute(own.with_for_update())
    session.refresh(decision)


def _kept(session: Session, decision: PledgeDecision, asking: Asking) -> PledgeDecision:
    if not decision.seen_pledges:
        raise NothingFitsError
    if decision.seen_heads > asking.seen_heads:
        raise GrownError
    decision.heads = decision.seen_heads
    decision.cause, decision.reason = asking.cause, asking.reason
    decision.asked_by_id, decision.asked_at = asking.by.id, asking.now
    limit = decision.limit_heads
    is_small = decision.heads <= left_alone(session, decision.moment_id, limit, asking.now)
    decision.state = DecisionState.RUNNING if is_small else DecisionState.WAITING
    session.add(decision)
    session.flush()
    if is_small:
        _start(session, decision)
    else:
        tell_second_people(session, decision, asking.now)
    return decision


def _start(session: Session, decision: PledgeDecision) -> None:
    decision.state = DecisionState.RUNNING
    enqueue(session, JOB)


def _end(
    session: Session, decision: PledgeDecision, state: DecisionState, by: User, now: datetime
) -> None:
    decision.state, decision.ended_by_id, decision.ended_at = state, by.id, now
    session.flush()
