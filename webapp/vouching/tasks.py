"""What the worker does for those who vouch, by the clock."""

from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import queue
from webapp.vouching.callers import forget_old_calls
from webapp.vouching.held import tell_hosts


@queue.periodic(cron="23 * * * *")
@queue.task(name="tell_of_held_pledges", queueing_lock="tell_of_held_pledges")
def tell_of_held_pledges(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Tell trusted hosts, once a day for each event, that many pledges are held."""
    tell_hosts(db.session, utc_now())
    db.session.commit()


@queue.periodic(cron="53 4 * * *")
@queue.task(name="forget_old_calls", queueing_lock="forget_old_calls")
def forget_calls_every_night(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Forget who took callers’ pledges for what was over two weeks ago."""
    forget_old_calls(db.session, utc_now())
    db.session.commit()
