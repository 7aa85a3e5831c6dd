"""The house stands as it was drawn: its folders, its import rules, and what is in no file of it."""

import ast
import configparser
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.whole_app.house import ROOT, texts_of_tracked_files, tracked

FOLDERS = {
    ".ci",
    "bench",
    "dev",
    "docs",
    "geo",
    "requirements",
    "seed_data",
    "static",
    "templates",
    "tests",
    "webapp",
}
FILES = {
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "eslint.config.mjs",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "setup.cfg",
}

# Written in pieces, for this file is one of those that are looked through.
INDEX_HOSTS = [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "(org|com)"), ("yarnpkg", "com")]
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "X" * 3, "not implemented" + " yet"]
HTML_FROM_TEXT = r"\.(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function"


def config() -> configparser.ConfigParser:
    """Return setup.cfg."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg")
    return parser


def lines_with(pattern: str, *, flags: re.RegexFlag = re.NOFLAG, below: str = "") -> list[str]:
    """Return the lines of tracked files below a folder that hold a pattern."""
    wanted = re.compile(pattern, flags)
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path, text in texts_of_tracked_files().items()
        if str(path).startswith(below)
        for number, line in enumerate(text.splitlines(), 1)
        if wanted.search(line)
    ]


def test_the_top_holds_what_the_map_of_the_house_shows() -> None:
    assert {path.parts[0] for path in tracked() if len(path.parts) > 1} == FOLDERS
    assert {path.name for path in tracked() if len(path.parts) == 1} == FILES


def test_imports_follow_the_contracts() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_name_every_feature() -> None:
    contract = config()["importlinter:contract:features"]
    layers = {name.strip() for name in re.split(r"[|\n]", contract["layers"]) if name.strip()}
    modules = {
        path.parts[1].removesuffix(".py") for path in tracked(".py") if path.parts[0] == "webapp"
    }

    assert contract.getboolean("exhaustive")
    assert layers == modules - {"__init__"}


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in tracked(".py")
        if path.name == "__init__.py" and path.parts[0] in {"geo", "webapp"}
    ],
    ids=str,
)
def test_a_folder_of_code_begins_with_a_docstring_alone(path: Path) -> None:
    module = ast.parse((ROOT / path).read_text())

    assert ast.get_docstring(module)
    assert len(module.body) == 1


def test_no_module_is_named_for_nothing() -> None:
    empty = {
        "utils",
        "util",
        "helpers",
        "helper",
        "services",
        "service",
        "manager",
        "common",
        "misc",
    }

    assert [path for path in tracked(".py", ".js", ".mjs") if path.stem in empty] == []


def test_setup_cfg_holds_the_metadata() -> None:
    metadata = config()["metadata"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    front_end = json.loads((ROOT / "package.json").read_text())

    assert metadata["name"] == front_end["name"] == "moment-map"
    assert metadata["version"] == front_end["version"]
    assert metadata["license"] == front_end["license"] == "MIT"
    assert set(project) == {"build-system", "tool"}
    assert set(project["tool"]) == {"ruff"}


def test_the_changelog_tells_of_this_version() -> None:
    headings = re.findall(r"(?m)^## (\S+)", (ROOT / "CHANGELOG.md").read_text())

    assert config()["metadata"]["version"] in headings


def test_continuous_integration_can_start() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    places = [Path("/root"), Path.home(), ROOT]
    names = [re.escape(str(place)) for place in places if place != Path("/")]

    assert lines_with(rf"(?<![\w.$}}/-])({'|'.join(names)})/") == []


def test_no_file_names_a_package_index() -> None:
    hosts = "|".join(rf"\b{name}\.{top}\b" for name, top in INDEX_HOSTS)

    assert lines_with(hosts) == []
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_nothing_weakens_the_content_security_policy() -> None:
    assert lines_with("un" + "safe-(inline|eval|hashes)") == []


def test_scripts_never_make_markup_out_of_text() -> None:
    assert lines_with(HTML_FROM_TEXT, below="static/js/") == []


def test_nothing_is_unfinished_by_its_own_words() -> None:
    assert lines_with(r"\b(" + "|".join(UNFINISHED) + r")\b") == []


def test_nothing_fetched_or_built_is_in_the_repository() -> None:
    made = re.compile(r"^(static/(vendor|gen)|node_modules|\.local|\.venv)/|\.(pyc|mo|pot|br|gz)$")

    assert [path for path in tracked() if made.search(str(path))] == []
