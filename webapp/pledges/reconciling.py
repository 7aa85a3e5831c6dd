"""Reconcile the tallies with the ledger: a little every minute, the whole every night.

A difference is an alarm. The ledger’s own sum is published at once, for the ledger is always right, and
the correction stands on a public page with its time and size.
"""

import logging
from collections.abc import Callable
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
    moments_astray,
    parts,
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
    """Compare the tallies with one another, and a part of pledges and events with the ledger.

    Each minute has its own part; while there are few pledges, that is all of them. Returns what had to
    be corrected; the caller commits.
    """
    of = parts(session)
    number = int(now.timestamp() // 60) % of

    def wrong() -> set[int]:
        found = {each.moment_id for each in differences_of_slices(session)}
        found.update(moments_astray(session, number, of), events_astray(session, number, of))
        return found | set(slices_astray(session) if of == 1 else ())

    return _settled(session, wrong, now)


def reconcile_the_whole(session: Session, *, now: datetime) -> list[Correction]:
    """Compare everything with the whole ledger; as `reconcile_a_slice`, but it takes its time."""
    session.execute(NO_HURRY)

    def wrong() -> set[int]:
        found = {each.moment_id for each in differences(session)}
        found.update(each.moment_id for each in differences_of_slices(session))
        for number in range(SLICES):
            found.update(moments_astray(session, number, SLICES))
            found.update(events_astray(session, number, SLICES))
        return found | set(slices_astray(session))

    settled = _settled(session, wrong, now)
    session.execute(LOCK)
    balance_checkpoints(session, now)
    return settled


def _settled(session: Session, wrong: Callable[[], set[int]], now: datetime) -> list[Correction]:
    """Correct what is wrong.

    Looked for without the rollup’s lock, so that the number does not stand still meanwhile: each question
    sees ledger and tallies as of one moment. Where something is wrong, it is looked at again under the lock.
    """
    corrections = []
    if wrong():
        session.execute(LOCK)
        corrections = [_correct(session, moment_id, now) for moment_id in sorted(wrong())]
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
