"""The main job, end to end: a group lists an event, a neighbour finds it and is in."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NarrowPage
from tests.browser.hosts import decide, list_first_event, sign_in_staff
from tests.live import LiveSite

# A transaction of another test that stays open holds the rollup back.
WAIT_SECONDS = 40


def people(page: Page) -> int:
    return int(page.locator(".join .number").inner_text().replace(",", ""))


def wait_for_people(page: Page, number: int) -> None:
    """Wait until the page has a number; asked for without drawing it, for the rollup takes a moment."""
    shown = f'<p class="number">{number}</p>'
    for _ in range(WAIT_SECONDS * 10):
        if shown in page.request.get(page.url).text():
            break
        time.sleep(0.1)
    page.reload()
    assert people(page) == number


def find(page: Page, title: str) -> None:
    page.get_by_label("Find what’s on near you").fill("Rochdale")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rochdale")
    page.get_by_role("link", name=title).click()


def say_two_are_in(page: Page, *, script: bool) -> None:
    if script:
        page.get_by_role("button", name="One more").click()
    else:
        page.get_by_label("How many of you?").fill("2")
        page.get_by_role("button", name="I’m in").click()
        expect(page.get_by_label("How many of you?")).to_have_value("2")
    page.get_by_role("button", name="I’m in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re in. Thank you!")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_group_lists_an_event_and_a_neighbour_is_in(
    narrow: NarrowPage, site: LiveSite, listed: dict[str, str], script: bool
) -> None:
    title = f"Tea on Elm Road {'with' if script else 'without'} script"
    host = narrow("/", java_script_enabled=script)
    list_first_event(host, site, title, listed["day"])
    staff = narrow("/about")
    sign_in_staff(staff, site)
    decide(staff, title, "Approve")

    neighbour = narrow("/", java_script_enabled=script)
    find(neighbour, title)
    address = neighbour.url
    assert people(neighbour) == 0
    say_two_are_in(neighbour, script=script)

    neighbour.goto(address)
    wait_for_people(neighbour, 2)
    neighbour.goto("/")
    assert "people are in" in neighbour.get_by_label("How many are taking part").inner_text()


def test_back_and_another_tap_is_still_one_pledge(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    page = narrow(listed["hall"])
    before = people(page)
    expect(page.get_by_role("button", name="One more")).to_be_visible()  # the script is there
    page.get_by_role("button", name="I’m in").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re in. Thank you!")
    page.reload()
    page.go_back()
    page.get_by_role("button", name="I’m in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re in. Thank you!")

    page.goto(listed["hall"])
    wait_for_people(page, before + 1)
    page.wait_for_timeout(1500)
    page.reload()
    assert people(page) == before + 1


def test_taking_part_at_home_without_script(narrow: NarrowPage) -> None:
    page = narrow("/", java_script_enabled=False)
    page.get_by_role("link", name="Take part at home").click()
    page.get_by_role("button", name="I’m in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You’re in. Thank you!")
    expect(page.get_by_text("At home")).to_be_visible()


def test_the_whole_journey_stays_welsh(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow(f"/cy{listed['hall']}")
    expect(page.get_by_role("button", name="Un yn fwy")).to_be_visible()  # the script is there
    page.get_by_role("button", name="Dwi’n dod").click()

    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rydych chi’n dod. Diolch!")
