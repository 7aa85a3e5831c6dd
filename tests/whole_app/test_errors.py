"""Every error has a page of ours, in both languages, that says nothing of the inside."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tests.checked_pages import Page, PageClient
from webapp.app import create_app
from webapp.config import Settings
from webapp.security import uncached

SECRET = "a-secret-that-no-page-shows"


def fail_with(error: Exception) -> Callable[[], Any]:
    def view() -> None:
        raise error

    return view


@pytest.fixture
def page_of(settings: Settings) -> Callable[..., Page]:
    """Fetch a page whose view does something that goes wrong."""

    def fetch(view: Callable[[], Any], path: str = "/example", prefix: str = "") -> Page:
        app = create_app(settings)
        app.test_client_class = PageClient
        app.add_url_rule(path, "example", uncached(view))
        client = app.test_client()
        assert isinstance(client, PageClient)
        return client.page(prefix + path)

    return fetch


@pytest.mark.parametrize("language", ["", "/cy"])
@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 410, 413, 414, 422, 429, 500, 503])
def test_every_code_has_a_page(page_of: Callable[..., Page], language: str, code: int) -> None:
    page = page_of(lambda: abort(code), prefix=language)

    assert page.status == code
    assert page.tree.get("lang") == ("cy" if language else "en-GB")
    assert len(page.h1) > 10
    assert f"{language}/" in page.links
    assert page.headers["Cache-Control"] == "no-store"
    assert str(code) not in page.h1


@pytest.mark.parametrize("language", ["", "/cy"])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError(SECRET), 500),
        (ZeroDivisionError(SECRET), 500),
        (RecursionError(SECRET), 500),
        (OperationalError(SECRET, {}, Exception(SECRET)), 503),
        (PoolTimeoutError(SECRET), 503),
    ],
    ids=str,
)
def test_what_went_wrong_stands_in_the_log_alone(
    page_of: Callable[..., Page],
    caplog: pytest.LogCaptureFixture,
    language: str,
    error: Exception,
    code: int,
) -> None:
    page = page_of(fail_with(error), prefix=language)

    assert page.status == code
    for word in (SECRET, "Traceback", "Error", "sqlalchemy"):
        assert word not in page.html
    assert caplog.records[-1].levelname == "ERROR"


@pytest.mark.parametrize(("view", "code"), [(lambda: abort(404), 404), (lambda: 1 // 0, 500)])
def test_programs_are_told_in_json(
    page_of: Callable[..., Page], view: Callable[[], Any], code: int
) -> None:
    answer = page_of(view, path="/api/v1/example")

    assert (answer.status, answer.json) == (code, {"error": code})
