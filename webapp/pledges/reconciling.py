"""Reconcile the tallies with the ledger: a little every minute, the whole every night.

A difference is an alarm. The ledger’s own sum is published at once, for the ledger is always right, and
the correction stands on a public page with its time and size.
"""

import logging
from datetime import datetime

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from webapp.pledges.balancing import balance_checkpoints
from webapp.pledges.models import Correction, MomentTally, RollupState
from webapp.pledges.recount import (
    FIGURES,
    ONE_MOMENT,
    SLICES,
    differences,
    differences_of_slices,
    events_astray,
    is_small,
    moments_astray,
    slices_astray,
)
from webapp.pledges.rollup import LOCK

logger = logging.getLogger(__name__)

# Requests end after ten seconds; a ledger of millions is not counted in that time.
NO_HURRY = text("SET LOCAL statement_timeout = '1h'")

_SLICE = "nation, region_code, authority_code, hour, via"
REBUILD = (
    text(f"""
        {ONE_MOMENT} INSERT INTO pledge_standing (moment_id, pledge, participant, first_entry,
            event_id, {_SLICE}, party, held, people)
        SELECT moment_id, pledge, participant, first_entry, event_id, {_SLICE}, party, held, people
        FROM once
    """),
    text(f"""
        INSERT INTO moment_tally (moment_id, pledges, heads, people, held)
        SELECT moment_id, {FIGURES} FROM pledge_standing WHERE moment_id = :moment_id
        GROUP BY moment_id
    """),
    text(f"""
        INSERT INTO event_tally (event_id, moment_id, pledges, heads, people, held)
        SELECT event_id, moment_id, {FIGURES} FROM pledge_standing
        WHERE moment_id = :moment_id AND event_id IS NOT NULL GROUP BY event_id, moment_id
    """),
    text(f"""
        INSERT INTO slice_tally (moment_id, {_SLICE}, pledges, heads, people, held)
        SELECT moment_id, {_SLICE}, {FIGURES} FROM pledge_standing
        WHERE moment_id = :moment_id GROUP BY moment_id, {_SLICE}
    """),
)
EMPTY = tuple(
    text(f"DELETE FROM {table} WHERE moment_id = :moment_id")
    for table in ("pledge_standing", "moment_tally", "event_tally", "slice_tally")
)


def reconcile_a_slice(session: Session, *, now: datetime) -> list[Correction]:
    """Compare the tallies with one another, and a sixtieth of pledges and events with the ledger.

    Each minute of an hour has its own sixtieth; while there are few pledges, each has them all. Returns
    what had to be corrected; the caller commits.
    """
    session.execute(LOCK)
    number = None if is_small(session) else now.minute % SLICES
    wrong = {each.moment_id for each in differences_of_slices(session)}
    wrong.update(moments_astray(session, number), events_astray(session, number))
    if number is None:
        wrong.update(slices_astray(session))
    return _settled(session, wrong, now)


def reconcile_the_whole(session: Session, *, now: datetime) -> list[Correction]:
    """Compare everything with the whole ledger; as `reconcile_a_slice`, but it takes its time."""
    session.execute(NO_HURRY)
    session.execute(LOCK)
    wrong = {each.moment_id for each in differences(session)}
    wrong.update(each.moment_id for each in differences_of_slices(session))
    for number in range(SLICES):
        wrong.update(moments_astray(session, number), events_astray(session, number))
    wrong.update(slices_astray(session))
    settled = _settled(session, wrong, now)
    balance_checkpoints(session, now)
    return settled


def _settled(session: Session, wrong: set[int], now: datetime) -> list[Correction]:
    corrections = [_correct(session, moment_id, now) for moment_id in sorted(wrong)]
    if corrections:
        balance_checkpoints(session, now)
    session.execute(update(RollupState).values(reconciled_at=now))
    return corrections


def _correct(session: Session, moment_id: int, now: datetime) -> Correction:
    people = select(MomentTally.people).where(MomentTally.moment_id == moment_id)
    before = session.scalar(people) or 0
    for statement in (*EMPTY, *REBUILD):
        session.execute(statement, {"moment_id": moment_id})
    after = session.scalar(people) or 0
    logger.error(
        "the tallies of moment %s were wrong by %s people; the ledger’s own sum is published now",
        moment_id, after - before,
    )  # fmt: skip
    values = {"moment_id": moment_id, "at": now, "people_before": before, "people_after": after}
    return session.scalars(insert(Correction).values(values).returning(Correction)).one()
