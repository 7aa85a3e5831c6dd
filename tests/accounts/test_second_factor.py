"""Authenticator apps, and what staff must prove."""

from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.test_passkeys import make_passkey
from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.groups import make_group
from tests.sentences import said
from webapp.accounts.authenticator import Authenticator
from webapp.accounts.browsers import PROOF_LIFETIME
from webapp.accounts.limits import MAX_TRIES_PER_ACCOUNT
from webapp.accounts.models import SignedIn, User
from webapp.database import utc_now
from webapp.outbox import OutgoingMail

SignIn = Callable[..., User]
HALF_MINUTE = 30
STAFF_PAGE = "/staff"
WRONG = ["This is not the code. Wait for the next one and try again."]


def app_with(key: str) -> TOTP:
    """Return an app that has been told the key on the page."""
    return TOTP(key=key.replace(" ", ""), format="base32")


def key_on(page: Page) -> str:
    return next(each.text for each in page.all("b") if each.get("class") == "code-to-copy") or ""


def code_of(phone: TOTP) -> str:
    return phone.generate(time=utc_now()).token


@pytest.fixture
def with_app(session: Session, client: PageClient, sign_in: SignIn) -> Callable[..., TOTP]:
    """Sign somebody in and set an app up by the pages."""

    def set_up(user: User) -> TOTP:
        sign_in(user)
        phone = app_with(key_on(client.page("/account/authenticator/new")))
        client.send("/account/authenticator/new", {"code": code_of(phone)})
        return phone

    return set_up


