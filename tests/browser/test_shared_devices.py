"""One pledge from one device, also from two tabs or in two languages; the next person’s is their own."""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.browser.conftest import NarrowPage, list_one
from tests.browser.test_after_pledging import say_in
from tests.factories.accounts import make_user
from tests.live import LiveSite
from webapp.database import utc_now
from webapp.events.models import Event
from webapp.events.queries import event_of_address
from webapp.organising.merging import merge_events


def receipt_of(page: Page) -> str:
    """Return the secret end of the receipt that a page of thanks is about, once the device has kept it."""
    expect(page.locator("[data-receipt=keep]")).to_be_visible()
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
    page.wait_for_load_state("networkidle")  # what drops it has run

    page.goto(listed["hall"])
    say_in(page)

    assert receipt_of(page) != first
    assert len(sent) == 2
    assert len(set(sent)) == 1, "it is the same person"
    again = receipt_of(page)
    page.goto(f"/pledges/{first}", wait_until="networkidle")
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
        expect(page.get_by_role("heading", level=1)).to_contain_text("for somebody else")
        say_in(page)
        page.wait_for_url("**&kept")  # what was kept is dropped
    else:
        expect(page.get_by_text("Forgotten.")).to_be_focused()

    assert tap(page, listed["hall"]) != first
    assert len(sent) == len(set(sent)) == 2


def test_who_looks_at_a_pledge_for_somebody_else_and_leaves_it_is_still_in(
    narrow: NarrowPage, listed: dict[str, str]
) -> None:
    page = narrow("/about")
    first = tap(page, listed["hall"])
    page.get_by_role("link", name="Pledge for somebody else").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("for somebody else")
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Not now").click()

    expect(page.locator(".join .state")).to_contain_text("You’re in")
    assert tap(page, listed["hall"]) == first


@pytest.mark.parametrize("address", ["hall", "moment"])
@pytest.mark.parametrize("query", ["", "?party=2", "?somebody=else"])
def test_the_back_button_and_the_same_form_again_are_one_pledge_without_script(
    narrow: NarrowPage, listed: dict[str, str], address: str, query: str
) -> None:
    page = narrow(f"{listed[address]}/pledge{query}", java_script_enabled=False)
    receipts = set()
    for _ in range(3):
        say_in(page)
        receipts.add(page.url.partition("?")[0])
        page.go_back()

    assert len(receipts) == 1


def test_two_tabs_are_one_pledge(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow(listed["hall"])
    other = page.context.new_page()

    assert tap(page, listed["hall"]) == tap(other, listed["hall"])


def test_two_languages_are_one_pledge(narrow: NarrowPage, listed: dict[str, str]) -> None:
    page = narrow("/about")

    assert tap(page, listed["hall"]) == tap(page, f"/cy{listed['hall']}")


@pytest.fixture
def twice(site: LiveSite, listed: dict[str, str]) -> Iterator[tuple[Session, Event, Event]]:
    """An event that is listed twice, with what wrote it down."""
    engine = create_engine(site.settings.database_url)
    with Session(engine) as session:
        hall = event_of_address(session, listed["hall"].rpartition("/")[2])
        assert hall is not None
        moment, group = hall.moments[0], hall.group
        event = list_one(session, moment, group=group, title="A quiz")
        kept = list_one(session, moment, group=group, title="The big quiz")
        session.commit()
        yield session, event, kept
    engine.dispose()


def test_the_page_of_the_kept_listing_leads_to_the_receipt_until_it_is_forgotten(
    narrow: NarrowPage, twice: tuple[Session, Event, Event]
) -> None:
    session, event, kept = twice
    page = narrow("/about")
    tap(page, f"/events/{event.public_id}")
    note = page.locator(".join .state")
    merge_events(session, event, kept, make_user(session), utc_now())
    session.commit()

    page.goto(f"/events/{kept.public_id}")
    expect(note).to_contain_text("You’re in")
    note.get_by_role("link", name="Your receipt").click()
    page.get_by_role("button", name="Forget on this device").click()
    expect(page.get_by_text("Forgotten.")).to_be_focused()
    page.get_by_role("link", name="The big quiz").click()

    expect(page.locator(".join [name=leave_empty]")).to_be_attached()  # the script is there
    expect(note).to_be_hidden()
