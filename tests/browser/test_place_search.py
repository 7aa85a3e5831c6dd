"""The search box suggests places: by keyboard, by touch, and never with a whole postcode."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage


def type_slowly(page: Page, text: str) -> None:
    page.locator("#q").click()
    expect(page.locator("#q")).to_have_attribute("role", "combobox")
    page.locator("#q").press_sequentially(text, delay=40)


def test_a_place_is_chosen_with_the_arrow_keys(narrow: NarrowPage) -> None:
    page = narrow("/")
    type_slowly(page, "rochd")
    expect(page.get_by_role("option").first).to_contain_text("Rochdale")
    expect(page.locator(".place-search [role=status]")).to_have_text(re.compile("Suggestions: "))
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    active = page.locator("#q").get_attribute("aria-activedescendant")
    assert page.get_by_role("option").first.get_attribute("id") == active
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/events\?"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rochdale")


def test_a_place_is_chosen_by_touch(narrow: NarrowPage) -> None:
    page = narrow("/")
    type_slowly(page, "newport")
    page.get_by_role("option").filter(has_text="Wales").first.click()
    page.wait_for_url(re.compile(r"/events\?.*place="))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Newport")


def test_escape_closes_the_list_and_keeps_the_text(narrow: NarrowPage) -> None:
    page = narrow("/")
    type_slowly(page, "rochd")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("rochd")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()


def test_no_whole_postcode_leaves_the_page_but_by_post(narrow: NarrowPage) -> None:
    page = narrow("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    type_slowly(page, "OL16 1AB")
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/events"))
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if re.search(r"ol16(\+|%20)?1a", url, re.IGNORECASE)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_open_list_is_accessible_and_fits(narrow: NarrowPage, scheme: str, width: int) -> None:
    page = narrow("/", color_scheme=scheme, viewport={"width": width, "height": 740})
    type_slowly(page, "lla")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    problems = Axe().run(page).response["violations"]
    assert [each["id"] for each in problems] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_welsh_pages_suggest_welsh_names(narrow: NarrowPage) -> None:
    page = narrow("/cy/")
    type_slowly(page, "casn")
    expect(page.get_by_role("option").first).to_contain_text("Casnewydd")


def test_the_plain_box_works_without_script(narrow: NarrowPage) -> None:
    page = narrow("/", java_script_enabled=False)
    page.locator("#q").fill("Rochdale")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rochdale")
