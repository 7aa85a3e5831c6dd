"""The command `flask places fetch`, which `make places` calls."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import TextWrapper

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.config import Settings
from webapp.places.imports.areas_command import AREAS
from webapp.places.imports.fetch_places import (
    FollowUp,
    Import,
    Outcome,
    fetch_all,
    follow_up,
    import_all,
)
from webapp.places.imports.fetching import Fetcher
from webapp.places.imports.postcodes_command import CODE_POINT, POSTCODES
from webapp.places.imports.sources import MEGABYTE, SOURCES, Source, sources_named

MISSING = "Fetching needs more packages. Install them with: pip install 'moment-map[data]'"

# An address that is broken in two can be neither clicked nor copied.
LAID_OUT = TextWrapper(
    78, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
)

# What is made of the files, in this order. Features above this one add what follows.
IMPORTS: list[Import] = [AREAS, POSTCODES, CODE_POINT]
FOLLOW_UPS: list[FollowUp] = []


@click.command("fetch")
@click.argument(
    "names", nargs=-1, type=click.Choice([each.name for each in SOURCES]), metavar="[NAME]..."
)
@click.option("--only-download", is_flag=True, help="Fetch the files and leave it at that.")
@click.option("--only-import", is_flag=True, help="Import the files that are there already.")
@with_appcontext
def fetch(names: tuple[str, ...], only_download: bool, only_import: bool) -> None:
    """Fetch the official files of postcodes and areas, and import them; safe to repeat.

    A NAME is one of: postcodes, authorities, regions, nations, population, deprivation, code-point.
    Without any, all but code-point, which is for those who cannot have the postcodes otherwise.
    """
    _check(names, only_download, only_import)
    settings: Settings = current_app.config["SETTINGS"]
    folder, outcome = settings.local_folder / "places", Outcome()
    sources = sources_named(names)
    with _alone_in(folder):
        if not only_import:
            click.echo(f"Fetching the official files into {folder}:")
            fetch_all(sources, _fetch_into(folder, settings), click.echo, outcome)
        if not only_download:
            import_all(IMPORTS, folder, [each.name for each in sources], click.echo, outcome)
            follow_up(FOLLOW_UPS, click.echo, outcome)
    _report(outcome)


def _check(names: tuple[str, ...], only_download: bool, only_import: bool) -> None:
    if only_download and only_import:
        msg = "--only-download and --only-import leave nothing to do."
        raise click.UsageError(msg)
    if {"postcodes", "code-point"} <= set(names) and not only_download:
        msg = "Name postcodes or code-point, not both: each takes the place of the other."
        raise click.UsageError(msg)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder, so that two runs do not write to the same files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        msg = f"{error.filename}: {error.strerror}."
        raise click.ClickException(msg) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            msg = f"Another run is fetching into {folder}: wait until it has ended."
            raise click.ClickException(msg) from None
        yield


def _fetch_into(folder: Path, settings: Settings) -> Callable[[Source], str]:
    """Return what fetches one source and says what became of it."""
    try:
        fetcher = Fetcher(folder, say=lambda news: click.echo(f"    {news}"))
    except ImportError:
        raise click.ClickException(MISSING) from None

    def fetch_one(source: Source) -> str:
        address = source.address(settings)
        if not address and not source.path_in(folder).exists():
            return f"not fetched, because {source.variable} is empty"
        fetched = fetcher.fetch(source, address)
        size = fetched.path.stat().st_size
        how_much = f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{size / 1000:.0f} kB"
        return f"{how_much}, {fetched.news}"

    return fetch_one


def _report(outcome: Outcome) -> None:
    """Say what was loaded, what was not, and what to do about it."""
    click.echo()
    click.echo(f"Done: {', '.join(outcome.loaded)}." if outcome.loaded else "Nothing was imported.")
    if not outcome.failed:
        return
    click.echo("Not everything went well:")
    for name, why in outcome.failed.items():
        click.echo(f"\n{name}")
        click.echo("\n".join(LAID_OUT.wrap(why)))
    click.echo("\nThen run this again: what was fetched is kept.")
    raise SystemExit(1)
