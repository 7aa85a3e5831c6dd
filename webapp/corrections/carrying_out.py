"""Carry out what staff decided, some pledges at a time, each time in a transaction of its own.

A batch is either in the ledger and noted with its decision, or neither: a worker that is killed leaves
nothing half done, and whoever goes on afterwards begins where it ended. Several at once take turns at
the decision’s own row. Each time, the limit of what needs a second person is judged anew.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.corrections.actions import left_alone, left_to_undo, lock_decisions
from webapp.corrections.conditions import Conditions
from webapp.corrections.figures import limit_of, limit_of_decided
from webapp.corrections.models import (
    DecisionKind,
    DecisionState,
    PledgeDecision,
)
from webapp.corrections.telling import tell_second_people
from webapp.corrections.touching import Touched, lock_and_look, to_be_touched, touch
from webapp.pledges.nonces import Receipt

BATCH = 500

# Choosing is one statement, however many pledges fit; it is nobody’s request that waits for it.
PATIENTLY = text("SET LOCAL statement_timeout = '10min'")
CHOOSE = """
    INSERT INTO decided_pledge (decision_id, moment_id, pledge)
    SELECT :decision_id, chosen.home_id, chosen.pledge FROM ({chosen}) AS chosen
"""
CHOOSE_TO_UNDO = text("""
    INSERT INTO decided_pledge (decision_id, moment_id, pledge)
    SELECT :decision_id, moment_id, pledge FROM decided_pledge
    WHERE decision_id = :undoes_id AND heads > 0 AND NOT is_undone
""")
HEADS = """
    SELECT count(*), coalesce(sum({heads}), 0) FROM ({chosen}) AS chosen
"""
TO_DO = text("""
    SELECT moment_id, pledge FROM decided_pledge
    WHERE decision_id = :decision_id AND looked_at IS NULL
    ORDER BY moment_id, pledge LIMIT :most
""")
WERE = text("""
    SELECT moment_id, pledge, heads FROM decided_pledge
    JOIN unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[])) AS wanted (moment_id, pledge)
        USING (moment_id, pledge)
    WHERE decision_id = :decision_id AND heads > 0 AND NOT is_undone
""")
NOTE = text("""
    UPDATE decided_pledge AS decided SET looked_at = :now, heads = noted.heads
    FROM unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[]), CAST(:heads AS smallint[]))
        AS noted (moment_id, pledge, heads)
    WHERE decided.decision_id = :decision_id AND decided.moment_id = noted.moment_id
        AND decided.pledge = noted.pledge
""")
NOTE_UNDONE = text("""
    UPDATE decided_pledge AS decided SET is_undone = true
    FROM unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[])) AS noted (moment_id, pledge)
    WHERE decided.decision_id = :decision_id AND decided.moment_id = noted.moment_id
        AND decided.pledge = noted.pledge
