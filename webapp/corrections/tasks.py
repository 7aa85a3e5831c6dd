"""What the worker does for decisions about pledges."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from webapp.corrections.actions import JOB
from webapp.corrections.carrying_out import carry_out, decisions_to_carry_out
from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import queue

logger = logging.getLogger(__name__)


@queue.task(name=JOB)
def carry_out_decisions() -> None:
    """Carry out all decisions that run, batch by batch; each commit shows how far they have come."""
    for decision_id in decisions_to_carry_out(db.session):
        try:
            while carry_out(db.session, decision_id, now=utc_now()):
                db.session.commit()
            db.session.commit()
        except SQLAlchemyError:
            # The others need not wait for this one, which is tried again in a minute.
            db.session.rollback()
            logger.exception("decision %s about pledges could not be carried on with", decision_id)


@queue.periodic(cron="* * * * *")
@queue.task(name="carry_on_with_pledge_decisions", queueing_lock="carry_on_with_pledge_decisions")
def carry_on(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Carry on with what a worker was killed over."""
    carry_out_decisions()
