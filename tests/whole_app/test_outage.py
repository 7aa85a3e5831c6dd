"""When the database is away, people get a page that says so, and nothing is half-taken."""

import pytest

from tests.checked_pages import PageClient
from webapp.app import create_app
from webapp.config import Settings


@pytest.fixture(scope="module")
def cut_off(settings: Settings) -> PageClient:
    nowhere = {"database_url": "postgresql://site@127.0.0.1:1/nothing"}
    app = create_app(settings.model_copy(update=nowhere))
    app.test_client_class = PageClient
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.mark.parametrize("path", ["/", "/cy/", "/events", "/events/bcdfghjkmn", "/moments/any"])
def test_pages_that_need_it_say_that_it_is_away(cut_off: PageClient, path: str) -> None:
    page = cut_off.page(path)

    assert page.status == 503
    assert page.headers["Cache-Control"] == "no-store"
    assert len(page.h1) > 10


@pytest.mark.parametrize("path", ["/about", "/privacy", "/accessibility", "/cy/help/how-we-count"])
def test_pages_that_do_not_need_it_go_on(cut_off: PageClient, path: str) -> None:
    assert cut_off.page(path).status == 200


def test_a_pledge_is_refused_with_a_page(cut_off: PageClient) -> None:
    page = cut_off.send("/events/bcdfghjkmn/pledge", {"nonce": "x", "party": "1"}, csrf=False)

    assert page.status == 503


def test_data_for_programs_says_so_too(cut_off: PageClient) -> None:
    answer = cut_off.page("/api/v1/events.geojson?moment=any")

    assert answer.status == 503
    assert answer.json == {"error": 503}
