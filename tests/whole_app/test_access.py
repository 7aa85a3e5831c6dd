"""Every route says who may use it, and means it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_group
from tests.whole_app.addresses import address, arguments_of, rules
from webapp.accounts.models import STAFF, Role, User
from webapp.app import create_app
from webapp.config import Environment, Settings
from webapp.security import (
    Access,
    development_only,
    public,
    rule_of,
    signed_in,
    staff,
    uncached,
)

SignIn = Callable[..., User]
WHO = ["nobody", "neighbour", "staff"]
REFUSED = {
    (Access.SIGNED_IN, "nobody"): 302,
    (Access.STAFF, "nobody"): 302,
    (Access.STAFF, "neighbour"): 404,
    (Access.DEVELOPMENT, "nobody"): 404,
    (Access.DEVELOPMENT, "neighbour"): 404,
    (Access.DEVELOPMENT, "staff"): 404,
}


@pytest.fixture
def arguments(app: Flask, session: Session) -> dict[str, str]:
    return arguments_of(app, session, make_user(session))


def enter(session: Session, sign_in: SignIn, who: str) -> None:
    if who != "nobody":
        sign_in(make_user(session, staff=who == "staff"))


def test_every_route_declares_its_access(app: Flask) -> None:
    undeclared = [
        rule.endpoint for rule in rules(app) if rule_of(app.view_functions[rule.endpoint]) is None
    ]

    assert undeclared == []


@pytest.mark.parametrize("who", WHO)
def test_every_route_keeps_to_what_it_declares(
    app: Flask,
    client: PageClient,
    session: Session,
    sign_in: SignIn,
    arguments: dict[str, str],
    who: str,
) -> None:
    enter(session, sign_in, who)
    for rule in rules(app):
        declared = rule_of(app.view_functions[rule.endpoint])
        assert declared
        expected = REFUSED.get((declared.access, who))
        for method in (rule.methods or set()) & {"GET", "POST"}:
            path = address(app, rule, arguments)
            status = client.open(path, method=method).status_code
            assert status != 500, (method, path)
            if expected:
                # A post is refused for its missing token before anybody asks who sent it.
                assert status == expected or (method == "POST" and status == 400), (method, path)


@pytest.mark.parametrize("language", ["", "/cy"])
def test_who_must_sign_in_is_led_there_and_back(
    app: Flask, client: PageClient, arguments: dict[str, str], language: str
) -> None:
    for rule in rules(app):
        declared = rule_of(app.view_functions[rule.endpoint])
        if declared and declared.access is Access.SIGNED_IN and "GET" in (rule.methods or ()):
            path = language + address(app, rule, arguments)

            assert client.page(path).location == f"{language}/account/sign-in?next={path}"


@pytest.mark.parametrize(
    ("declare", "seen_by"),
    [
        (lambda view: view, []),
        (public(), WHO),
        (uncached, WHO),
        (signed_in, ["neighbour", "staff"]),
        (staff, ["staff"]),
        (development_only, []),
    ],
)
@pytest.mark.parametrize("who", WHO)
def test_what_each_declaration_means(
    settings: Settings, declare: Callable[..., Any], seen_by: list[str], who: str
) -> None:
    people = {
        "nobody": None,
        "neighbour": User(email="neighbour@example.org", active=True),
        "staff": User(email="staff@example.org", active=True, roles=[Role(name=STAFF)]),
    }
    app = create_app(settings)
    app.add_url_rule("/example", "example", declare(lambda: "seen"))
    app.login_manager.request_loader(lambda _request: people[who])  # type: ignore[attr-defined]  # Flask-Login puts it there

    answer = app.test_client().get("/example")

    assert (answer.text == "seen") is (who in seen_by)
    if who not in seen_by:
        is_asked = declare is signed_in or (declare is staff and who == "nobody")
        assert answer.status_code == (302 if is_asked else 404)


def test_a_page_for_developers_exists_on_a_developers_machine(settings: Settings) -> None:
    development = settings.model_copy(update={"environment": Environment.DEVELOPMENT})

    assert create_app(development).test_client().get("/dev/mail").status_code == 200
    assert create_app(settings).test_client().get("/dev/mail").status_code == 404


def test_a_host_of_another_group_is_told_nothing_of_ours(
    client: PageClient, session: Session, sign_in: SignIn, arguments: dict[str, str]
) -> None:
    other = sign_in()
    make_group(session, by=other)
    session.commit()

    assert client.page(f"/events/{arguments['public_id']}/manage").status == 403
