"""What a decision does to some pledges: the ledger gets new entries, and it is told how many people of each.

Whoever calls this reads how pledges stand by the ledger itself, under the lock of those who take people
away of many: what was done meanwhile is seen, and nothing is done twice.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.corrections.models import DecisionKind, PledgeDecision
from webapp.events.life import LIVE
from webapp.pledges.holding import hold
from webapp.pledges.judging import Hold
from webapp.pledges.locks import LOCK_ALONE
from webapp.pledges.nonces import Receipt
from webapp.pledges.releasing import invalidate, reinstate, release

# `own` is what a pledge has in force where its event counts, since it was last taken out.
STANDS = text("""
    SELECT wanted.moment_id, wanted.pledge,
        latest.event_id IS NULL OR event.status = ANY(CAST(:live AS text[])),
        CAST(sums.own AS int), CAST(sums.held AS int), CAST(sums.waiting AS int), own.ended_by
    FROM unnest(CAST(:moments AS bigint[]), CAST(:pledges AS uuid[])) AS wanted (moment_id, pledge)
    CROSS JOIN LATERAL (
        SELECT coalesce(max(id), 0) AS id FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
            AND kind = 'invalidated'
    ) AS ended
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(party_change) FILTER (
                WHERE kind <> 'moved' AND entry.id > ended.id), 0) AS own,
            coalesce(-sum(party_change) FILTER (
                WHERE kind IN ('held', 'released') AND entry.id > ended.id), 0) AS held,
            coalesce(-sum(party_change) FILTER (
                WHERE kind = 'waiting' AND entry.id > ended.id), 0) AS waiting
        FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
    ) AS sums
    CROSS JOIN LATERAL (
        SELECT CASE kind WHEN 'invalidated' THEN reason END AS ended_by
        FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
            AND kind <> 'moved'
        ORDER BY id DESC LIMIT 1
    ) AS own
    CROSS JOIN LATERAL (
        SELECT event_id FROM ledger_entry AS entry
        WHERE entry.moment_id = wanted.moment_id AND entry.pledge = wanted.pledge
        ORDER BY id DESC LIMIT 1
    ) AS latest
    LEFT JOIN event AS listed ON listed.id = latest.event_id
    LEFT JOIN event ON event.id = coalesce(listed.merged_into_id, listed.id)
""")


class Stand(NamedTuple):
    """How a pledge stands by the ledger.

    `counts` tells whether its event is on, `own` how many are in force when it is; `ended_by` why it was
    taken out, if that was the last that was done with it.
    """

    moment_id: int
    pledge: UUID
    counts: bool
    own: int
    held: int
    waiting: int
    ended_by: str | None

    @property
    def receipt(self) -> Receipt:
        """The receipt that stands for it."""
        return Receipt(self.moment_id, self.pledge)

    @property
    def wanted(self) -> int:
        """How many people it is for, in force or not."""
        return self.own + self.held + self.waiting


class Touched(NamedTuple):
    """What became of one pledge: how many people of it, and by how many more are in force."""

    heads: int
    change: int


def lock_and_look(session: Session, receipts: Iterable[Receipt]) -> list[Stand]:
    """Let nobody else take people away of pledges, and return how they stand."""
    session.execute(LOCK_ALONE)
    return _look(session, receipts)


def to_be_touched(
    decision: PledgeDecision, stands: Sequence[Stand], were: dict[Receipt, int]
) -> dict[Receipt, int]:
    """Return how many people of each pledge would be touched; those of which nobody would are left out.

    `were` says how many the decision that is undone has touched.
    """
    heads = {each.receipt: _heads(decision, each, were) for each in stands}
    return {receipt: count for receipt, count in heads.items() if count > 0}


def _heads(decision: PledgeDecision, stand: Stand, were: dict[Receipt, int]) -> int:
    if decision.kind is DecisionKind.RELEASE:
        return stand.held
    if decision.kind is DecisionKind.INVALIDATE:
        return stand.wanted
    undone = decision.undoes
    touched = were.get(stand.receipt, 0)
    if undone is not None and undone.kind is DecisionKind.INVALIDATE:
        # Only if nothing was done with it since.
        return touched if stand.ended_by == undone.ledger_reason else 0
    return min(touched, stand.own)


def touch(
    session: Session, decision: PledgeDecision, stands: Sequence[Stand], heads: dict[Receipt, int]
) -> dict[Receipt, Touched]:
    """Do it, and return what became of each."""
    chosen = [each for each in stands if each.receipt in heads]
    receipts = [each.receipt for each in chosen]
    reason, undone = decision.ledger_reason, decision.undoes
    if decision.kind is DecisionKind.INVALIDATE:
        invalidate(session, receipts, reason)
        changes = {each.receipt: -each.own for each in chosen}
    elif decision.kind is DecisionKind.RELEASE:
        release(session, receipts, reason)
        changes = {each.receipt: each.held for each in chosen}
    elif undone is not None and undone.kind is DecisionKind.INVALIDATE:
        reinstate(session, receipts, reason)
        # Some may have found no room at their event any more.
        chosen = [each for each in _look(session, receipts) if each.ended_by is None]
        changes = {each.receipt: each.own for each in chosen}
    else:
        hold(session, [Hold(*each[:2], heads[each.receipt], reason) for each in chosen])
        changes = {each: -heads[each] for each in receipts}
    return {
        each.receipt: Touched(heads[each.receipt], changes[each.receipt] * each.counts)
        for each in chosen
    }


def _look(session: Session, receipts: Iterable[Receipt]) -> list[Stand]:
    receipts = list(receipts)
    given = {
        "moments": [each.moment_id for each in receipts],
        "pledges": [each.key for each in receipts],
        "live": sorted(LIVE),
    }
    rows = session.execute(STANDS, given)
    return [Stand(*row) for row in rows]
