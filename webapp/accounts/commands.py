"""`flask accounts`: people, from the command line."""

import click
from flask.cli import with_appcontext

from webapp.accounts.actions import make_staff, user_of_email, user_with_email
from webapp.accounts.addresses import normalise_email
from webapp.accounts.second_factor import reset_second_factor
from webapp.database import utc_now
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
    address = _address(email)
    user = user_with_email(db.session, address, language=Language.ENGLISH)
    make_staff(db.session, user)
    db.session.commit()
    click.echo(
        f"{address} is staff now. They sign in with a code by e-mail like everybody, and are asked"
        " to set up a passkey or an authenticator app before the pages for staff open."
    )


@accounts.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor_command(email: str) -> None:
    """Remove somebody’s passkeys and authenticator app, for a lost phone, and sign them out.

    Make sure first that it is they who ask, and not somebody who reads their mail.
    """
    address = _address(email)
    user = user_of_email(db.session, address)
    if user is None:
        message = f"{address} has no account."
        raise click.ClickException(message)
    reset_second_factor(db.session, user, utc_now())
    db.session.commit()
    click.echo(f"{address} signs in with a code by e-mail alone now, and is signed out everywhere.")


def _address(email: str) -> str:
    try:
        return normalise_email(email)
    except ValueError:
        message = f"{email!r} is not an e-mail address."
        raise click.ClickException(message) from None
