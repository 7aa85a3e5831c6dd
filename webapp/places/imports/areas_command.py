"""The command `flask places import-areas`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from webapp.config import Settings
from webapp.places.imports.area_files import files_in
from webapp.places.imports.fetch_places import Import, ImportFailedError
from webapp.places.imports.import_areas import import_areas
from webapp.places.imports.refused_areas import write_refused
from webapp.places.imports.source_files import SourceFileError
from webapp.progress import progress_bar

MISSING = (
    "Reading boundaries needs more packages. Install them with: pip install 'moment-map[data]'"
)
AS_BEFORE = "The areas are as they were."


@click.command("import-areas")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="PATH...",
    type=click.Path(exists=True, path_type=Path),
)
@with_appcontext
def import_areas_command(paths: tuple[Path, ...]) -> None:
    """Load nations, regions and local authorities; safe to repeat.

    Each PATH is a file or a folder of files: boundaries as GeoJSON, population and deprivation as
    CSV. What a file holds is seen by its content. What the files say nothing about stays as it is.
    """
    try:
        click.echo(load_areas(paths))
    except ImportFailedError as error:
        raise click.ClickException(str(error)) from None


def load_areas(paths: Iterable[Path]) -> str:
    """Import areas with a progress bar and return the report; raises ImportFailedError."""
    settings: Settings = current_app.config["SETTINGS"]
    paths = list(paths)
    try:
        size = sum(path.stat().st_size for path, _is_named in files_in(paths))
        with progress_bar("Areas", size, in_bytes=True) as advance:
            report = import_areas(settings, paths, advance)
    except SourceFileError as error:
        raise ImportFailedError(f"{error} {AS_BEFORE}") from None
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise ImportFailedError(f"The database says: {why}. {AS_BEFORE}") from None
    except ImportError:
        raise ImportFailedError(MISSING) from None
    except OSError as error:
        raise ImportFailedError(f"{error.filename}: {error.strerror}. {AS_BEFORE}") from None
    return "\n".join([str(report), *write_refused(report.files)])


def _load_fetched(paths: Mapping[str, Path]) -> str:
    return load_areas(paths.values())


# What is made of the files that were fetched.
AREAS = Import(
    title="Areas",
    sources=("authorities", "regions", "nations", "population", "deprivation"),
    run=_load_fetched,
)
