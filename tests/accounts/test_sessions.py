"""A session lasts as long as its row."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from webapp.accounts.browsers import KEEP_UNUSED, forget_unused_browsers, sign_in_browser
from webapp.accounts.devices import device_name
from webapp.accounts.limits import LIMIT_WINDOW, Client
from webapp.accounts.models import SignedIn, SignInTry, User
from webapp.accounts.tasks import forget_browsers, forget_codes

ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
SignIn = Callable[..., User]


def rows(session: Session) -> list[SignedIn]:
    return list(session.scalars(select(SignedIn).order_by(SignedIn.created_at)))


def test_signing_in_makes_a_row_that_names_the_device_and_no_address(
    session: Session, client: PageClient, sign_in_by_code: Callable[..., Page]
) -> None:
    client.environ_base["HTTP_USER_AGENT"] = ANDROID
    sign_in_by_code("a@example.org")
    (row,) = rows(session)
    assert row.device == "Firefox, Android"
    assert row.proved_at is None
    assert client.page("/account").status == 200


def test_deleting_the_row_ends_the_session(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    sign_in()
    session.delete(rows(session)[0])
    session.commit()
    assert client.page("/account").location.startswith("/account/sign-in")


@pytest.mark.parametrize("value", [None, "", "x", "0" * 32, 7])
def test_a_cookie_without_its_row_is_nobodys(
    client: PageClient, sign_in: SignIn, value: object
) -> None:
    sign_in()
    with client.session_transaction() as cookie:
        cookie["signed_in"] = value
    assert client.page("/account").location.startswith("/account/sign-in")


def test_a_row_of_somebody_else_signs_nobody_in(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    sign_in()
    other = sign_in_browser(session, make_user(session), device="", now=NOW)
    session.commit()
    with client.session_transaction() as cookie:
        cookie["signed_in"] = str(other.id)
    assert client.page("/account").location.startswith("/account/sign-in")


def test_signing_out_deletes_the_row(session: Session, client: PageClient, sign_in: SignIn) -> None:
    sign_in()
    token = client.page("/account").value("csrf_token")
    client.send("/account/sign-out", {"csrf_token": token}, csrf=False)
    assert rows(session) == []


def test_use_is_noted_at_most_once_an_hour(
    session: Session, client: PageClient, sign_in: SignIn, clock, questions: list[str]
) -> None:
    sign_in()
    noted = []
    for minutes in (59, 2, 58, 3):
        clock.shift(timedelta(minutes=minutes))
        client.page("/account")
        session.expire_all()
        noted.append((rows(session)[0].seen_at - NOW) // timedelta(minutes=1))
    assert noted == [0, 61, 61, 122]
    assert sum(question.startswith("UPDATE signed_in") for question in questions) == 2


def test_after_a_month_without_use_a_browser_is_signed_out(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    sign_in()
    session.execute(update(SignedIn).values(seen_at=NOW - KEEP_UNUSED))
    session.commit()
    assert client.page("/account").status == 302
    forget_unused_browsers(session, NOW)
    assert rows(session) == []


def test_a_browser_in_use_is_kept(session: Session, sign_in: SignIn) -> None:
    sign_in()
    forget_unused_browsers(session, NOW + KEEP_UNUSED - timedelta(minutes=1))
    assert len(rows(session)) == 1


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (ANDROID, "Firefox, Android"),
        ("(iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("(Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"),
        ("(X11; CrOS x86_64 14541.0.0) Chrome/140.0.0.0 Safari/537.36", "Chrome, Chromebook"),
        ("(Linux; Android 14) SamsungBrowser/27.0 Chrome/125", "Samsung Internet, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_in_two_words(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_the_clock_forgets_unused_browsers_and_old_tries(app: Flask, session: Session) -> None:
    user = make_user(session)
    sign_in_browser(session, user, device="kept", now=NOW)
    sign_in_browser(session, user, device="unused", now=NOW - KEEP_UNUSED)
    for age in (timedelta(), LIMIT_WINDOW + timedelta(seconds=1)):
        Client("192.0.2.1", "a-key").note_try(session, NOW - age)
    session.commit()
    with app.app_context():
        forget_browsers(0)
        forget_codes(0)
    assert [row.device for row in rows(session)] == ["kept"]
    assert session.execute(select(func.count()).select_from(SignInTry)).scalar_one() == 1
