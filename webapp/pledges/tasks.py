"""What the worker does with the ledger besides folding it: reconcile, and write checkpoints."""

from collections.abc import Iterable
from datetime import timedelta

from flask import current_app

from webapp.accounts.actions import all_staff
from webapp.database import utc_now
from webapp.extensions import db
from webapp.jobs import queue
from webapp.outbox import post_mail
from webapp.pledges.checkpoint_files import CheckpointFiles
from webapp.pledges.checkpoints import write_checkpoint
from webapp.pledges.models import Correction
from webapp.pledges.plausible import erase_some, release_what_is_plausible, throw_salts_away
from webapp.pledges.reconciling import reconcile_a_slice, reconcile_the_whole

ALARM_IS_NEWS_FOR = timedelta(days=1)


# Twice a minute, so that a drift is told of within one.
@queue.periodic(cron="* * * * * */30")
@queue.task(name="reconcile_a_slice", queueing_lock="reconcile_a_slice")
def reconcile_every_half_minute(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Compare the tallies with one another, and a part of the pledges with the ledger."""
    reconcile_a_slice(db.session, now=utc_now(), tell=_alarm)
    db.session.commit()


@queue.periodic(cron="40 3 * * *")
@queue.task(name="reconcile_the_whole", queueing_lock="reconcile_the_whole")
def reconcile_every_night(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Compare everything with the whole ledger."""
    reconcile_the_whole(db.session, now=utc_now(), tell=_alarm)
    db.session.commit()


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="write_checkpoint", queueing_lock="write_checkpoint")
def write_checkpoint_every_five_minutes(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Close what was folded since the last checkpoint, and make a file of it once it stands."""
    write_checkpoint(db.session, now=utc_now())
    db.session.commit()
    CheckpointFiles.of(current_app.config["SETTINGS"]).publish(db.session)


@queue.periodic(cron="*/2 * * * *")
@queue.task(name="release_plausible_pledges", queueing_lock="release_plausible_pledges")
def release_every_two_minutes(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Let held pledges through that look like honest people’s."""
    release_what_is_plausible(db.session, utc_now())
    db.session.commit()


@queue.periodic(cron="25 * * * *")
@queue.task(name="erase_sides_of_pledges", queueing_lock="erase_sides_of_pledges")
def erase_sides_every_hour(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Erase what fairness knew of pledges a week ago."""
    now = utc_now()
    throw_salts_away(db.session, now)
    db.session.commit()
    while erase_some(db.session, now):
        db.session.commit()
    db.session.commit()


def _alarm(corrections: Iterable[Correction]) -> None:
    """Tell all staff, and publish what is right; the log has it already."""
    for each in corrections:
        for user in all_staff(db.session):
            post_mail(
                db.session,
                "tally_corrected",
                to=user.email,
                language=user.language,
                send_before=utc_now() + ALARM_IS_NEWS_FOR,
                before=str(each.people_before),
                after=str(each.people_after),
            )
    db.session.commit()
