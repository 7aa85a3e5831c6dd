"""Another e-mail address: proved by a code, told to the old one, and silent about accounts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.accounts import make_user
from tests.sentences import said
from webapp.accounts.actions import MAX_CODES_PER_EMAIL, MAX_TRIES
from webapp.accounts.browsers import RECENT
from webapp.accounts.models import User
from webapp.outbox import OutgoingMail

SignIn = Callable[..., User]
NEW = "new@example.org"


def mails(session: Session) -> dict[str, str]:
    """Return to whom which mail goes."""
    return {mail.recipient: mail.template for mail in session.scalars(select(OutgoingMail))}


def ask(client: PageClient, email: str = NEW) -> Page:
    return client.send("/account/address", {"email": email})


def test_the_code_goes_to_the_new_address_and_a_notice_to_the_old(
    session: Session, client: PageClient, sign_in: SignIn, sent_code: Callable[[str], str]
) -> None:
    user = sign_in(make_user(session, email="old@example.org"))
    assert ask(client, "New@Example.org").location == "/account/address/code"
    assert mails(session) == {NEW: "address_code"}
    session.refresh(user)
    assert user.email == "old@example.org"

    page = client.send("/account/address/code", {"code": sent_code(NEW)})

    assert page.location == "/account"
    session.refresh(user)
    assert user.email == NEW
    assert mails(session) == {NEW: "address_code", "old@example.org": "email_changed"}
    assert NEW in client.page("/account").text


def test_an_address_with_an_account_is_answered_like_one_without(
    session: Session, client: PageClient, sign_in: SignIn, questions: list[str]
) -> None:
    make_user(session, email="taken@example.org")
    sign_in()
    seen = []
    for email in ("taken@example.org", "freed@example.org"):
        client.page("/account/address")
        questions.clear()
        answer = ask(client, email)
        asked = [question.split(" ", 1)[0] for question in questions]
        following = client.page(answer.location)
        length = len(following.html)
        wrong = client.send("/account/address/code", {"code": "000000"})
        seen.append((answer.status, answer.location, asked, length, said(wrong), len(wrong.html)))
    assert seen[0] == seen[1]
    assert mails(session) == {
        "taken@example.org": "address_taken", "freed@example.org": "address_code",
    }  # fmt: skip


def test_an_address_that_got_an_account_meanwhile_is_not_taken_over(
    session: Session, client: PageClient, sign_in: SignIn, sent_code: Callable[[str], str]
) -> None:
    user = sign_in(make_user(session, email="old@example.org"))
    ask(client)
    make_user(session, email=NEW)
    session.commit()
    page = client.send("/account/address/code", {"code": sent_code(NEW)})
    assert said(page) == ["This code is used up or too old. Ask for a new one."]
    session.refresh(user)
    assert user.email == "old@example.org"


def test_tries_and_codes_are_limited_as_for_signing_in(
    client: PageClient, sign_in: SignIn, sent_code: Callable[[str], str]
) -> None:
    sign_in()
    ask(client)
    for _ in range(MAX_TRIES):
        client.send("/account/address/code", {"code": "000000"})
    page = client.send("/account/address/code", {"code": sent_code(NEW)})
    assert said(page) == ["This code is used up or too old. Ask for a new one."]
    for _ in range(MAX_CODES_PER_EMAIL - 1):
        ask(client)
    page = ask(client)
    assert page.status == 422
    assert said(page) == [
        "Too many codes were sent. Use the newest, or wait an hour and try again."
    ]


@pytest.mark.parametrize("typed", ["", "nobody", "a@", "a@example.org\u202e", "a@b.org, c@d.org"])
def test_what_is_no_address_gets_a_sentence_beside_it(
    session: Session, client: PageClient, sign_in: SignIn, typed: str
) -> None:
    sign_in()
    page = ask(client, typed)
    assert (page.status, len(said(page))) == (422, 1)
    assert mails(session) == {}


def test_a_code_to_sign_in_changes_no_address_and_the_other_way_around(
    session: Session, client: PageClient, sign_in: SignIn, sent_code: Callable[[str], str]
) -> None:
    sign_in()
    ask(client)
    code = sent_code(NEW)
    client.delete_cookie("session")
    client.send("/account/sign-in", {"email": NEW})
    assert said(client.send("/account/code", {"code": code})) == [
        "This is not the code. Look at the newest mail and try again."
    ]


PAGES = [
    "/account/address", "/account/passkeys/new", "/account/authenticator/new", "/account/data",
    "/account/data.json", "/account/delete",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_half_an_hour_after_signing_in_it_asks_once_more(
    session: Session,
    client: PageClient,
    sign_in: SignIn,
    sent_code: Callable[[str], str],
    clock,
    path: str,
) -> None:
    user = sign_in()
    clock.shift(RECENT - timedelta(minutes=1))
    assert client.page(path).status == 200
    clock.shift(timedelta(minutes=2))
    led = client.page(path)
    assert led.location == f"/account/again?next={path}"
    assert client.send("/account/again", {"next": path}).location == "/account/code"
    page = client.send("/account/code", {"code": sent_code(user.email)})
    assert page.location == path
    assert client.page(path).status == 200


def test_a_form_that_was_opened_in_time_may_be_sent_later(
    client: PageClient, sign_in: SignIn, clock
) -> None:
    sign_in()
    token = client.page("/account/address").value("csrf_token")
    clock.shift(RECENT + timedelta(minutes=5))
    data = {"email": NEW, "csrf_token": token}
    assert client.send("/account/address", data, csrf=False).location == "/account/address/code"
    clock.shift(RECENT)
    data["csrf_token"] = client.page("/account").value("csrf_token")
    page = client.send("/account/address", data, csrf=False)
    assert page.location == "/account/again"
