"""The command line: `flask database`, `seed`, `worker`, `assets`, `language` and each feature’s own."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from webapp import catalogs, schema, seeding
from webapp.accounts import commands as accounts_commands
from webapp.config import Settings
from webapp.events import commands as events_commands
from webapp.events.assigning import assign, assign_all
from webapp.extensions import assets, db
from webapp.jobs import run_worker
from webapp.places import commands as places_commands
from webapp.places.imports import fetch_command
from webapp.places.imports.fetch_places import FollowUp
from webapp.pledges import commands as pledges_commands
from webapp.pledges import rollup
from webapp.processes import settle


def init_commands(app: Flask) -> None:
    """Add every command to an application’s command line."""
    # It is about events, which places know nothing of; people look for it beside the imports.
    places_commands.places.add_command(assign)
    fetch_command.FOLLOW_UPS[:] = [FollowUp("Events", lambda: str(assign_all(db.session)))]
    for command in (
        database,
        build_assets,
        catalogs.language,
        worker,
        seeding.seed,
        seeding.demonstration,
        accounts_commands.accounts,
        events_commands.events,
        places_commands.places,
        pledges_commands.pledges,
    ):
        app.cli.add_command(command)


@click.group()
def database() -> None:
    """Make and change the schema."""


@database.command("upgrade")
@click.argument("target", default="head")
@with_appcontext
def upgrade(target: str) -> None:
    """Bring the schema up to date, and tell the site’s role what it may do."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        schema.upgrade(settings, target)
    except DBAPIError as error:
        raise click.ClickException(_first_line(error)) from None
    click.echo("The schema is up to date.")


@database.command("downgrade")
@click.argument("target")
@with_appcontext
def downgrade(target: str) -> None:
    """Take the schema back to an earlier number, such as 0003."""
    schema.downgrade(current_app.config["SETTINGS"], target)
    click.echo(f"The schema is at {target}.")


@database.command("check")
@with_appcontext
def check() -> None:
    """Fail where the models and the schema differ."""
    differences = schema.differences(current_app.config["SETTINGS"])
    for difference in differences:
        click.echo(difference, err=True)
    if differences:
        msg = "The models and the schema differ."
        raise click.ClickException(msg)


@click.group("assets")
def build_assets() -> None:
    """Build what browsers load."""


@build_assets.command("build")
@with_appcontext
def build() -> None:
    """Write the bundles to static/gen."""
    for bundle in assets:
        bundle.build(force=True, disable_cache=True)


@click.command()
@with_appcontext
def worker() -> None:
    """Send mail, fold pledges into tallies and do what else need not hold up a request."""
    settle()
    sessions = db.sessionmaker
    run_worker(current_app, lambda stop: rollup.run_forever(sessions, stop))


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
