"""Ask hosts how many came, by the clock: the morning after, never at night."""

from webapp.database import utc_now
from webapp.extensions import db
from webapp.filters import local
from webapp.headcounts.actions import ask_hosts
from webapp.jobs import queue

FIRST_HOUR, LAST_HOUR = 9, 19  # in the United Kingdom; the last begins at 19:00


@queue.periodic(cron="5 * * * *")
@queue.task(name="ask_for_headcounts")
def ask_for_headcounts(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Ask the hosts of what was on yesterday, or this week while the site was away."""
    now = utc_now()
    if not FIRST_HOUR <= local(now).hour <= LAST_HOUR:
        return
    while ask_hosts(db.session, now):
        # Some at a time: who is asked has been asked, whatever becomes of the rest.
        db.session.commit()
    db.session.rollback()
