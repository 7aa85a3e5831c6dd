"""Every template compiles, is in use, and marks nothing safe that people typed."""

import re

import pytest
from flask import Flask, render_template_string
from jinja2 import UndefinedError

from webapp.drafts.models import Step
from webapp.staticfiles import PACKAGE, package_folder

FOLDER = package_folder("templates")
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(app: Flask, name: str) -> None:
    assert app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_but_our_own_words_is_marked_safe(name: str) -> None:
    assert not re.search(r"(?<!')\|\s*safe\b|autoescape false", (FOLDER / name).read_text())


@pytest.mark.parametrize("name", [name for name in TEMPLATES if "components/" not in name])
def test_every_field_goes_through_the_one_macro(name: str) -> None:
    boxes = re.findall(r"<(?:select|textarea)\b|<input\b(?![^>]*type=.hidden)", read(name))

    assert not boxes


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith(".html")])
def test_what_is_typed_is_escaped_in_every_page(app: Flask, name: str) -> None:
    assert app.jinja_env.autoescape
    assert app.select_jinja_autoescape(name)


def test_an_unknown_name_fails_instead_of_leaving_a_gap(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(UndefinedError):
        render_template_string("{{ nothing_of_this_name }}")


def test_every_template_is_in_use() -> None:
    code = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    texts = {name: read(name) for name in TEMPLATES}
    # Errors and mails are called by their number or name alone, and drafts by their step.
    called = {name: re.sub(r"emails/(?!_)(\w+)\.\w+", r"\1", name) for name in TEMPLATES}
    unused = [
        name
        for name in TEMPLATES
        if f'"{called[name]}"' not in code
        and not re.fullmatch(r"errors/\d+\.html", name)
        and name not in {f"drafts/{step.value}.html" for step in Step}
        and not any(f'"{name}"' in text for other, text in texts.items() if other != name)
    ]

    assert unused == []


def read(name: str) -> str:
    return (FOLDER / name).read_text()
