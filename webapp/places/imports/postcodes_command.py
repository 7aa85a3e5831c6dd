"""The command `flask places import-postcodes`."""

from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from webapp.places.imports.fetch_places import Import, ImportFailedError
from webapp.places.imports.import_postcodes import import_postcodes
from webapp.places.imports.replacing import TableInUseError
from webapp.places.imports.source_files import SourceFileError

AS_BEFORE = "The postcodes are as they were."
IN_USE = (
    "Something else has been using the table of postcodes for a minute, so that it could not be "
    "replaced: a backup, for example. Run this again when that has ended."
)
INTERRUPTED = 130  # the exit status of programs that Ctrl-C ended


@click.command("import-postcodes")
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def import_postcodes_command(path: Path) -> None:
    """Load the postcodes of the United Kingdom; safe to repeat.

    PATH is a release of the ONS Postcode Directory or the National Statistics Postcode Lookup, or
    Code-Point Open: the zip file as it was fetched, its folder, or a CSV file. What it holds takes the
    place of all postcodes, and the site goes on answering in the meantime.
    """
    try:
        click.echo(load_postcodes(path))
    except ImportFailedError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        click.echo(f"\nStopped. {AS_BEFORE}", err=True)
        raise SystemExit(INTERRUPTED) from None


def load_postcodes(path: Path) -> str:
    """Import postcodes with a progress bar and return the report; raises ImportFailedError."""
    try:
        return str(import_postcodes(current_app.config["SETTINGS"], path))
    except SourceFileError as error:
        raise ImportFailedError(f"{error} {AS_BEFORE}") from None
    except TableInUseError:
        raise ImportFailedError(f"{IN_USE} {AS_BEFORE}") from None
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise ImportFailedError(f"The database says: {why}. {AS_BEFORE}") from None
    except OSError as error:
        raise ImportFailedError(f"{error.filename}: {error.strerror}. {AS_BEFORE}") from None


def _load_fetched(paths: Mapping[str, Path]) -> str:
    (path,) = paths.values()
    return load_postcodes(path)


# What is made of the files that were fetched: Code-Point Open alone where it was asked for by name.
POSTCODES = Import(title="Postcodes", sources=("postcodes",), run=_load_fetched)
CODE_POINT = Import(title="Code-Point Open", sources=("code-point",), run=_load_fetched)
