"""The map: markers have names, the keyboard reaches them, the list has the same events."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage

WIDE = {"width": 1280, "height": 900}


def open_map(page: Page) -> None:
    page.locator(".map").first.scroll_into_view_if_needed()
    expect(page.locator(".map .leaflet-marker-icon").first).to_be_visible()


def test_the_list_and_the_map_have_the_same_events(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    page = narrow("/about", viewport=WIDE)
    with page.expect_response("**/events.geojson*") as loading:
        page.goto("/events")
    on_the_map = {each["properties"]["url"] for each in loading.value.json()["features"]}
    on_the_list = {
        link.get_attribute("href") for link in page.locator(".event h3 a").element_handles()
    }

    assert on_the_list == on_the_map
    assert {listed["hall"], listed["home"]} <= on_the_map


def test_a_marker_has_a_name_and_the_keyboard_opens_it(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    page = narrow(listed["hall"], viewport=WIDE)
    open_map(page)
    marker = page.locator(".map .leaflet-marker-icon").first
    name = marker.get_attribute("aria-label") or marker.get_attribute("title") or ""
    assert len(name) > 5
    # A circle of events that stand apart comes apart first; what cannot opens as a list.
    for _ in range(5):
        page.locator(".map .leaflet-marker-icon").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(600)
        if page.locator(".leaflet-popup").count():
            break

    expect(page.locator(".leaflet-popup")).to_be_visible()


def test_the_map_can_be_skipped(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow("/events", viewport=WIDE)
    open_map(page)

    expect(page.get_by_role("link", name="Skip the map")).to_have_count(1)


def test_a_home_is_an_area_and_never_a_pin(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow("/about", viewport=WIDE)
    with page.expect_response("**/events.geojson*") as loading:
        page.goto(listed["home"])
    homes = [
        each["properties"]
        for each in loading.value.json()["features"]
        if each["properties"]["url"] == listed["home"]
    ]

    assert [(each["is_approximate"], each["radius_metres"] >= 2000) for each in homes] == [
        (True, True)
    ]


def test_the_wheel_scrolls_the_page_and_not_the_map(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    page = narrow("/events", viewport=WIDE)
    open_map(page)
    box = page.locator(".map").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, 120)
    page.wait_for_timeout(400)

    assert page.evaluate("scrollY") != before or page.evaluate(
        "document.documentElement.scrollHeight <= innerHeight + scrollY + 1"
    )


def test_without_script_the_list_is_the_page(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow("/events", java_script_enabled=False)

    expect(page.get_by_role("link", name="Quiz in the hall")).to_be_visible()
    expect(page.locator(".map img")).to_have_count(1)
