"""`flask pledges`: checking the number from the command line."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from webapp.extensions import db
from webapp.moments.models import Moment
from webapp.pledges.checkpoints import BrokenChainError, people_of_files
from webapp.pledges.models import Checkpoint
from webapp.pledges.queries import open_people, tally_of_moment
from webapp.pledges.recount import differences


@click.group()
def pledges() -> None:
    """Check the number."""


@pledges.command("verify")
@with_appcontext
def verify() -> None:
    """Add up the checkpoints and count the ledger anew; fail where either is not the headline."""
    contents = db.session.scalars(select(Checkpoint.content).order_by(Checkpoint.number)).all()
    try:
        closed = people_of_files(contents)
    except BrokenChainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{len(contents)} checkpoints, each follows the one before.")
    wrong = len(differences(db.session))
    for moment in db.session.scalars(select(Moment).order_by(Moment.starts_on, Moment.id)):
        shown = tally_of_moment(db.session, moment.id).people
        since = open_people(db.session, moment.id)
        total = closed.get(moment.slug, 0) + since
        wrong += total != shown
        if shown or total:
            click.echo(
                f"{moment.slug}: {total - since} in checkpoints, {since} since; shown: {shown}"
            )
    if wrong:
        msg = "The number is not what the ledger adds up to. Wait a minute: the worker corrects it."
        raise click.ClickException(msg)
    click.echo("Every number is what the ledger adds up to.")
