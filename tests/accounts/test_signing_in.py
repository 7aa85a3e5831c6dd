"""Signing in by the pages, as people do it and as they should not."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_group
from tests.sentences import said
from webapp.accounts.actions import MAX_CODES_PER_EMAIL, MAX_TRIES
from webapp.accounts.models import SignInCode, User
from webapp.language import Language
from webapp.outbox import OutgoingMail

Ask = Callable[..., Page]
SentCode = Callable[[str], str]


def accounts(session: Session) -> int:
    return session.execute(select(func.count()).select_from(User)).scalar_one()


def another(code: str) -> str:
    return "000000" if code != "000000" else "000001"


def test_a_new_address_gets_an_account_when_its_code_is_used(
    session: Session, ask: Ask, sent_code: SentCode, client: PageClient
) -> None:
    page = ask("New.Person@Example.ORG")
    assert page.location == "/account/code"
    assert accounts(session) == 0

    page = client.send("/account/code", {"code": sent_code("new.person@example.org")})

    assert page.location == "/your-events"
    user = session.execute(select(User)).unique().scalar_one()
    assert user.email == "new.person@example.org"
    assert client.page("/account").h1 == "Your account"


def test_an_address_with_an_account_is_answered_like_one_without(
    session: Session, ask: Ask, client: PageClient
) -> None:
    make_user(session, email="known@example.org")
    pages = []
    for email in ("known@example.org", "stranger@example.org"):
        answer = ask(email)
        following = client.page(answer.location)
        pages.append((answer.status, answer.location, following.text.replace(email, "")))
    assert pages[0] == pages[1]


def test_asking_for_a_code_does_not_look_at_accounts(
    session: Session, ask: Ask, questions: list[str]
) -> None:
    make_user(session, email="known@example.org")
    asked = []
    for email in ("known@example.org", "stranger@example.org"):
        questions.clear()
        ask(email)
        asked.append(list(questions))
    assert asked[0] == asked[1]
    assert not any("user_account" in question for question in asked[0])


def test_somebody_with_a_group_goes_to_their_account(
    session: Session, sign_in_by_code: Callable[..., Page]
) -> None:
    user = make_user(session)
    make_group(session, by=user)
    assert sign_in_by_code(user.email).location == "/your-events"
    assert accounts(session) == 1


def test_where_somebody_wanted_to_go_is_kept(
    session: Session, sign_in_by_code: Callable[..., Page]
) -> None:
    user = make_user(session)
    make_group(session, by=user)
    assert sign_in_by_code(user.email, "/events/new").location == "/events/new"


def test_somebody_without_a_group_goes_on_where_they_began(
    sign_in_by_code: Callable[..., Page],
) -> None:
    page = sign_in_by_code("new@example.org", "/events/new")
    assert page.location == "/events/new"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "evil"],
)
def test_an_address_of_another_site_is_not_gone_to(
    session: Session, sign_in_by_code: Callable[..., Page], target: str
) -> None:
    user = make_user(session)
    make_group(session, by=user)
    assert sign_in_by_code(user.email, target).location == "/your-events"


def test_a_page_for_members_asks_to_sign_in_and_remembers_where(client: PageClient) -> None:
    page = client.page("/groups/new?moment=x")
    assert page.location == "/account/sign-in?next=/groups/new?moment%3Dx"
    assert client.page(page.location).value("next") == "/groups/new?moment=x"


def test_a_code_may_be_typed_with_spaces(ask: Ask, sent_code: SentCode, client: PageClient) -> None:
    ask("a@example.org")
    code = sent_code("a@example.org")
    page = client.send("/account/code", {"code": f" {code[:3]} {code[3:]}-"})
    assert page.location == "/your-events"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12\x00456", "<b>"])
def test_what_cannot_be_a_code_costs_no_try(
    session: Session, ask: Ask, client: PageClient, typed: str
) -> None:
    ask("a@example.org")
    page = client.send("/account/code", {"code": typed})
    assert page.status == 422
    assert len(page.errors) == 1
    assert session.execute(select(SignInCode.tries)).scalar_one() == 0


def test_a_wrong_code_says_so_and_the_right_one_still_works(
    ask: Ask, sent_code: SentCode, client: PageClient
) -> None:
    ask("a@example.org")
    code = sent_code("a@example.org")
    page = client.send("/account/code", {"code": another(code)})
    assert said(page) == ["This is not the code. Look at the newest mail and try again."]
    assert page.value("code") == another(code)
    assert client.send("/account/code", {"code": code}).location == "/your-events"


def test_after_five_wrong_tries_the_right_code_is_no_use(
    session: Session, ask: Ask, sent_code: SentCode, client: PageClient
) -> None:
    ask("a@example.org")
    code = sent_code("a@example.org")
    for _ in range(MAX_TRIES):
        client.send("/account/code", {"code": another(code)})
    page = client.send("/account/code", {"code": code})
    assert said(page) == ["This code is used up or too old. Ask for a new one."]
    assert accounts(session) == 0


def test_a_code_is_old_after_ten_minutes(
    ask: Ask, sent_code: SentCode, client: PageClient, clock
) -> None:
    ask("a@example.org")
    clock.shift(601)
    page = client.send("/account/code", {"code": sent_code("a@example.org")})
    assert said(page) == ["This code is used up or too old. Ask for a new one."]


def test_a_code_works_only_in_the_browser_that_asked(
    app, ask: Ask, sent_code: SentCode, client: PageClient
) -> None:
    ask("a@example.org")
    code = sent_code("a@example.org")
    other = app.test_client()
    assert other.page("/account/code").location == "/account/sign-in"
    other.send("/account/sign-in", {"email": "b@example.org"})
    assert other.send("/account/code", {"code": code}).errors


def test_too_many_codes_for_one_address_are_refused_beside_the_field(
    session: Session, ask: Ask
) -> None:
    for _ in range(MAX_CODES_PER_EMAIL):
        assert ask("a@example.org").location == "/account/code"
    page = ask("A@example.org")
    assert said(page) == [
        "Too many codes were sent. Use the newest, or wait an hour and try again."
    ]
    assert page.value("email") == "A@example.org"
    mails = session.execute(select(func.count()).select_from(OutgoingMail)).scalar_one()
    assert mails == MAX_CODES_PER_EMAIL


@pytest.mark.parametrize(
    "typed",
    [
        "", "nobody", "a b@example.org", "a@", "@example.org", "a@exa mple.org", "x" * 300,
        "a@example.org\x00", "a@example.org\u202e", "<b>@example.org>", "{{7*7}}",
        "a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_gets_a_sentence_and_is_kept(
    session: Session, ask: Ask, typed: str
) -> None:
    page = ask(typed)
    assert page.status == 422
    assert len(page.errors) == 1
    assert page.value("email").startswith(typed[:3].strip())
    assert session.execute(select(SignInCode)).first() is None


def test_a_closed_account_is_not_signed_in(
    session: Session, sign_in_by_code: Callable[..., Page], client: PageClient
) -> None:
    user = make_user(session, active=False)
    page = sign_in_by_code(user.email)
    assert said(page) == ["This account is closed. Write to us if that is a mistake."]
    assert client.page("/account").status == 302


def test_signing_in_starts_a_new_session(
    client: PageClient, sign_in_by_code: Callable[..., Page]
) -> None:
    with client.session_transaction() as cookie:
        cookie["left_behind"] = "by somebody else"
    sign_in_by_code("a@example.org")
    with client.session_transaction() as cookie:
        assert "left_behind" not in cookie
        assert "sign_in" not in cookie


def test_signing_out_ends_the_session(client: PageClient, sign_in: Callable[..., User]) -> None:
    sign_in()
    assert client.send("/account/sign-out").status == 400
    token = client.page("/account").value("csrf_token")
    page = client.send("/account/sign-out", {"csrf_token": token}, csrf=False)
    assert page.location == "/"
    assert client.page("/account").location.startswith("/account/sign-in")


def test_somebody_signed_in_is_not_asked_again(
    client: PageClient, sign_in: Callable[..., User]
) -> None:
    sign_in()
    assert client.page("/account/sign-in").location == "/your-events"
    assert client.page("/account/sign-in?next=/events/new").location == "/events/new"


def test_the_language_of_the_page_is_the_language_of_the_mail_and_of_the_account(
    session: Session, client: PageClient, sent_code: SentCode
) -> None:
    client.send("/cy/account/sign-in", {"email": "a@example.org"})
    mail = session.execute(select(OutgoingMail)).scalar_one()
    assert mail.language is Language.WELSH
    page = client.send("/cy/account/code", {"code": sent_code("a@example.org")})
    assert page.location == "/cy/your-events"
    assert session.execute(select(User.language)).scalar_one() is Language.WELSH


def test_a_form_without_its_token_is_refused(session: Session, client: PageClient) -> None:
    page = client.send("/account/sign-in", {"email": "a@example.org"}, csrf=False)
    assert page.status == 400
    assert session.execute(select(SignInCode)).first() is None


def test_pages_of_accounts_are_never_stored(
    client: PageClient, sign_in: Callable[..., User]
) -> None:
    assert client.page("/account/sign-in").headers["Cache-Control"] == "no-store"
    sign_in()
    assert client.page("/account").headers["Cache-Control"] == "no-store"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: PageClient) -> None:
    cookie = client.page("/account/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", ["/", "/about", "/events"])
def test_a_public_page_is_the_same_for_somebody_signed_in(
    client: PageClient, sign_in: Callable[..., User], path: str
) -> None:
    before = client.page(path)
    sign_in()
    after = client.page(path)
    assert after.html == before.html
    assert "Cookie" not in after.headers.get("Vary", "")
    assert "Set-Cookie" not in after.headers
    assert after.headers["Cache-Control"].startswith("public")
