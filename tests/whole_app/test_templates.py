"""Every template compiles, and nothing that people typed is marked safe."""

import re
from pathlib import Path

import pytest
from flask import Flask

from webapp.staticfiles import package_folder

FOLDER = package_folder("templates")
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(app: Flask, name: str) -> None:
    assert app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_but_our_own_words_is_marked_safe(name: str) -> None:
    assert not re.search(r"(?<!')\|\s*safe\b|autoescape false", (Path(FOLDER) / name).read_text())
