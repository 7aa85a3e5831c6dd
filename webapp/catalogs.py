"""The Welsh of every text: collecting what there is to say, checking it, and making it fast to read.

The catalog in webapp/translations keeps no line numbers, so that it changes only when a text does.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent
SOURCES = (PACKAGE, PACKAGE.parent / "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
JINJA = {"extensions": "webassets.ext.jinja2.AssetsExtension", "trimmed": "true", "silent": "false"}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
# The header’s dates would make every update a change.
FIXED_DATE = datetime(2026, 11, 21, tzinfo=UTC)
PLACEHOLDERS = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+[^>]*>")


def catalog_path(package: Path = PACKAGE) -> Path:
    """Return where the Welsh catalog lies."""
    return package / "translations" / "cy" / "LC_MESSAGES" / "messages.po"


def read_catalog(path: Path) -> Catalog:
    """Return a catalog from its file."""
    with path.open("rb") as file:
        return read_po(file, locale="cy")


def collect_texts() -> Catalog:
    """Return every text of the site, without translations, in the order of the files."""
    catalog = Catalog(charset="utf-8")
    for source in SOURCES:
        options = {pattern: JINJA for pattern, method in METHODS if method == "jinja2"}
        found = extract_from_dir(
            source, METHODS, options, keywords=KEYWORDS, comment_tags=(), strip_comment_tags=True
        )
        for _file, _line, message, _comments, context in found:
            catalog.add(message, context=context)
    return catalog


def problems_of(catalog: Catalog, texts: Catalog) -> Iterator[str]:
    """Yield a sentence for each text that lacks its Welsh, or whose Welsh cannot be right."""
    for wanted in texts:
        if not wanted.id:
            continue
        message = catalog.get(wanted.id, wanted.context)
        if message is None or not _is_complete(message):
            yield f"No Welsh for: {_english(wanted)}"
        elif message.fuzzy:
            yield f"The English has changed, check the Welsh: {_english(wanted)}"
        elif not _placeholders_agree(message):
            yield f"The Welsh has other placeholders or tags than the English: {_english(wanted)}"
    for message in catalog:
        if message.id and message.id not in texts:
            yield f"Nothing says this any more: {_english(message)}"


@click.group()
def language() -> None:
    """Look after the Welsh texts."""


@language.command("update")
def update() -> None:
    """Add new texts to the Welsh catalog and drop those that are gone."""
    path = catalog_path()
    catalog = read_catalog(path) if path.exists() else Catalog(locale="cy", charset="utf-8")
    catalog.update(collect_texts(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    _write(catalog, path)
    click.echo(f"{sum(1 for message in catalog if message.id)} texts are in {path.name}.")


@language.command("compile")
def compile_catalog() -> None:
    """Make the catalog that the site reads."""
    path = catalog_path()
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, read_catalog(path))


@language.command("check")
def check() -> None:
    """Fail with a sentence for each text whose Welsh is missing or cannot be right."""
    problems = list(problems_of(read_catalog(catalog_path()), collect_texts()))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        message = f"{len(problems)} texts need Welsh: see docs/welsh-review.md for how."
        raise click.ClickException(message)


def _write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.header_comment = "# The Welsh of Moment Map."
    catalog.fuzzy = False
    catalog.project, catalog.version = "Moment Map", ""
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    catalog.creation_date = catalog.revision_date = FIXED_DATE
    with path.open("wb") as file:
        write_po(file, catalog, no_location=True, sort_output=True, omit_header=False, width=100)


def _is_complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


def _placeholders_agree(message: Message) -> bool:
    if not isinstance(message.id, tuple):
        return sorted(PLACEHOLDERS.findall(str(message.id))) == sorted(
            PLACEHOLDERS.findall(str(message.string))
        )
    # A plural may leave its number out where a word says it: “dim”, “un”.
    known = set(PLACEHOLDERS.findall(" ".join(message.id)))
    return all(set(PLACEHOLDERS.findall(str(form))) <= known for form in message.string or ())


def _english(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)
