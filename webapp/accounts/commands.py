"""`flask accounts`: people, from the command line."""

import click
from flask.cli import with_appcontext

from webapp.accounts.actions import make_staff, user_with_email
from webapp.accounts.addresses import normalise_email
from webapp.extensions import db
from webapp.language import Language


@click.group()
def accounts() -> None:
    """Look after the people who sign in."""


@accounts.command("make-staff")
@click.argument("email")
@with_appcontext
def make_staff_command(email: str) -> None:
    """Make somebody one of the campaign’s own people; they need not have signed in before."""
    try:
        address = normalise_email(email)
    except ValueError:
        message = f"{email!r} is not an e-mail address."
        raise click.ClickException(message) from None
    user = user_with_email(db.session, address, language=Language.ENGLISH)
    make_staff(db.session, user)
    db.session.commit()
    click.echo(f"{address} is staff now. They sign in with a code by e-mail like everybody.")
