"""Passkeys in a real browser, with a device that Chromium pretends to have."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage
from tests.live import LiveSite

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OpenWithDevice = Callable[..., Page]


@pytest.fixture
def with_device(narrow: NarrowPage, site: LiveSite) -> OpenWithDevice:
    """Open a page in a browser that has a device for passkeys; they need a name, not a number."""

    def open_page(path: str, **changes: Any) -> Page:
        page = narrow(site.url.replace("127.0.0.1", "localhost") + path)
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **changes}})
        return page

    return open_page


def sign_in(page: Page, site: LiveSite, email: str) -> None:
    """Sign in with a code."""
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The code").fill(site.code_for(email))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")


def add_passkey(page: Page, name: str) -> None:
    """Add a passkey from the page of the account."""
    page.get_by_role("link", name="passkey").first.click()
    page.get_by_label("A name for it").fill(name)
    page.get_by_role("button", name="Make the passkey").click()


def remove_passkey(page: Page) -> None:
    """Remove the one passkey from the page of the account."""
    page.locator("a[href^='/account/passkeys/']", has_text="Remove").click()
    page.get_by_role("button", name="Remove the passkey").click()


def test_a_passkey_is_added_signs_in_and_is_removed(
    with_device: OpenWithDevice, site: LiveSite
) -> None:
    page = with_device("/account/sign-in?next=/account")
    sign_in(page, site, "keyholder@example.org")
    add_passkey(page, "Blue phone")
    expect(page.get_by_text("Blue phone").first).to_be_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(page.url.rstrip("/") + "/account/sign-in?next=/account/address")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Change your e-mail address")).to_be_visible()

    page.get_by_role("link", name="Back to your account").click()
    expect(page.get_by_text("keyholder@example.org").first).to_be_visible()
    expect(page.get_by_text("Last used:")).to_be_visible()
    remove_passkey(page)
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text("Blue phone")).to_have_count(0)


def test_a_device_that_has_a_passkey_is_told_so(
    with_device: OpenWithDevice, site: LiveSite
) -> None:
    page = with_device("/account/sign-in?next=/account")
    sign_in(page, site, "twice@example.org")
    add_passkey(page, "First")
    expect(page.get_by_text("First").first).to_be_visible()
    add_passkey(page, "Second")
    expect(page.get_by_text("This device has a passkey for this site already.")).to_be_visible()


def test_a_passkey_of_a_removed_account_is_told_beside_the_form(
    with_device: OpenWithDevice, site: LiveSite
) -> None:
    page = with_device("/account/sign-in?next=/account")
    sign_in(page, site, "forgetful@example.org")
    add_passkey(page, "Old")
    remove_passkey(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(page.url.rstrip("/") + "/account/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("We do not know this passkey.").first).to_be_visible()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()


def test_somebody_who_does_not_unlock_the_device_stays_on_the_page(
    with_device: OpenWithDevice,
) -> None:
    page = with_device("/account/sign-in", isUserVerified=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Nothing happened:")).to_be_visible(timeout=70_000)


def test_a_browser_without_passkeys_says_so(narrow: NarrowPage) -> None:
    page = narrow("/about")
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/account/sign-in")
    expect(page.get_by_text("This browser knows no passkeys.")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()


def test_without_script_the_page_says_what_is_missing(narrow: NarrowPage) -> None:
    page = narrow("/account/sign-in", java_script_enabled=False)
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