def test_an_app_is_set_up_once_it_shows_a_right_code(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = sign_in()
    page = client.page("/account/authenticator/new")
    phone = app_with(key_on(page))
    picture = page.all("img")[0].get("src", "")
    assert picture.startswith("data:image/svg+xml")
    assert page.headers["Cache-Control"] == "no-store"
    session.refresh(user, ["totp_secret"])
    assert user.totp_secret is None

    assert (
        client.send("/account/authenticator/new", {"code": code_of(phone)}).location == "/account"
    )

    session.expire_all()
    assert user.totp_secret
    assert key_on(page).replace(" ", "") not in user.totp_secret
    assert "On: signing in with a code" in client.page("/account").text
    mail = session.execute(select(OutgoingMail)).scalar_one()
    assert mail.details["change"] == "authenticator-added"


def test_a_wrong_code_keeps_nothing_and_shows_the_same_key_again(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = sign_in()
    before = key_on(client.page("/account/authenticator/new"))
    page = client.send("/account/authenticator/new", {"code": "000000"})
    assert (page.status, said(page), page.value("code")) == (422, WRONG, "000000")
    assert key_on(page) == before
    session.expire_all()
    assert user.totp_secret is None


def test_the_key_is_not_in_the_cookie_for_whoever_reads_it(
    client: PageClient, sign_in: SignIn
) -> None:
    sign_in()
    key = key_on(client.page("/account/authenticator/new")).replace(" ", "")
    cookie = client.get_cookie("session")
    assert cookie is not None
    body = unquote(cookie.value).lstrip(".").split(".")[0]
    assert key.encode() not in b64decode(body + "==", altchars=b"-_")
    with client.session_transaction() as kept:
        assert key not in str(dict(kept))


def test_signing_in_by_mail_asks_for_the_apps_code_as_well(
    session: Session, client: PageClient, with_app, sign_in_by_code: Callable[..., Page], clock
) -> None:
    user = make_user(session)
    phone = with_app(user)
    client.delete_cookie("session")
    clock.shift(60)

    page = sign_in_by_code(user.email, "/groups/new")
    assert page.location == "/account/second-factor?next=/groups/new"
    for path in ("/account", "/groups/new"):
        assert client.page(path).location.startswith("/account/sign-in")
    led = client.page("/account/sign-in?next=/groups/new")
    assert led.location == "/account/second-factor?next=/groups/new"

    asked = client.page(led.location)
    assert asked.h1 == "Is it really you?"
    answer = {"code": code_of(phone), "next": "/groups/new"}
    assert client.send("/account/second-factor", answer).location == "/groups/new"
    assert client.page("/account").status == 200


def test_whoever_is_half_signed_in_may_sign_in_as_somebody_else(
    session: Session, client: PageClient, with_app, sign_in_by_code: Callable[..., Page]
) -> None:
    user = make_user(session)
    with_app(user)
    client.delete_cookie("session")
    sign_in_by_code(user.email)
    token = client.page("/account/second-factor").value("csrf_token")
    client.send("/account/sign-out", {"csrf_token": token}, csrf=False)
    assert client.page("/account/sign-in").status == 200
    rows = session.execute(select(func.count()).select_from(SignedIn)).scalar_one()
    assert rows == 1  # the one that the app was set up in


def test_signing_in_once_more_needs_no_second_code_where_one_was_given(
    session: Session, client: PageClient, with_app, sign_in_by_code: Callable[..., Page]
) -> None:
    user = make_user(session)
    with_app(user)
    client.send("/account/again")
    assert sign_in_by_code(user.email, "").location in {"/your-events", "/account/second-factor"}
    assert client.page("/account").status == 200


def test_a_code_of_the_app_works_once(
    session: Session, client: PageClient, with_app, sign_in_by_code: Callable[..., Page], clock
) -> None:
    user = make_user(session)
    phone = with_app(user)
    client.delete_cookie("session")
    sign_in_by_code(user.email)
    # The code that set the app up was used then.
    assert said(client.send("/account/second-factor", {"code": code_of(phone)})) == WRONG
    clock.shift(HALF_MINUTE)
    code = code_of(phone)
    assert client.send("/account/second-factor", {"code": code}).location == "/your-events"
    client.delete_cookie("session")
    sign_in_by_code(user.email)
    assert said(client.send("/account/second-factor", {"code": code})) == WRONG


@pytest.mark.parametrize("seconds", [-90, -30, 30, 90])
def test_a_phones_clock_may_be_half_a_minute_wrong(app: Flask, seconds: int) -> None:
    authenticator = Authenticator(app.config["SECRET_KEY"])
    secret = authenticator.new_secret()
    code = app_with(authenticator.key_to_type(secret)).generate(
        time=NOW + timedelta(seconds=seconds)
    )
    matches = authenticator.matching_counter(secret, code.token, NOW) is not None
    assert matches is (abs(seconds) <= HALF_MINUTE)


def test_a_secret_of_another_key_is_no_use(app: Flask) -> None:
    secret = Authenticator("another-key").new_secret()
    code = app_with(Authenticator("another-key").key_to_type(secret)).generate(time=NOW).token
    assert Authenticator(app.config["SECRET_KEY"]).matching_counter(secret, code, NOW) is None


def test_so_many_wrong_codes_an_hour_and_no_more(
    session: Session, client: PageClient, with_app, sign_in_by_code: Callable[..., Page], clock
) -> None:
    user = make_user(session)
    phone = with_app(user)
    client.delete_cookie("session")
    sign_in_by_code(user.email)
    for _ in range(MAX_TRIES_PER_ACCOUNT - 1):
        assert said(client.send("/account/second-factor", {"code": "000000"})) == WRONG
    clock.shift(60)
    page = client.send("/account/second-factor", {"code": code_of(phone)})
    assert said(page) == ["Too many tries. Wait an hour and try again."]
    clock.shift(3600)
    assert (
        client.send("/account/second-factor", {"code": code_of(phone)}).location == "/your-events"
    )


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "<b>"])
def test_what_cannot_be_a_code_of_the_app_costs_no_try(
    session: Session, client: PageClient, with_app, sign_in_by_code: Callable[..., Page], typed: str
) -> None:
    user = make_user(session)
    with_app(user)
    client.delete_cookie("session")
    sign_in_by_code(user.email)
    for _ in range(MAX_TRIES_PER_ACCOUNT + 1):
        page = client.send("/account/second-factor", {"code": typed})
    assert page.status == 422
    assert said(page) != ["Too many tries. Wait an hour and try again."]


