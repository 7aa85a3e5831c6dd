"""Where a sign-in leads next is a page of ours, whatever an address says."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.accounts.test_second_factor import app_with, code_of, key_on, prove
from tests.checked_pages import Page, PageClient
from tests.factories.accounts import make_user
from webapp.accounts.models import User

EVIL = [
    "//evil.example", "/\\evil.example", "\\/evil.example", "https:evil.example",
    "https://evil.example", "javascript:alert(1)", "///evil.example", "/\t/evil.example", "evil",
]  # fmt: skip
# Spaces of any kind are single ones once a form is read: then it is a path, and a strange one.
HERE = {"/account", "/your-events", "/%20/evil.example"}
SignIn = Callable[..., User]


@pytest.fixture(params=EVIL)
def evil(request: pytest.FixtureRequest) -> str:
    """An address of another site, in one of the forms that browsers take for one."""
    return request.param


def test_the_page_to_sign_in_drops_it(client: PageClient, evil: str) -> None:
    page = client.page("/account/sign-in", query_string={"next": evil})
    assert page.value("next") == ""


def test_the_code_by_mail_does_not_lead_there(
    sign_in_by_code: Callable[..., Page], evil: str
) -> None:
    assert sign_in_by_code("a@example.org", evil).location in HERE


def test_somebody_signed_in_is_not_sent_there(
    client: PageClient, sign_in: SignIn, evil: str
) -> None:
    sign_in()
    for path in ("/account/sign-in", "/account/second-factor"):
        page = client.page(path, query_string={"next": evil})
        if page.status == 302:
            assert page.location in HERE
        else:
            assert page.value("next") == ""


def test_signing_in_once_more_does_not_lead_there(
    client: PageClient, sign_in: SignIn, sent_code: Callable[[str], str], evil: str
) -> None:
    user = sign_in()
    assert client.page("/account/again", query_string={"next": evil}).value("next") == ""
    client.send("/account/again", {"next": evil})
    page = client.send("/account/code", {"code": sent_code(user.email)})
    assert page.location in HERE


def test_setting_up_an_app_and_giving_its_code_do_not_lead_there(
    session: Session, client: PageClient, sign_in: SignIn, clock, evil: str
) -> None:
    sign_in(make_user(session, staff=True))
    page = client.page("/account/authenticator/new", query_string={"next": evil})
    assert page.value("next") == ""
    phone = app_with(key_on(page))
    answer = {"code": code_of(phone), "next": evil}
    assert client.send("/account/authenticator/new", answer).location in HERE

    prove(session, ago=None)
    clock.shift(60)
    answer = {"code": code_of(phone), "next": evil}
    assert client.send("/account/second-factor", answer).location in HERE


def test_passkeys_do_not_lead_there(client: PageClient, sign_in: SignIn, evil: str) -> None:
    failed = client.send("/account/passkeys/sign-in", {"credential": "{}", "next": evil})
    assert failed.status in {400, 422}
    sign_in()
    page = client.page("/account/passkeys/new", query_string={"next": evil})
    assert page.value("next") == ""


def test_adding_a_group_does_not_lead_there(client: PageClient, sign_in: SignIn, evil: str) -> None:
    sign_in()
    data = {"name": "Elm Road", "sector": "charity", "next": evil}
    page = client.send("/groups/new", data)
    assert page.status in {200, 302, 303, 422}
    location = page.headers.get("Location", "")
    assert "evil" not in location or location in HERE
