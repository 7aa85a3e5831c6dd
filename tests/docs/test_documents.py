"""What the documents say is so: links lead somewhere, commands exist, settings are all there."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from click import Command, Context, Group
from flask import Flask

from dev.commands import COMMANDS
from tests.whole_app.house import ROOT, tracked
from tests.whole_app.test_house import FOLDERS
from webapp.config import Settings

DOCUMENTS = tracked(".md")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAKE = re.compile(r"(?:^|[`“] ?|moment-map )make ([a-z][a-z-]+)", re.MULTILINE)
FLASK = re.compile(r"\bflask (?:--app webapp\.app )?((?:[a-z-]+ ?)+)")


def text_of(document: Path) -> str:
    """Return a document's text."""
    return (ROOT / document).read_text()


def anchors_in(text: str) -> set[str]:
    """Return the anchors that a document's headings make."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}


def code_in(text: str) -> str:
    """Return what a document sets as code: blocks, and words between backticks."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    words = re.findall(
        r"`([^`\n]+(?:\n[^`\n]+)?)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    )
    return "\n".join([*blocks, *(" ".join(each.split()) for each in words)])


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(text_of(document)):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors_in(target.read_text()), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_make_command_exists(document: Path) -> None:
    assert set(MAKE.findall(code_in(text_of(document)))) <= set(COMMANDS)


def test_the_makefile_helps_with_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()

    assert set(re.findall(r"^#: ([a-z-]+)", makefile, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_flask_command_exists(document: Path, app: Flask) -> None:
    for words in FLASK.findall(code_in(text_of(document))):
        assert is_command(app.cli, words.split()), f"flask {words}"


def is_command(command: Command, words: list[str]) -> bool:
    """Tell whether words are a command and its sub-commands, the rest being arguments."""
    while words and isinstance(command, Group):
        found = command.get_command(Context(command), words.pop(0))
        if found is None:
            return False
        command = found
    return True


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    table = text_of(Path("docs/deploy.md")).rpartition("## Settings")[2]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    of_make = {"BIND", "WEB_WORKERS", "WEB_THREADS", "BACKUP_FOLDER"}

    assert listed == {name.upper() for name in Settings.model_fields} | of_make


def test_the_usual_values_in_the_table_are_those_of_the_site() -> None:
    table = text_of(Path("docs/deploy.md")).rpartition("## Settings")[2]
    for row in table.splitlines():
        _, names, values, *_ = [*row.split("|"), "", ""]
        for name, value in zip(
            re.findall(r"`([A-Z_]+)`", names), re.findall(r"`([^`]+)`", values), strict=False
        ):
            field = Settings.model_fields.get(name.lower())
            if field is not None and field.default != "":
                assert value.lower() == str(field.default).lower(), name


def test_the_nightly_backup_finds_what_it_runs() -> None:
    # Debian’s cron gives a job /usr/bin and /bin alone.
    job = text_of(Path("docs/deploy.md")).partition("/etc/cron.d/moment-map`:\n\n```\n")[2]
    path, line, *_ = job.splitlines()
    folders = path.removeprefix("PATH=").split(":")

    assert " root moment-map make backup " in line
    # Of the script moment-map, of runuser, and of all else.
    assert {"/usr/local/bin", "/usr/sbin", "/usr/bin", "/bin"} <= set(folders)


def test_the_readmes_map_shows_every_folder() -> None:
    assert set(re.findall(r"^\| `([\w.]+)/`", text_of(Path("README.md")), re.MULTILINE)) == FOLDERS


def test_decisions_are_numbered_and_say_their_number() -> None:
    decisions = sorted(path for path in DOCUMENTS if path.parent == Path("docs/decisions"))

    for number, path in enumerate(decisions, 1):
        assert path.name.startswith(f"{number:04}-")
        assert text_of(path).startswith(f"# {number}. ")
        assert 100 < len(text_of(path).split()) < 500


def test_the_readmes_picture_is_small() -> None:
    assert (ROOT / "docs" / "images" / "home.webp").stat().st_size < 80_000
