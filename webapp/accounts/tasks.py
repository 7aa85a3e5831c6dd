"""What the worker does for accounts, by the clock."""

from webapp.accounts.actions import forget_old_codes
from webapp.accounts.browsers import forget_unused_browsers
from webapp.accounts.limits import forget_old_tries
from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import queue


@queue.periodic(cron="23 * * * *")
@queue.task(name="forget_codes")
def forget_codes(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Delete the hashes of addresses that no limit needs any more, if nobody asks for a code."""
    now = utc_now()
    forget_old_codes(db.session, now)
    forget_old_tries(db.session, now)
    db.session.commit()


@queue.periodic(cron="29 3 * * *")
@queue.task(name="forget_browsers")
def forget_browsers(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Sign out the browsers that nobody used for a month."""
    forget_unused_browsers(db.session, utc_now())
    db.session.commit()
