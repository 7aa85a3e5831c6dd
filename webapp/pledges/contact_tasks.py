"""What the worker does for those who left an address, by the clock."""

from uuid import UUID

from flask import current_app

from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import RETRY, queue
from webapp.pledges.contacts import forget_old_contacts
from webapp.pledges.news import remind_pledgers, tell_moved_up, tell_pledgers
from webapp.pledges.nonces import Receipt


@queue.periodic(cron="* * * * *")
@queue.task(name="tell_pledgers", queueing_lock="tell_pledgers")
def tell_pledgers_every_minute(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Post what has been news for a quarter of an hour, and the reminders that are due."""
    secret_key = current_app.config["SECRET_KEY"]
    for post in (tell_pledgers, remind_pledgers):
        while post(db.session, utc_now(), secret_key):
            # Some at a time: who is told has been told, whatever becomes of the rest.
            db.session.commit()
        db.session.rollback()


@queue.task(name="tell_moved_up", retry=RETRY)
def tell_of_place(moment_id: int, pledge: str) -> None:
    """Post that there is room now for people who waited."""
    receipt = Receipt(moment_id, UUID(hex=pledge))
    tell_moved_up(db.session, receipt, utc_now(), current_app.config["SECRET_KEY"])
    db.session.commit()


@queue.periodic(cron="27 * * * *")
@queue.task(name="forget_contacts", queueing_lock="forget_contacts")
def forget_contacts(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Erase the addresses that are needed no more."""
    forget_old_contacts(db.session, utc_now())
    db.session.commit()
