"""Listing an event on a phone: as somebody who has never been here, with a stopwatch."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage
from tests.browser.hosts import (
    Fingers,
    Keys,
    Walk,
    decide,
    list_first_event,
    say_what,
    say_where,
    sign_in_staff,
)
from tests.browser.test_every_page import NARROWEST, assert_accessible
from tests.live import LiveSite

MOST_FIELDS, MOST_PAGES = 12, 6
WAYS = {
    "with-script": (True, Fingers),
    "without-script": (False, Fingers),
    "keyboard-alone": (True, Keys),
    "keyboard-without-script": (False, Keys),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_first_event_takes_few_pages_and_fields_and_staff_approve_it(
    narrow: NarrowPage,
    site: LiveSite,
    listed: dict[str, str],
    way: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script, hand = WAYS[way]
    title = f"Quiz and cake {way}"
    page = narrow("/", java_script_enabled=script)

    walk = list_first_event(page, site, title, listed["day"], hand=hand)

    with capsys.disabled():
        print(f"\nA first event, {way}: {walk.summary}")  # noqa: T201 -- asked for
    assert len(walk.fields) <= MOST_FIELDS, walk.fields
    assert len(walk.pages) <= MOST_PAGES, walk.pages
    expect(page.get_by_role("link", name="Get the poster")).to_be_visible()
    staff = narrow("/about")
    sign_in_staff(staff, site)
    decide(staff, title, "Approve")
    page.goto("/your-events")
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_text("Published").first).to_be_visible()


def test_the_next_event_of_a_trusted_group_is_on_the_map_at_once(
    narrow: NarrowPage, site: LiveSite, listed: dict[str, str]
) -> None:
    page, hand = narrow("/"), None
    list_first_event(page, site, "First tea", listed["day"])
    staff = narrow("/about")
    sign_in_staff(staff, site)
    decide(staff, "First tea", "Approve, and trust the group")

    page.goto("/host")
    hand, walk = Fingers(page), Walk(page)
    say_what(hand, "Second tea", listed["day"])
    say_where(hand)
    walk.look("This is what everybody will see")
    assert walk.fields == ["group"]
    page.get_by_role("button", name="Send it").dblclick()

    expect(page.get_by_role("heading", level=1)).to_have_text("It’s on the map")
    page.goto("/your-events")
    expect(page.get_by_role("link", name="Second tea", exact=True)).to_have_count(1)
    neighbour = narrow("/events")
    expect(neighbour.get_by_role("link", name="Second tea")).to_be_visible()


def test_a_closed_tab_loses_nothing(
    narrow: NarrowPage, site: LiveSite, listed: dict[str, str]
) -> None:
    page = narrow("/host")
    say_what(Fingers(page), "Half an event", listed["day"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Where is it?")
    page.close()

    again = page.context.new_page()
    again.goto("/host")
    again.get_by_role("link", name="Half an event").first.click()

    expect(again.get_by_role("heading", level=1)).to_have_text("Where is it?")


def test_the_pin_is_placed_by_search_by_keys_and_by_numbers(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    page = narrow("/host")
    say_what(Fingers(page), "Pin", listed["day"])
    page.get_by_label("Our street").check()
    page.get_by_label("Postcode, town or village").fill("Rochdale")
    page.get_by_text("Put a pin on the map instead").click()
    page.get_by_role("button", name="Put the pin at the place above").click()
    latitude = page.get_by_label("Latitude")
    expect(latitude).to_have_value(re.compile(r"^53\.6"))

    pin_map = page.get_by_label("Map: place the pin")
    pin_map.scroll_into_view_if_needed()
    pin_map.focus()
    before = latitude.input_value()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Shift+ArrowUp"):
        page.keyboard.press(key)
    expect(latitude).not_to_have_value(before)
    assert float(latitude.input_value()) > float(before)

    latitude.fill("53.6178")
    page.get_by_label("Longitude").fill("-2.1552")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is what everybody will see")


def test_the_enter_key_goes_on(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow("/host")
    say_what(Fingers(page), "Enter", listed["day"])
    page.get_by_label("A public place").check()
    page.get_by_label("Postcode, town or village").fill("Rochdale")
    page.get_by_label("What is the place called?").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("This is what everybody will see")


def preview(page: Page) -> None:
    """Wait until the map shows what everybody will see."""
    page.get_by_label("Map: what everybody will see").scroll_into_view_if_needed()
    expect(page.locator(".map-symbol")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", NARROWEST["width"]), ("dark", 1280)])
def test_every_step_is_accessible_and_narrow(
    narrow: NarrowPage, listed: dict[str, str], scheme: str, width: int
) -> None:
    viewport = {"width": width, "height": 740}
    page = narrow("/host", viewport=viewport, color_scheme=scheme)
    hand = Fingers(page)
    check(page, width)
    hand.press("Save and go on")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(page, width)
    say_what(hand, "Tea at 12 Elm Road", listed["day"])
    page.get_by_text("Put a pin on the map instead").click()
    check(page, width)
    say_where(hand)
    preview(page)
    check(page, width)
    page.get_by_text("I do this for somebody who has no e-mail").click()
    hand.press("Save and go on")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(page, width)
    page.goto("/host")
    check(page, width)
    page.get_by_role("link", name="Throw away").first.click()
    check(page, width)


def check(page: Page, width: int) -> None:
    """Fail where a page is not accessible, or wider than the screen."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
