"""Every page that somebody sees with a receipt, mails included: axe finds nothing, nothing scrolls sideways."""

import re
import time

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NarrowPage
from tests.browser.test_after_pledging import say_in
from tests.browser.test_every_page import NARROWEST, assert_accessible
from tests.live import MAIL_SECONDS, LiveSite


def link_to_confirm(site: LiveSite, address: str) -> str:
    """Return where the mail to an address leads, waiting for it."""
    folder = site.settings.local_folder / "mail"
    for _ in range(MAIL_SECONDS * 10):
        for path in folder.glob("*.eml"):
            text = path.read_text()
            found = re.search(r"^http://[^/]+(/reminders/\S+)$", text, re.MULTILINE)
            if f"To: {address}" in text and found:
                return found[1]
        time.sleep(0.1)
    message = f"no mail came for {address}"
    raise AssertionError(message)


def look_at(page: Page, path: str = "") -> None:
    """Look at a page, or at the one that is open, as wide as it is and on the narrowest screen."""
    if path:
        page.goto(path)
    assert_accessible(page)
    wide = page.viewport_size
    page.set_viewport_size(NARROWEST)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    assert wide
    page.set_viewport_size(wide)


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1280)])
def test_from_thanks_to_the_mail_that_stops(
    narrow: NarrowPage, site: LiveSite, listed: dict[str, str], scheme: str, width: int
) -> None:
    page = narrow(listed["hall"], color_scheme=scheme, viewport={"width": width, "height": 800})
    say_in(page)
    look_at(page)
    receipt = re.sub(r"^\w+://[^/]+|\?.*$", "", page.url)
    for path in ("", "/change", "/withdraw", "/reminder", "/reminder/asked"):
        look_at(page, receipt + path)
    page.goto(f"{receipt}/reminder")
    page.get_by_role("button", name="Send me the link").click()
    look_at(page)

    address = f"{scheme}@example.org"
    page.get_by_label("Remind me the day before").check()
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send me the link").click()
    confirm = link_to_confirm(site, address)
    look_at(page, confirm)
    page.get_by_role("button", name="Yes, write to me").click()
    look_at(page)
    look_at(page, f"{confirm}/stop")
    page.get_by_role("button", name="Stop these mails").click()
    look_at(page)
    look_at(page, "/counting")
