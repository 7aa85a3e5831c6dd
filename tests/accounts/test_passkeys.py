"""What passkeys obey apart from devices; those are in tests/browser."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url

from tests.checked_pages import Page, PageClient, has_class, text_of
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.sentences import said
from webapp.accounts.limits import MAX_TRIES_PER_ACCOUNT, MAX_TRIES_PER_CLIENT
from webapp.accounts.models import Passkey, SignInTry, User
from webapp.accounts.passkeys import RelyingParty
from webapp.outbox import OutgoingMail

SignIn = Callable[..., User]
TOO_LONG = "That took too long. Try again."
RESPONSE = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}
ODD = [
    "", "{}", "[]", "null", "7", '"x"', "{", "[" * 5000, '{"id": 1}', "<b>", "x" * 100_000,
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": RESPONSE}),
]  # fmt: skip


def make_passkey(session: Session, user: User, name: str = "My phone") -> Passkey:
    held = select(func.count()).select_from(Passkey)
    number = session.execute(held).scalar_one()
    passkey = Passkey(
        credential_id=bytes([number]) * 16, user_id=user.id, public_key=b"x", name=name,
        created_at=NOW,
    )  # fmt: skip
    session.add(passkey)
    session.flush()
    return passkey


def summary(page: Page) -> str:
    """Return what stands at the top of a form with mistakes."""
    found = [text_of(each) for each in page.all("div") if has_class(each, "summary")]
    return found[0].removeprefix("There is a problem ") if found else ""


def answer(client: PageClient, credential: str, **data: Any) -> Page:
    token = client.page("/account/sign-in").value("csrf_token")
    values = {"credential": credential, "csrf_token": token, **data}
    return client.send("/account/passkeys/sign-in", values, csrf=False)


@pytest.mark.parametrize(
    ("origin", "name", "origins"),
    [
        ("https://moments.example.org", "moments.example.org", ["https://moments.example.org"]),
        ("http://localhost:5000", "localhost", ["http://localhost:5000"] * 2),
        ("http://127.0.0.1:81", "localhost", ["http://127.0.0.1:81", "http://localhost:81"]),
    ],
)
def test_passkeys_belong_to_the_sites_name(origin: str, name: str, origins: list[str]) -> None:
    party = RelyingParty.of(origin)
    assert (party.id, party.origins) == (name, origins)


def test_what_a_browser_needs_names_nobody(client: PageClient) -> None:
    options = client.page("/account/passkeys/options").json
    assert options["rpId"] == "localhost"
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")


@pytest.mark.parametrize("credential", ODD)
def test_an_odd_answer_signs_nobody_in(
    session: Session, client: PageClient, credential: str
) -> None:
    client.get("/account/passkeys/options")
    page = answer(client, credential)
    assert page.status == 422
    assert summary(page) == "We do not know this passkey. Sign in with a code by e-mail."
    assert client.page("/account").status == 302


def test_a_challenge_is_good_for_one_answer_and_five_minutes(client: PageClient, clock) -> None:
    client.get("/account/passkeys/options")
    answer(client, "{}")
    again = answer(client, "{}")
    assert summary(again) == TOO_LONG
    client.get("/account/passkeys/options")
    clock.shift(301)
    assert summary(answer(client, "{}")) == TOO_LONG


def test_a_challenge_that_was_tried_is_spent_for_a_kept_cookie_too(
    session: Session, client: PageClient
) -> None:
    client.get("/account/passkeys/options")
    kept = client.get_cookie("session")
    assert kept is not None
    answer(client, "{}")
    client.set_cookie("session", kept.value)
    answer(client, "{}")
    assert session.execute(select(func.count()).select_from(SignInTry)).scalar_one() == 1


def test_one_client_tries_so_often_an_hour(client: PageClient, session: Session) -> None:
    for _ in range(MAX_TRIES_PER_CLIENT):
        client.get("/account/passkeys/options")
        answer(client, "{}")
    client.get("/account/passkeys/options")
    page = answer(client, "{}")
    assert summary(page) == "Too many tries. Wait an hour, or sign in with a code by e-mail."


def test_one_account_is_tried_so_often_an_hour_whoever_tries(
    client: PageClient, session: Session
) -> None:
    passkey = make_passkey(session, make_user(session))
    session.commit()
    name = bytes_to_base64url(passkey.credential_id)
    held = {"id": name, "rawId": name, "type": "public-key", "response": RESPONSE}
    said_of = []
    for number in range(MAX_TRIES_PER_ACCOUNT + 1):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        client.get("/account/passkeys/options")
        said_of.append(summary(answer(client, json.dumps(held))))
    unknown = "We do not know this passkey. Sign in with a code by e-mail."
    too_many = "Too many tries. Wait an hour, or sign in with a code by e-mail."
    assert said_of == [unknown] * MAX_TRIES_PER_ACCOUNT + [too_many]


@pytest.mark.parametrize("credential", ODD)
def test_an_odd_answer_adds_no_passkey_and_keeps_the_name(
    session: Session, client: PageClient, sign_in: SignIn, credential: str
) -> None:
    sign_in()
    client.get("/account/passkeys/new/options")
    page = client.send("/account/passkeys/new", {"name": "My phone", "credential": credential})
    assert page.status == 422
    assert summary(page) == "The passkey was not made. Try again, or use another device."
    assert page.value("name") == "My phone"
    assert session.execute(select(Passkey)).first() is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u202ephone"])
def test_a_passkey_needs_a_name_that_can_be_read(
    client: PageClient, sign_in: SignIn, name: str
) -> None:
    sign_in()
    page = client.send("/account/passkeys/new", {"name": name, "credential": "{}"})
    assert page.status == 422
    assert len(said(page)) == 1


def test_what_a_device_gets_to_make_a_passkey_tells_a_random_name_and_what_it_holds(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = sign_in()
    make_passkey(session, user)
    session.commit()
    first, second = (client.page("/account/passkeys/new/options").json for _ in range(2))
    assert first["challenge"] != second["challenge"]
    assert first["user"]["id"] == second["user"]["id"]
    assert user.email not in first["user"]["id"]
    assert len(first["excludeCredentials"]) == 1
    assert first["authenticatorSelection"]["userVerification"] == "required"


def test_a_passkey_is_removed_after_a_page_that_asks_and_told_by_mail(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = sign_in()
    passkey = make_passkey(session, user, name="Blue phone")
    session.commit()
    path = f"/account/passkeys/{passkey.reference}/remove"
    assert path in client.page("/account").links
    assert "Blue phone" in client.page(path).text
    assert client.send(path).location == "/account"
    session.expire_all()
    assert session.execute(select(Passkey)).first() is None
    mail = session.execute(select(OutgoingMail)).scalar_one()
    assert (mail.template, mail.recipient) == ("account_changed", user.email)
    assert mail.details["change"] == "passkey-removed"


def test_nobody_removes_somebody_elses_passkey(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    passkey = make_passkey(session, make_user(session))
    sign_in()
    path = f"/account/passkeys/{passkey.reference}/remove"
    assert client.page(path).status == 404
    token = client.page("/account").value("csrf_token")
    assert client.send(path, {"csrf_token": token}, csrf=False).status == 404
