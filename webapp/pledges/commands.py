"""`flask pledges`: checking the number from the command line."""

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.moments.models import Moment
from webapp.pledges.checkpoint_files import CheckpointFiles
from webapp.pledges.checkpoints import BrokenChainError, people_of_files, seal
from webapp.pledges.models import Checkpoint
from webapp.pledges.queries import open_people, tally_of_moment
from webapp.pledges.recount import differences

TIMEOUT_SECONDS = 10
# All of it is compared as it was at one instant, while people go on pledging.
ONE_INSTANT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@click.group()
def pledges() -> None:
    """Check the number."""


@pledges.command("verify")
@click.argument("source", required=False)
@with_appcontext
def verify(source: str | None) -> None:
    """Add up the files of the checkpoints and count the ledger anew; fail where either is not the headline.

    SOURCE is where the files are: a folder, or the address of a site. Usually it is the folder that this
    site publishes.
    """
    db.session.execute(ONE_INSTANT)
    try:
        closed = people_of_files(_files(db.session, source))
    except BrokenChainError as error:
        raise click.ClickException(str(error)) from None
    wrong = len(differences(db.session))
    for moment in db.session.scalars(select(Moment).order_by(Moment.starts_on, Moment.id)):
        wrong += not _is_headline(moment, closed.get(moment.slug, 0))
    if wrong:
        msg = "The number is not what the ledger adds up to. Wait a minute: the worker corrects it."
        raise click.ClickException(msg)
    click.echo("Every number is what the ledger adds up to.")


def _is_headline(moment: Moment, closed: int) -> bool:
    shown = tally_of_moment(db.session, moment.id).people
    since = open_people(db.session, moment.id)
    if shown or closed or since:
        click.echo(f"{moment.slug}: {closed} in checkpoints, {since} since; shown: {shown}")
    return closed + since == shown


def _files(session: Session, source: str | None) -> list[str]:
    """Return the files of all checkpoints, each as its row says; raises BrokenChainError."""
    rows = session.execute(select(Checkpoint.number, Checkpoint.sha256).order_by(Checkpoint.number))
    read = _reader(source)
    contents = []
    for number, sha256 in rows:
        content = read(number)
        if content is None:
            msg = f"checkpoint {number} is missing; the worker writes files within five minutes"
            raise BrokenChainError(msg)
        if seal(content) != sha256:
            msg = f"checkpoint {number} is not what was sealed"
            raise BrokenChainError(msg)
        contents.append(content.decode())
    click.echo(f"{len(contents)} checkpoints, each follows the one before.")
    return contents


def _reader(source: str | None) -> Callable[[int], bytes | None]:
    if source is None:
        return CheckpointFiles.of(current_app.config["SETTINGS"]).read
    if source.startswith(("http://", "https://")):
        return lambda number: _fetched(f"{source.rstrip('/')}/checkpoints/{number}.json")
    return CheckpointFiles(Path(source)).read


def _fetched(address: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 -- http alone, and what the operator typed
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise click.ClickException(f"{address} answers {error.code}.") from None
    except OSError:
        raise click.ClickException(f"{address} cannot be reached.") from None
    return content
