"""What the worker does for moderation, by the clock."""

from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import queue
from webapp.moderation.actions import forget_clients


@queue.periodic(cron="47 * * * *")
@queue.task(name="forget_concerned_clients")
def forget_concerned_clients(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Erase the hashes of whoever told us something, once no limit needs them."""
    forget_clients(db.session, utc_now())
    db.session.commit()
