"""Every route, times everybody: who is answered, who must sign in, who is refused.

What each may is in `access_table.py`. A route that is not in it fails, and so does a row that no
route has any more.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_member
from tests.whole_app.access_table import PEOPLE, TABLE
from tests.whole_app.addresses import address, rules
from tests.whole_app.undone import undone
from tests.whole_app.world import World
from webapp.accounts.models import User
from webapp.events.models import PUBLIC_STATUSES, EventStatus
from webapp.security import Access, rule_of

SignIn = Callable[..., User]
ROWS = {f"{line} {feature}.{name}": "".join(cells.split())
        for feature, rows in TABLE.items()
        for heading, cells in rows.items()
        for line, name in [heading.split()]}  # fmt: skip


def lines(app: Flask) -> dict[str, tuple[str, Rule]]:
    """Return each route as the table names it, with its method."""
    return {
        f"{method} {named(rule)}": (method, rule)
        for rule in rules(app)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


# Where nobody is answered without signing in.
ASKED = frozenset({Access.SIGNED_IN, Access.STAFF})


def named(rule: Rule) -> str:
    """Return an endpoint with its feature; the application’s own belong to the site."""
    return rule.endpoint if "." in rule.endpoint else f"site.{rule.endpoint}"


def test_every_route_is_in_the_table_and_every_row_has_a_route(app: Flask) -> None:
    known, found = set(ROWS), set(lines(app))

    assert sorted(found - known) == [], "routes without a row in tests/whole_app/access_table.py"
    assert sorted(known - found) == [], "rows of tests/whole_app/access_table.py without a route"
    assert {len(cells) for cells in ROWS.values()} == {len(PEOPLE)}
    assert set("".join(ROWS.values())) == set("OSFN")


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    return World(app, session, make_user(session))


def person(session: Session, world: World, who: str) -> User | None:
    """Return who asks; nobody is None."""
    if who == "nobody":
        return None
    known = {"owner": world.host, "coordinator": world.coordinator, "other owner": world.other}
    if who in known:
        return known[who]
    if who == "editor":
        return make_member(session, world.group)
    return make_user(session, staff=who == "staff")


def answered(client: PageClient, method: str, path: str, *, must_sign_in: bool) -> str:
    """Return the letter of the table for what a request is answered."""
    answer = client.open(path, method=method)
    assert answer.status_code < 500, (method, path)
    if must_sign_in and answer.status_code == 302:
        return "S" if answer.location.startswith("/account/sign-in") else "O"
    return {403: "F", 404: "N"}.get(answer.status_code, "O")


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_is_answered_what_the_table_says(
    app: Flask,
    client: PageClient,
    session: Session,
    world: World,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
) -> None:
    # A token would be asked for before anybody asks who sends the form.
    monkeypatch.setitem(app.config, "WTF_CSRF_CHECK_DEFAULT", False)
    arguments = world.known
    user = person(session, world, who)
    session.commit()
    if user is not None:
        sign_in(user)
    cookies, column = dict(client._cookies or {}), PEOPLE.index(who)
    connection = session.connection()
    wrong = []
    for line, (method, rule) in lines(app).items():
        client._cookies = dict(cookies)
        declared = rule_of(app.view_functions[rule.endpoint])
        must_sign_in = user is None and declared.access in ASKED
        path = address(app, rule, arguments)
        with undone(connection):
            found = answered(client, method, path, must_sign_in=must_sign_in)
        expected = ROWS[line][column] if line in ROWS else "?"
        if found != expected:
            wrong.append(f"{line}: {found}, not {expected}")

    assert wrong == []


@pytest.mark.parametrize("status", [each for each in EventStatus if each not in PUBLIC_STATUSES])
@pytest.mark.parametrize("who", ["nobody", "neighbour"])
def test_of_an_event_that_is_not_public_there_is_no_trace(
    app: Flask,
    client: PageClient,
    session: Session,
    world: World,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
    status: EventStatus,
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_CHECK_DEFAULT", False)
    arguments = world.known | {"headcounts.public_id": world.event.public_id}
    world.event.status = status
    session.commit()
    if who == "neighbour":
        sign_in()
    traces = []
    for line, (method, rule) in lines(app).items():
        path = address(app, rule, arguments)
        if world.event.public_id in path.split("/"):
            found = answered(client, method, path, must_sign_in=who == "nobody")
            if found not in {"N", "S"}:
                traces.append(f"{line}: {found}")

    assert traces == []
