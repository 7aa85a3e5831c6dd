"""One’s own account in a real browser: axe finds nothing, nothing scrolls sideways."""

from datetime import UTC, datetime

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage
from tests.browser.test_every_page import EVERYTHING, NARROWEST, assert_accessible
from tests.live import LiveSite

PAGES = [
    "/account", "/account/again", "/account/address", "/account/passkeys/new",
    "/account/authenticator/new", "/account/data", "/account/delete", "/account/deleted",
]  # fmt: skip


def sign_in(page: Page, site: LiveSite, email: str, *, last_code: str = "") -> str:
    """Sign in with a code that is not the one of the mail before; return it."""
    page.goto("/account/sign-in?next=/account")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    code = site.code_for(email)
    while code == last_code:
        page.wait_for_timeout(200)
        code = site.code_for(email)
    page.get_by_label("The code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    return code


def next_code(page: Page) -> str:
    """Return what an app would show that has read the key on the page."""
    key = page.locator(".code-to-copy").inner_text().replace(" ", "")
    token: str = TOTP(key=key, format="base32").generate(time=datetime.now(UTC)).token
    return token


@pytest.mark.parametrize(
    ("scheme", "pages"),
    [
        ("light", PAGES if EVERYTHING else PAGES[::2]),
        ("dark", PAGES if EVERYTHING else PAGES[1::2]),
    ],
)
def test_every_page_of_an_account_is_accessible_and_narrow(
    narrow: NarrowPage, site: LiveSite, scheme: str, pages: list[str]
) -> None:
    page = narrow("/about", viewport=NARROWEST, color_scheme=scheme)
    sign_in(page, site, f"axe-{scheme}@example.org")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    for path in pages:
        page.goto(path)
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROWEST["width"], path


def test_an_app_is_set_up_without_script_and_asked_for_at_the_next_sign_in(
    narrow: NarrowPage, site: LiveSite
) -> None:
    page = narrow("/about", java_script_enabled=False)
    code = sign_in(page, site, "with-an-app@example.org")
    page.get_by_role("link", name="Set up an authenticator app").click()
    page.get_by_label("The code in your authenticator app").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("The code in your authenticator app").fill(next_code(page))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("The authenticator app is on.")).to_be_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    sign_in(page, site, "with-an-app@example.org", last_code=code)
    expect(page.get_by_role("heading", name="Is it really you?")).to_be_visible()


def test_signing_out_everywhere_ends_the_other_browser(narrow: NarrowPage, site: LiveSite) -> None:
    phone, computer = narrow("/about"), narrow("/about", viewport={"width": 1280, "height": 800})
    code = ""
    for page in (phone, computer):
        code = sign_in(page, site, "everywhere@example.org", last_code=code)
        expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    computer.reload()
    expect(computer.get_by_role("button", name="Sign out there")).to_have_count(1)
    computer.get_by_role("button", name="Sign out everywhere").click()
    expect(computer.get_by_role("heading", name="Sign in or start")).to_be_visible()
    phone.goto("/account")
    expect(phone.get_by_role("heading", name="Sign in or start")).to_be_visible()
