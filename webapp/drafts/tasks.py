"""What the worker does for drafts, by the clock."""

from webapp.database import utc_now
from webapp.drafts.actions import forget_old_drafts
from webapp.extensions import db
from webapp.jobs import queue


@queue.periodic(cron="41 * * * *")
@queue.task(name="forget_drafts")
def forget_drafts(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Erase what somebody began to write a month ago and left."""
    forget_old_drafts(db.session, utc_now())
    db.session.commit()
