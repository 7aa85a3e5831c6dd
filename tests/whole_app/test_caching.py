"""What is public is the same for everybody and for caches; what is not, no cache may keep."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.whole_app.addresses import address, arguments_of, rules
from webapp.accounts.models import User
from webapp.security import Access, rule_of

SignIn = Callable[..., User]
LANGUAGES = ["", "/cy"]


@pytest.fixture
def arguments(app: Flask, session: Session) -> dict[str, str]:
    return arguments_of(app, session, make_user(session))


def addresses(app: Flask, arguments: dict[str, str], *, public: bool) -> list[str]:
    """Return the addresses that are fetched, of the public routes or of all others."""
    return [
        address(app, rule, arguments)
        for rule in rules(app)
        if "GET" in (rule.methods or ())
        and (access_of(app, rule.endpoint) is Access.PUBLIC) is public
    ]


def access_of(app: Flask, endpoint: str) -> Access | None:
    declared = rule_of(app.view_functions[endpoint])
    return declared and declared.access


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_public_pages_are_for_caches(
    app: Flask, client: PageClient, arguments: dict[str, str], language: str, method: str
) -> None:
    paths = addresses(app, arguments, public=True)
    for path in paths:
        answer = client.open(language + path, method=method)

        assert answer.status_code in {200, 302, 308}, path
        assert answer.headers["Cache-Control"].startswith("public, max-age="), path
        assert "Set-Cookie" not in answer.headers, path
        assert answer.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding", path
    assert len(paths) > 10


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["nobody", "neighbour", "staff"])
def test_all_other_pages_are_for_no_cache(
    app: Flask,
    client: PageClient,
    session: Session,
    arguments: dict[str, str],
    sign_in: SignIn,
    language: str,
    who: str,
) -> None:
    if who != "nobody":
        sign_in(make_user(session, staff=who == "staff"))
    paths = addresses(app, arguments, public=False)
    for path in paths:
        kept = "private, max-age=0" if path.endswith("/pledge") else "no-store"
        assert client.get(language + path).headers["Cache-Control"] == kept, path
    assert len(paths) > 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_public_page_is_the_same_for_everybody(
    app: Flask, client: PageClient, arguments: dict[str, str], sign_in: SignIn, language: str
) -> None:
    paths = [language + path for path in addresses(app, arguments, public=True)]

    def fetch(**headers: str) -> list[tuple[bytes, str]]:
        answers = [client.get(path, headers=headers) for path in paths]
        return [(answer.data, answer.headers["Cache-Control"]) for answer in answers]

    for_nobody = fetch()
    other_tongue = {"Accept-Language": "cy" if language == "" else "en"}
    assert fetch(Cookie="session=garbage; language=cy", **other_tongue) == for_nobody
    sign_in()
    assert fetch() == for_nobody


def test_what_is_not_there_is_kept_for_a_moment_and_never_when_it_is_stale(
    client: PageClient, session: Session, sign_in: SignIn
) -> None:
    pages = ["/events/bcdfghjkmn", "/cy/e/bcdfghjkmn", "/moments/nothing", "/groups/nothing"]
    for_nobody = [client.page(path) for path in pages]
    for answer in for_nobody:
        assert answer.status == 404
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=15"
    sign_in()
    assert [client.page(path).html for path in pages] == [each.html for each in for_nobody]

    # Neither longer than it is kept itself, nor for as long as what never changes.
    count, picture = "/api/v1/moments/nothing/count.json", "/media/nothing.webp"
    assert client.get(picture).headers["Cache-Control"] == "public, max-age=0, s-maxage=15"
    assert client.get(count).headers["Cache-Control"] == "public, max-age=5"


def test_other_errors_are_for_no_cache(client: PageClient, session: Session) -> None:
    for path in ("/nothing", "/events/bcdfghjkmn/manage"):
        assert client.page(path).headers["Cache-Control"] == "no-store", path
    assert client.page("/about", method="POST").headers["Cache-Control"] == "no-store"


def test_a_page_kept_from_an_earlier_release_still_finds_its_files(client: PageClient) -> None:
    answer = client.get("/static/earlier/css/base.css")

    assert answer.status_code == 302
    assert client.get(answer.location).status_code == 200
