"""Bring everything up to date that comes from official files: fetch them, then import them.

What one file lacks does not stop the others. Imports and what follows them are handed in, because
some of it belongs to features above this one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from webapp.places.imports.fetching import FetchError, found_by_hand
from webapp.places.imports.sources import BY_NAME, Source

Say = Callable[[str], object]


class ImportFailedError(Exception):
    """A file could not be imported, and the old data are as they were; says why in sentences."""


@dataclass(frozen=True)
class Import:
    """What is made of fetched files: `run` takes their paths by name, and returns its report.

    It takes those of its sources that are there, one at least, and raises ImportFailedError.
    """

    title: str
    sources: tuple[str, ...]
    run: Callable[[Mapping[str, Path]], str]


@dataclass(frozen=True)
class FollowUp:
    """What is done once after the imports, such as giving events their areas anew."""

    title: str
    run: Callable[[], str]


@dataclass
class Outcome:
    """What was loaded, and what was not and why."""

    loaded: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def fails(self, name: str, why: str) -> None:
        """Keep why something failed; the first reason is the one to act on."""
        self.failed.setdefault(name, why)


def fetch_all(
    sources: Iterable[Source], fetch: Callable[[Source], str], say: Say, outcome: Outcome
) -> None:
    """Fetch each source; `fetch` returns what became of it and raises FetchError."""
    for source in sources:
        say(f"  {source.name}: {source.title}")
        try:
            say(f"    {fetch(source)}")
        except FetchError as error:
            say("    failed")
            outcome.fails(source.name, str(error))


def import_all(
    imports: Iterable[Import], folder: Path, names: Iterable[str], say: Say, outcome: Outcome
) -> None:
    """Run each import that is about any of these sources, with all files that the folder has."""
    wanted = set(names)
    for each in imports:
        if wanted.isdisjoint(each.sources):
            continue
        paths = _paths(each, folder, outcome)
        if not paths:
            _not_loaded(each, folder, outcome)
            continue
        _run(each.title, partial(each.run, paths), say, outcome)


def follow_up(follow_ups: Iterable[FollowUp], say: Say, outcome: Outcome) -> None:
    """Do what comes after the imports, where any of them loaded something."""
    if outcome.loaded:
        for each in follow_ups:
            _run(each.title, each.run, say, outcome)


def _run(title: str, run: Callable[[], str], say: Say, outcome: Outcome) -> None:
    say(f"{title}:")
    try:
        report = run()
    except ImportFailedError as error:
        say("  failed")
        outcome.fails(title, str(error))
    else:
        say("\n".join(f"  {line}" for line in report.splitlines()))
        outcome.loaded.append(title)


def _paths(each: Import, folder: Path, outcome: Outcome) -> dict[str, Path]:
    """Return the import’s files that are there and usable, by the name of their source.

    One that could not be brought up to date is used as it is.
    """
    paths = {}
    for source in (BY_NAME[name] for name in each.sources):
        try:
            found_by_hand(source, folder)
        except FetchError as error:
            outcome.fails(source.name, str(error))
            continue
        if (path := source.path_in(folder)).is_file():
            paths[source.name] = path
    return paths


def _not_loaded(each: Import, folder: Path, outcome: Outcome) -> None:
    """Say what an import lacks, unless it was said when that could not be fetched."""
    for source in (BY_NAME[name] for name in each.sources):
        why = f"There is no {source.path_in(folder)}: {source.by_hand(folder)}."
        outcome.fails(source.name, why)