def test_removing_the_app_asks_first_and_is_told_by_mail(
    session: Session, client: PageClient, with_app
) -> None:
    user = make_user(session)
    with_app(user)
    assert "Whoever reads your mail" in client.page("/account/authenticator/remove").text
    assert client.send("/account/authenticator/remove").location == "/account"
    session.expire_all()
    assert (user.totp_secret, user.totp_counter) == (None, None)
    told = session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at))
    assert "authenticator-removed" in {mail.details["change"] for mail in told}


def prove(session: Session, *, ago: timedelta | None) -> None:
    """Say when a second factor was last given in the one browser."""
    browser = session.scalars(select(SignedIn)).one()
    browser.proved_at = None if ago is None else utc_now() - ago
    session.commit()


@pytest.mark.parametrize("ago", [None, PROOF_LIFETIME])
def test_staff_without_a_second_factor_are_led_to_set_one_up(
    session: Session, client: PageClient, sign_in: SignIn, ago: timedelta | None
) -> None:
    sign_in(make_user(session, staff=True))
    assert client.page(STAFF_PAGE).status == 200
    prove(session, ago=ago)
    led = client.page(STAFF_PAGE)
    assert led.location == f"/account/second-factor?next={STAFF_PAGE}"
    page = client.page(led.location)
    assert f"/account/passkeys/new?next={STAFF_PAGE}" in page.links
    assert f"/account/authenticator/new?next={STAFF_PAGE}" in page.links
    phone = app_with(key_on(client.page("/account/authenticator/new")))
    answer = {"code": code_of(phone), "next": STAFF_PAGE}
    assert client.send("/account/authenticator/new", answer).location == STAFF_PAGE
    assert client.page(STAFF_PAGE).status == 200


def test_staff_with_a_passkey_are_asked_for_it(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = make_user(session, staff=True)
    make_passkey(session, user)
    sign_in(user)
    prove(session, ago=None)
    page = client.page(client.page(STAFF_PAGE).location)
    assert "Use a passkey" in page.text
    # And nobody who reads their mail adds another, or an app, without it.
    for path in ("/account/passkeys/new", "/account/authenticator/new", "/account/address"):
        assert client.page(path).location == f"/account/second-factor?next={path}"


def test_staff_without_proof_may_do_no_more_than_anybody(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    group = make_group(session)
    sign_in(make_user(session, staff=True))
    path = f"/groups/{group.slug}/edit"
    assert client.page(path).status == 200
    prove(session, ago=None)
    assert client.page(path).location == f"/account/second-factor?next={path}"


def test_others_learn_nothing_of_pages_for_staff(client: PageClient, sign_in: SignIn) -> None:
    assert client.page(STAFF_PAGE).location.startswith("/account/sign-in")
    sign_in()
    assert client.page(STAFF_PAGE).status == 404


def test_a_lost_phone_is_reset_from_the_command_line(
    app: Flask, session: Session, client: PageClient, with_app
) -> None:
    user = make_user(session)
    with_app(user)
    make_passkey(session, user)
    session.commit()
    result = app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", user.email])
    assert result.exit_code == 0, result.output
    assert "signs in with a code by e-mail alone now" in result.output
    session.expire_all()
    assert user.totp_secret is None
    assert client.page("/account").status == 302
    told = session.scalars(select(OutgoingMail))
    assert "second-factor-reset" in {mail.details["change"] for mail in told}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nobody", "Error: 'nobody' is not an e-mail address.\n"),
        ("nobody@example.org", "Error: nobody@example.org has no account.\n"),
    ],
)
def test_a_reset_of_nobody_is_one_sentence(
    app: Flask, session: Session, typed: str, sentence: str
) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", typed])
    assert (result.exit_code, result.output) == (1, sentence)