""")


def decisions_to_carry_out(session: Session) -> list[int]:
    """Return the decisions that run, the oldest first."""
    running = PledgeDecision.state == DecisionState.RUNNING
    return list(session.scalars(select(PledgeDecision.id).where(running).order_by("id")))


def carry_out(session: Session, decision_id: int, *, now: datetime) -> bool:
    """Do the next step of a decision; return whether there may be more. The caller commits.

    Where somebody else is at it, they go on with it.
    """
    decision = session.scalar(
        select(PledgeDecision)
        .where(PledgeDecision.id == decision_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if decision is None or decision.state is not DecisionState.RUNNING:
        return False
    if decision.chosen_at is None:
        return _choose(session, decision, now)
    given = {"decision_id": decision.id, "most": BATCH}
    receipts = [Receipt(*row) for row in session.execute(TO_DO, given)]
    if not receipts:
        decision.state, decision.ended_at = DecisionState.DONE, now
        decision.heads = decision.done_heads
        return False
    return _carry_out(session, decision, receipts, now)


def _choose(session: Session, decision: PledgeDecision, now: datetime) -> bool:
    """Settle which pledges a decision is about, unless they have become too many."""
    lock_decisions(session, decision.moment_id)
    session.execute(PATIENTLY)
    if decision.undoes is not None:
        pledges, heads = left_to_undo(session, decision.undoes)
        decision.limit_heads = limit_of_decided(session, decision.undoes.id)
        choosing, values = CHOOSE_TO_UNDO, {"undoes_id": decision.undoes.id}
    else:
        conditions = Conditions.of(decision.conditions)
        pledges, heads = _fitting(session, decision.kind, conditions)
        decision.limit_heads = limit_of(session, conditions)
        choosing, values = text(CHOOSE.format(chosen=conditions.chosen)), conditions.values
    if not _may_touch(session, decision, heads, now):
        return False
    session.execute(choosing, {**values, "decision_id": decision.id})
    decision.heads, decision.chosen_at, decision.chosen_pledges = heads, now, pledges
    return True


def _fitting(session: Session, kind: DecisionKind, conditions: Conditions) -> tuple[int, int]:
    heads = "held" if kind is DecisionKind.RELEASE else "party + held"
    question = text(HEADS.format(heads=heads, chosen=conditions.chosen))
    pledges, people = session.execute(question, conditions.values).one()
    return pledges, int(people)


def _may_touch(session: Session, decision: PledgeDecision, heads: int, now: datetime) -> bool:
    """Tell whether so many people may be touched; if not, the decision goes no further by itself.

    Of what a second person confirmed, no more may come besides than somebody may decide alone.
    """
    if decision.confirmed_heads is not None:
        allowed = decision.confirmed_heads + decision.limit_heads
    else:
        limit, besides = decision.limit_heads, decision.id
        allowed = left_alone(session, decision.moment_id, limit, now, besides=besides)
    if heads <= allowed:
        return True
    decision.heads, decision.has_grown = heads, True
    if decision.confirmed_at is None:
        decision.state = DecisionState.WAITING
        tell_second_people(session, decision, now)
    else:
        decision.state, decision.ended_at = DecisionState.STOPPED, now
    return False


def _carry_out(
    session: Session, decision: PledgeDecision, receipts: Sequence[Receipt], now: datetime
) -> bool:
    stands = lock_and_look(session, receipts)
    heads = to_be_touched(decision, stands, _were(session, decision, receipts))
    if not _may_touch(session, decision, decision.done_heads + sum(heads.values()), now):
        return False
    touched = touch(session, decision, stands, heads) if heads else {}
    _note(session, decision, receipts, touched, now)
    decision.worked_pledges += len(receipts)
    decision.done_pledges += len(touched)
    decision.done_heads += sum(each.heads for each in touched.values())
    decision.done_change += sum(each.change for each in touched.values())
    return True


def _were(
    session: Session, decision: PledgeDecision, receipts: Sequence[Receipt]
) -> dict[Receipt, int]:
    """Return how many people of each pledge a decision has touched that is undone now."""
    if decision.undoes_id is None:
        return {}
    given = {"decision_id": decision.undoes_id, **_columns(receipts)}
    return {Receipt(*row[:2]): row.heads for row in session.execute(WERE, given)}


def _note(
    session: Session,
    decision: PledgeDecision,
    receipts: Sequence[Receipt],
    touched: dict[Receipt, Touched],
    now: datetime,
) -> None:
    """Note what became of each pledge: nothing of those that were passed over."""
    heads = [touched[each].heads if each in touched else 0 for each in receipts]
    given = {"decision_id": decision.id, "now": now, "heads": heads, **_columns(receipts)}
    session.execute(NOTE, given)
    if decision.undoes_id is not None and touched:
        undone = {"decision_id": decision.undoes_id, **_columns(list(touched))}
        session.execute(NOTE_UNDONE, undone)


def _columns(receipts: Sequence[Receipt]) -> dict[str, list[Any]]:
    return {
        "moments": [each.moment_id for each in receipts],
        "pledges": [each.key for each in receipts],
    }
