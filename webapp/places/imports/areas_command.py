"""The command `flask places import-areas`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.config import Settings
from webapp.places.imports.area_files import files_in
from webapp.places.imports.import_areas import import_areas
from webapp.places.imports.source_files import SourceFileError
from webapp.progress import progress_bar

MISSING = (
    "Reading boundaries needs more packages. Install them with: pip install 'moment-map[data]'"
)


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
    settings: Settings = current_app.config["SETTINGS"]
    try:
        size = sum(path.stat().st_size for path, _is_named in files_in(paths))
        with progress_bar("Areas", size, in_bytes=True) as advance:
            report = import_areas(settings, paths, advance)
    except SourceFileError as error:
        raise click.ClickException(f"{error} The areas are as they were.") from None
    except ImportError:
        raise click.ClickException(MISSING) from None
    except OSError as error:
        msg = f"{error.filename}: {error.strerror}. The areas are as they were."
        raise click.ClickException(msg) from None
    click.echo(str(report))
