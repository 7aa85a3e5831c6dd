"""What a new site starts with, and the demonstration of a development site."""

from datetime import date

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.database import utc_now
from webapp.events.demonstration import list_demonstration
from webapp.extensions import db
from webapp.filters import local
from webapp.moments.seeds import seed_demonstration_moment, seed_moments
from webapp.places.commands import load_gazetteer
from webapp.places.queries import has_places
from webapp.pledges.demonstration import Removed, pledge_to_events, remove_demonstration
from webapp.pledges.rollup import fold_new_entries
from webapp.staticfiles import package_folder


@click.command()
@with_appcontext
def seed() -> None:
    """Load the moments and places; in development also made-up events. Safe to repeat."""
    today = local(utc_now()).date()
    if not has_places(db.session):
        load_gazetteer()
    added = seed_moments(db.session, package_folder("seed_data"), today)
    db.session.commit()
    click.echo(f"Moments: {len(added)} added.")
    if _settings().is_development:
        make_demonstration(today)


@click.group()
def demonstration() -> None:
    """Make and remove the made-up events of a development site."""


@demonstration.command("make")
@with_appcontext
def make() -> None:
    """Make 600 made-up events with pledges, unless they are there."""
    if _settings().is_production:
        msg = "Made-up events are never loaded in production."
        raise click.ClickException(msg)
    if not has_places(db.session):
        load_gazetteer()
    make_demonstration(local(utc_now()).date())


@demonstration.command("remove")
@with_appcontext
def remove() -> None:
    """Remove every made-up event, group and pledge; real moments are not touched."""
    engine = create_engine(_settings().owner_database_url)
    with Session(engine) as session, session.begin():
        removed = remove_demonstration(session)
    click.echo(_removed_sentence(removed))


def make_demonstration(today: date) -> None:
    """List the made-up events of the coming Neighbours’ Day, unless that was done before."""
    moment = seed_demonstration_moment(db.session, package_folder("seed_data"), today)
    if moment is None:
        click.echo("Demonstration: there already.")
        return
    click.echo("Demonstration: making 600 events with pledges; this takes some seconds.")
    events = list_demonstration(db.session, moment)
    pledges = pledge_to_events(db.session, moment, events)
    db.session.commit()
    # The tallies are the worker’s to keep; folding now spares a first visitor a page of zeros.
    fold_new_entries(db.session)
    db.session.commit()
    click.echo(f"Demonstration: {len(events)} events and {pledges} pledges, all made up.")


def _removed_sentence(removed: Removed) -> str:
    if not removed.moments:
        return "There was no demonstration to remove."
    return f"Removed the demonstration: {removed.events} events and {removed.pledges} pledges."


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
