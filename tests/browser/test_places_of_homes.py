"""The exact place of a home, asked for and given: on a phone, without script, axe finding nothing."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.browser.conftest import NarrowPage, list_one
from tests.browser.hosts import sign_in
from tests.browser.test_every_page import assert_accessible
from tests.factories.accounts import make_user
from tests.factories.groups import make_group
from tests.live import LiveSite
from webapp.database import utc_now
from webapp.filters import local
from webapp.moments.queries import current_moment

DOOR = "12 Elm Road, the blue door. Ring twice."


@pytest.fixture
def host_address() -> str:
    return f"door{uuid4().hex[:8]}@example.org"


@pytest.fixture
def home(site: LiveSite, host_address: str) -> str:
    """The address of an event at the home of somebody with an address."""
    engine = create_engine(site.settings.database_url)
    with Session(engine) as session, session.begin():
        moment = current_moment(session, local(utc_now()).date(), demonstration=False)
        assert moment is not None
        group = make_group(session, by=make_user(session, email=host_address))
        event = list_one(
            session, moment, group=group, title="Scones at ours", venue_type="private",
            venue_name=None, precision_metres=3000,
        )  # fmt: skip
        path = f"/events/{event.public_id}"
    engine.dispose()
    return path


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def ask(page: Page) -> None:
    """Ask for the place, after forgetting one’s name at first."""
    page.get_by_role("link", name="Ask the host for the exact place").click()
    press(page, "Ask the host")
    expect(page.locator(".error")).to_contain_text("Enter your first name.")
    page.get_by_label("Your first name").fill("Sam")
    page.get_by_label("A note for the host").fill("We met at the library.")
    press(page, "Ask the host")
    expect(page.get_by_text("You asked the host for the exact place")).to_be_visible()


def say_yes(page: Page) -> None:
    """Write down where it is, and let the one who asks know."""
    page.get_by_role("link", name="1 asks for the exact place").click()
    page.get_by_label("Where exactly is it?").fill(DOOR)
    press(page, "Save")
    expect(page.get_by_label("Sam")).to_be_checked()
    press(page, "Give them the place")
    expect(page.get_by_role("heading", name="They have the place")).to_be_visible()


def test_a_neighbour_asks_and_the_host_says_yes_and_then_no(
    narrow: NarrowPage, site: LiveSite, home: str, host_address: str
) -> None:
    neighbour = narrow(f"{home}/pledge", java_script_enabled=False)
    press(neighbour, "I’m in")
    ask(neighbour)

    host = narrow("/account/sign-in?next=/your-events", java_script_enabled=False)
    sign_in(host, site, host_address)
    say_yes(host)
    neighbour.reload()
    expect(neighbour.locator("#place")).to_contain_text(DOOR)
    assert neighbour.evaluate("document.documentElement.scrollWidth") <= 360

    host.get_by_label("Sam").check()
    press(host, "Take the place back")
    neighbour.reload()
    expect(neighbour.locator("#place")).not_to_contain_text("Elm Road")
    expect(neighbour.get_by_text("The host says no this time")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way(narrow: NarrowPage, home: str, scheme: str) -> None:
    page = narrow(f"{home}/pledge", color_scheme=scheme)
    press(page, "I’m in")
    assert_accessible(page)
    page.get_by_role("link", name="Ask the host for the exact place").click()
    assert_accessible(page)
    press(page, "Ask the host")
    assert_accessible(page)
    page.get_by_label("Your first name").fill("Sam")
    press(page, "Ask the host")
    expect(page.get_by_text("You asked the host for the exact place")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Take the question back").click()
    assert_accessible(page)
