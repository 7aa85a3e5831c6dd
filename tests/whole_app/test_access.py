"""Every route says who may use it, and means it; what is public is the same for everybody."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_group
from tests.whole_app.addresses import address, arguments_of, rules
from webapp.accounts.models import User
from webapp.security import Access, rule_of

SignIn = Callable[..., User]
WHO = ["nobody", "neighbour", "staff"]
REFUSED = {
    (Access.SIGNED_IN, "nobody"): 302,
    (Access.STAFF, "nobody"): 404,
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
def test_public_pages_are_for_caches_and_others_never(
    app: Flask, client: PageClient, arguments: dict[str, str], language: str
) -> None:
    for rule in rules(app):
        declared = rule_of(app.view_functions[rule.endpoint])
        assert declared
        if "GET" not in (rule.methods or ()):
            continue
        answer = client.page(language + address(app, rule, arguments))
        kept = answer.headers["Cache-Control"]
        if declared.access is Access.PUBLIC and answer.status < 400:
            assert kept.startswith("public"), rule
            assert "Set-Cookie" not in answer.headers, rule
            assert "Cookie" not in answer.headers.get("Vary", ""), rule
        else:
            assert kept == "no-store", rule


def test_a_public_page_is_the_same_for_who_is_signed_in(
    app: Flask, client: PageClient, arguments: dict[str, str], sign_in: SignIn
) -> None:
    paths = [
        address(app, rule, arguments)
        for rule in rules(app)
        if "GET" in (rule.methods or ())
        and getattr(rule_of(app.view_functions[rule.endpoint]), "access", None) is Access.PUBLIC
    ]
    before = [client.get(path).data for path in paths]
    sign_in()

    assert [client.get(path).data for path in paths] == before
    assert len(paths) > 10


def test_a_host_of_another_group_is_told_nothing_of_ours(
    client: PageClient, session: Session, sign_in: SignIn, arguments: dict[str, str]
) -> None:
    other = sign_in()
    make_group(session, by=other)
    session.commit()

    assert client.page(f"/events/{arguments['public_id']}/listed").status == 403
