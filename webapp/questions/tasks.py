"""What the worker does for questions, by the clock."""

from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import queue
from webapp.questions.actions import forget_old_questions


@queue.periodic(cron="41 * * * *")
@queue.task(name="forget_questions")
def forget_questions(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Delete questions that are thirty days old, and the hashes that no limit needs any more."""
    forget_old_questions(db.session, utc_now())
    db.session.commit()
