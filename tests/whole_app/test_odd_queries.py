"""Whatever stands behind the question mark of any address, the site answers with a page."""

import os
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.whole_app.addresses import address, arguments_of, rules
from tests.whole_app.walks import WALKERS, paths_of, walker
from tests.whole_app.world import World
from webapp.accounts.models import User
from webapp.moments.queries import moment_of_slug

OWN = ["moment", "event", "place", "postcode", "lat", "lon", "page", "bbox", "most", "party"]
HOSTS = ["group", "new", "past", "coming", "sort", "unlisted", "size", "meeting", "find", "email"]
OTHERS = ["next", "q", "thanks", "nonce", "language", "utm_source"]
# What Flask’s own functions would take for options, were a query handed on to them.
OPTIONS = ["endpoint", "self", "values", "_external", "_scheme", "_method", "_anchor", "__class__"]
VALUES = ["", "1", "x", "-1", "nan", "9" * 5000, "%00", "%EF%BF%BE", "%FF", "[]", "٣", "1&{name}=2"]
TRIED = VALUES if os.environ.get("SOAK") else ["x", "-1", "9" * 5000]


@pytest.fixture
def arguments(app: Flask, session: Session) -> dict[str, str]:
    arguments = arguments_of(app, session, make_user(session))
    moment = moment_of_slug(session, "neighbours-day")
    # So many that lists have pages.
    for number in range(25):
        make_event(session, moment=moment, title=f"Party {number}")
    session.commit()
    return arguments


def test_any_query_at_any_address_is_answered(
    app: Flask, client: PageClient, arguments: dict[str, str]
) -> None:
    paths = [address(app, rule, arguments) for rule in rules(app) if "GET" in (rule.methods or ())]
    for path in paths:
        mark = "&" if "?" in path else "?"
        for name in OWN + HOSTS + OTHERS + OPTIONS:
            for value in TRIED:
                asked = f"{path}{mark}{name}={value.format(name=name)}"
                answer = client.get(asked)
                assert answer.status_code < 500, asked
                assert answer.status_code != 400 or "geojson" in path, asked
    assert len(paths) > 20


@pytest.mark.parametrize("who", [each for each in WALKERS if each != "nobody"])
def test_any_query_at_pages_of_those_who_sign_in_is_answered(
    app: Flask, client: PageClient, session: Session, sign_in: Callable[..., User], who: str
) -> None:
    world = World(app, session, make_user(session))
    paths = [path for path in paths_of(app, world, who) if not path.endswith(".pdf")]
    session.commit()
    sign_in(walker(session, world, who))
    names = OWN + HOSTS + OTHERS + OPTIONS
    for path in paths:
        for value in TRIED:
            query = "&".join(f"{name}={value.format(name=name)}" for name in names)
            assert client.get(f"{path}?{query}").status_code < 500, (path, value)
    assert paths


def test_a_query_that_nobody_asked_for_changes_nothing(
    app: Flask, client: PageClient, arguments: dict[str, str]
) -> None:
    for path in ("/", "/events", "/moments/neighbours-day", "/about"):
        usual, marked = client.page(path), client.page(f"{path}?utm_source=letter&endpoint=x")

        assert marked.text == usual.text
        assert not [link for link in marked.links if "utm" in link and not link.startswith("/cy")]
