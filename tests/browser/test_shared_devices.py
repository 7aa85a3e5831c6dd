"""One pledge from one device, also from two tabs or in two languages; the next person’s is their own."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import NarrowPage
from tests.browser.test_after_pledging import say_in


def receipt_of(page: Page) -> str:
    """Return the secret end of the receipt that a page of thanks is about."""
    return page.url.partition("?")[0].rpartition("/")[2]


def tap(page: Page, event: str) -> str:
    """Say “I’m in” on the event’s page, in whatever language, and return the receipt’s end."""
    page.goto(event)
    expect(page.locator(".join [name=leave_empty]")).to_be_attached()  # the script is there
    page.locator(".join button.button").click()
    page.wait_for_url("**/pledges/*?thanks=1*")
    return receipt_of(page)


def participants(page: Page) -> list[str]:
    """Return a list that grows by who takes part, with each form that a page sends."""
    found: list[str] = []

    def note(sent: Request) -> None:
        if sent.post_data and "participant" in sent.post_data:
            found.extend(parse_qs(sent.post_data)["participant"])

    page.on("request", note)
    return found


def test_who_has_withdrawn_can_say_in_again(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow("/about")
    sent = participants(page)
    first = tap(page, listed["hall"])
    page.get_by_role("link", name="You cannot come?").click()
    page.get_by_role("button", name="Withdraw my pledge").click()
    expect(page.get_by_text("You have withdrawn")).to_be_visible()

    page.goto(listed["hall"])
    say_in(page)

    assert receipt_of(page) != first
    assert len(sent) == 2
    assert len(set(sent)) == 1, "it is the same person"
    again = receipt_of(page)
    page.goto(f"/pledges/{first}")
    assert tap(page, listed["hall"]) == again, "the old receipt forgets itself alone"


@pytest.mark.parametrize("act", ["Forget on this device", "Pledge for somebody else"])
@pytest.mark.parametrize("comes_later", [False, True])
def test_the_next_person_on_a_device_is_somebody_else(
    narrow: NarrowPage, listed: dict[str, str], act: str, comes_later: bool
) -> None:
    page = narrow("/about")
    sent = participants(page)
    first = tap(page, listed["hall"])
    if comes_later:
        page.goto(listed["hall"])
        if act.startswith("Forget"):
            page.get_by_role("link", name="Your receipt").click()
    page.get_by_text(act).click()
    if act.startswith("Pledge"):
        expect(page.get_by_role("heading", level=1)).to_have_text("Say that you’re in")
    else:
        expect(page.get_by_text("Forgotten.")).to_be_focused()

    assert tap(page, listed["hall"]) != first
    assert len(sent) == len(set(sent)) == 2


def test_two_tabs_are_one_pledge(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow(listed["hall"])
    other = page.context.new_page()

    assert tap(page, listed["hall"]) == tap(other, listed["hall"])


def test_two_languages_are_one_pledge(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow("/about")

    assert tap(page, listed["hall"]) == tap(page, f"/cy{listed['hall']}")
