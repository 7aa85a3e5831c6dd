"""What the worker does for groups, by the clock."""

from webapp.database import utc_now
from webapp.extensions import db
from webapp.groups.inviting import forget_expired
from webapp.jobs import queue


@queue.periodic(cron="37 * * * *")
@queue.task(name="forget_invited")
def forget_invited(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Forget the addresses of invitations that nobody answered in time."""
    forget_expired(db.session, utc_now())
    db.session.commit()
