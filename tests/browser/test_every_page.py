"""Every page: axe finds nothing, nothing scrolls sideways, nothing comes from elsewhere."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage
from tests.browser.hosts import sign_in
from tests.live import LiveSite

PAGES = [
    "/",
    "/events",
    "/events?lat=53.62&lon=-2.16",
    "{hall}",
    "{home}",
    "{hall}/pledge",
    "{moment}",
    "{moment}/pledge",
    "/moments/thankyou-together",
    "{group}",
    "/about",
    "/help/how-we-count",
    "/accessibility",
    "/privacy",
    "/account/sign-in",
    "/nothing-here",
]
EVERYTHING = bool(os.environ.get("SOAK"))
# In turn, so that every page is seen in a sample of them; the long version takes all of all.
LOOKS = [("light", 1280, ""), ("dark", 360, "/cy"), ("dark", 1280, ""), ("light", 360, "")]
MATRIX = [
    (path, *look)
    for number, path in enumerate(PAGES)
    for look in (LOOKS if EVERYTHING else [LOOKS[number % len(LOOKS)]])
]
NARROWEST = {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(("path", "scheme", "width", "language"), MATRIX)
def test_axe_finds_nothing(
    narrow: NarrowPage, listed: dict[str, str], path: str, scheme: str, width: int, language: str
) -> None:
    viewport = {"width": width, "height": 800}
    page = narrow(language + path.format(**listed), viewport=viewport, color_scheme=scheme)

    assert_accessible(page)


def test_axe_finds_nothing_behind_the_sign_in(narrow: NarrowPage, site: LiveSite) -> None:
    page = narrow("/account/sign-in")
    page.get_by_role("button", name="Send me a code").click()
    assert_accessible(page)
    sign_in(page, site)
    assert_accessible(page)
    page.goto("/groups/new")
    page.get_by_role("button", name="Save and go on").click()
    assert_accessible(page)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_the_narrowest_screen(
    narrow: NarrowPage, listed: dict[str, str], path: str
) -> None:
    page = narrow(path.format(**listed), viewport=NARROWEST)

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]


def test_nothing_is_loaded_from_another_host(
    narrow: NarrowPage, listed: dict[str, str], site: LiveSite
) -> None:
    page = narrow("/about")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/events", listed["hall"]):
        page.goto(path, wait_until="networkidle")

    assert asked
    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []


def test_the_skip_link_leads_to_the_page(narrow: NarrowPage) -> None:
    page = narrow("/events")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_every_control_shows_when_it_has_the_focus(narrow: NarrowPage) -> None:
    page = narrow("/events")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; })()"
        )
        assert outline, page.evaluate("document.activeElement.outerHTML")


def test_a_page_for_the_noticeboard_prints_without_furniture(
    narrow: NarrowPage, listed: dict[str, str], tmp_path: Path
) -> None:
    page = narrow(listed["hall"])
    page.emulate_media(media="print")

    assert page.get_by_role("heading", level=1).is_visible()
    assert not page.get_by_role("button", name="I’m in").is_visible()
