"""What the worker does for those who ask for a place, by the clock."""

from flask import current_app

from webapp.asked_places.actions import forget_old_questions
from webapp.asked_places.mails import tell_askers, tell_hosts
from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import queue


@queue.periodic(cron="* * * * *")
@queue.task(name="tell_of_places", queueing_lock="tell_of_places")
def tell_of_places(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Tell hosts that somebody asks for the place, and those who asked that there is an answer."""
    while tell_hosts(db.session, utc_now()):
        # Some at a time: who is told has been told, whatever becomes of the rest.
        db.session.commit()
    while tell_askers(db.session, utc_now(), current_app.config["SECRET_KEY"]):
        db.session.commit()
    db.session.rollback()


@queue.periodic(cron="33 * * * *")
@queue.task(name="forget_asked_places", queueing_lock="forget_asked_places")
def forget_asked_places(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Erase who asked for a place, two weeks after the event."""
    forget_old_questions(db.session, utc_now())
    db.session.commit()
