"""Reconcile the tallies with the ledger: a little every minute, the whole every night.

A difference is an alarm. The ledger’s own sum is published at once, for the ledger is always right, and
the correction stands on a public page with its time and size. What else was derived for that moment is
made anew afterwards, which takes several times as long: the rollup waits meanwhile, readers do not.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
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

# Which moments are wrong, by what is wrong with them.
Wrong = Mapping[str, set[int]]
Tell = Callable[[Sequence[Correction]], None]

logger = logging.getLogger(__name__)

# Requests end after ten seconds; a ledger of millions is not counted in that time.
NO_HURRY = text("SET LOCAL statement_timeout = '1h'")

# One at a time corrects; the next, half a minute later, does not wait for it.
AT_IT = 5060241
LOCK_CORRECTING = text(f"SELECT pg_advisory_xact_lock({AT_IT})")
TRY_CORRECTING = text(f"SELECT pg_try_advisory_xact_lock({AT_IT})")

PUBLISH = (
    text("DELETE FROM moment_tally WHERE moment_id = :moment_id"),
    text(f"""
        {ONE_MOMENT} INSERT INTO moment_tally (moment_id, pledges, heads, people, held)
        SELECT moment_id, {FIGURES} FROM once GROUP BY moment_id
    """),
)
_SLICE = "nation, region_code, authority_code, hour, via"
REBUILD = (
    text(f"""
        {ONE_MOMENT} INSERT INTO pledge_standing (moment_id, pledge, participant, first_entry,
            event_id, {_SLICE}, party, held, people)
        SELECT moment_id, pledge, participant, first_entry, event_id, {_SLICE}, party, held, people
        FROM once
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
    for table in ("pledge_standing", "event_tally", "slice_tally")
)


def tell_nobody(_corrections: Sequence[Correction]) -> None:
    """Leave it to the caller to tell of corrections."""


def reconcile_a_slice(
    session: Session, *, now: datetime, tell: Tell = tell_nobody
) -> list[Correction]:
    """Compare the tallies with one another, and a part of pledges and events with the ledger.

    Each minute has its own part; while there are few pledges, that is all of them. Returns what had to
    be corrected; the caller commits. `tell` may commit as well: what is published is right by then.
    """
    of = parts(session)
    number = int(now.timestamp() // 60) % of

    def wrong() -> Wrong:
        return {
            "sums": set(differences_of_slices(session)),
            "pledges": set(moments_astray(session, number, of)),
            "events": set(events_astray(session, number, of)),
            "areas and hours": set(slices_astray(session) if of == 1 else ()),
        }

    return _settled(session, wrong, now, tell)


def reconcile_the_whole(
    session: Session, *, now: datetime, tell: Tell = tell_nobody
) -> list[Correction]:
    """Compare everything with the whole ledger; as `reconcile_a_slice`, but it takes its time."""
    session.execute(NO_HURRY)

    def wrong() -> Wrong:
        every = range(SLICES)
        return {
            "sums": {*differences(session), *differences_of_slices(session)},
            "pledges": {each for n in every for each in moments_astray(session, n, SLICES)},
            "events": {each for n in every for each in events_astray(session, n, SLICES)},
            "areas and hours": set(slices_astray(session)),
        }

    settled = _settled(session, wrong, now, tell)
    session.execute(LOCK)
    balance_checkpoints(session, now)
    return settled


def _settled(
    session: Session, look: Callable[[], Wrong], now: datetime, tell: Tell
) -> list[Correction]:
    """Correct what is wrong.

    Looked for without the rollup’s lock, so that the number does not stand still meanwhile: each question
    sees ledger and tallies as of one moment. Where something is wrong, it is looked at again under the lock.
    """
    corrections = []
    if any(look().values()):
        session.execute(NO_HURRY)
        if not session.execute(TRY_CORRECTING).scalar():
            return []
        session.execute(LOCK)
        wrong = look()
        for moment_id in sorted(set().union(*wrong.values())):
            where = [name for name, moments in wrong.items() if moment_id in moments]
            corrections.append(_published(session, moment_id, where, now))
    if corrections:
        moments = [each.moment_id for each in corrections]
        balance_checkpoints(session, now)
        tell(corrections)
        _rebuild(session, moments)
    session.execute(update(RollupState).values(reconciled_at=now))
    return corrections


def _published(session: Session, moment_id: int, where: Sequence[str], now: datetime) -> Correction:
    """Publish what the ledger adds up to for one moment, and note the correction."""
    logger.error("the tallies of moment %s are wrong (its %s)", moment_id, ", ".join(where))
    people = select(MomentTally.people).where(MomentTally.moment_id == moment_id)
    before = session.scalar(people) or 0
    for statement in PUBLISH:
        session.execute(statement, {"moment_id": moment_id})
    after = session.scalar(people) or 0
    logger.error(
        "moment %s had %s people before, and %s by the ledger, which is published now",
        moment_id, before, after,
    )  # fmt: skip
    values = {"moment_id": moment_id, "at": now, "people_before": before, "people_after": after}
    return session.scalars(insert(Correction).values(values).returning(Correction)).one()


def _rebuild(session: Session, moments: Sequence[int]) -> None:
    """Make anew how the pledges of moments stand, and their tallies of events, areas and hours.

    Their totals are left alone: what was folded into them since they were published and is wrong, the
    next look finds.
    """
    session.execute(NO_HURRY)
    session.execute(LOCK_CORRECTING)
    session.execute(LOCK)
    for moment_id in moments:
        for statement in (*EMPTY, *REBUILD):
            session.execute(statement, {"moment_id": moment_id})
