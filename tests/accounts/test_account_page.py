"""The page of whoever is signed in, and the sessions on it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.test_passkeys import make_passkey
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from webapp.accounts.browsers import sign_in_browser
from webapp.accounts.models import SignedIn, User

SignIn = Callable[..., User]


def sign_in_elsewhere(session: Session, user: User, device: str = "Safari, iPhone") -> SignedIn:
    browser = sign_in_browser(session, user, device=device, now=NOW - timedelta(days=3))
    session.commit()
    return browser


def devices(session: Session) -> list[str]:
    return list(session.scalars(select(SignedIn.device).order_by(SignedIn.device)))


def test_it_shows_how_somebody_signs_in_and_where_all_else_is(
    client: PageClient, sign_in: SignIn
) -> None:
    user = sign_in()
    page = client.page("/account")
    assert user.email in page.text
    for path in (
        "/your-events", "/account/address", "/account/passkeys/new", "/account/authenticator/new",
        "/account/data", "/account/delete",
    ):  # fmt: skip
        assert path in page.links, path


def test_it_lists_ones_own_browsers_and_says_which_is_this_one(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    sign_in_elsewhere(session, make_user(session), "Opera, Windows")
    user = sign_in()
    sign_in_elsewhere(session, user)
    sign_in_elsewhere(session, user, "")
    text = client.page("/account").text
    assert "Firefox, Linux This browser" in text
    assert "Safari, iPhone Last seen: Monday 17 May 2027" in text
    assert "A browser Last seen: Monday 17 May 2027" in text
    assert "Opera" not in text


def test_it_ends_a_session_of_another_browser(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    other = sign_in_elsewhere(session, sign_in())
    token = client.page("/account").value("csrf_token")
    for _ in range(2):  # a second time changes nothing
        page = client.send(f"/account/sessions/{other.id}/end", {"csrf_token": token}, csrf=False)
        assert page.location == "/account"
    assert devices(session) == ["Firefox, Linux"]
    assert "That browser is signed out." in client.page("/account").text


def test_it_ends_no_session_of_somebody_else(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    other = sign_in_elsewhere(session, make_user(session))
    sign_in()
    token = client.page("/account").value("csrf_token")
    for browser_id in (other.id, uuid4()):
        client.send(f"/account/sessions/{browser_id}/end", {"csrf_token": token}, csrf=False)
    assert devices(session) == ["Firefox, Linux", "Safari, iPhone"]


def test_signing_out_everywhere_ends_all_and_makes_old_cookies_worthless(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    sign_in_elsewhere(session, make_user(session), "Opera, Windows")
    user = sign_in()
    sign_in_elsewhere(session, user)
    before = user.fs_uniquifier
    token = client.page("/account").value("csrf_token")
    page = client.send("/account/sessions/end-all", {"csrf_token": token}, csrf=False)
    assert page.location == "/account/sign-in"
    session.expire_all()
    assert user.fs_uniquifier != before
    assert devices(session) == ["Opera, Windows"]
    assert client.page("/account").status == 302


def test_its_questions_do_not_grow_with_sessions_and_passkeys(
    session: Session, client: PageClient, sign_in: SignIn, questions: list[str]
) -> None:
    user = sign_in()
    counts = []
    for _ in range(3):
        make_passkey(session, user)
        sign_in_elsewhere(session, user)
        questions.clear()
        client.page("/account")
        counts.append(len(questions))
    assert len(set(counts)) == 1
