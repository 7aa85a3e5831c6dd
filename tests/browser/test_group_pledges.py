"""A window for a group: a host shows its code, three people on one tablet come through it without script."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.browser.conftest import NarrowPage
from tests.browser.hosts import sign_in
from tests.browser.test_every_page import assert_accessible
from tests.live import LiveSite
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.groups.models import MemberRole, Membership, Standing


@pytest.fixture
def host(narrow: NarrowPage, site: LiveSite, listed: dict[str, str]) -> Page:
    """Somebody who is signed in and whose group, which lists the quiz in the hall, is trusted."""
    page = narrow("/account/sign-in?next=/about")
    address = sign_in(page, site)
    page.wait_for_url("**/about")
    engine = create_engine(site.settings.database_url)
    with Session(engine) as session, session.begin():
        public_id = listed["hall"].rpartition("/")[2]
        event = session.scalars(select(Event).where(Event.public_id == public_id)).one()
        user = session.scalars(select(User).where(User.email == address)).unique().one()
        event.group.standing = Standing.TRUSTED
        session.add(Membership(user_id=user.id, group_id=event.group_id, role=MemberRole.EDITOR))
    engine.dispose()
    return page


def open_window(host: Page, event: str, cap: str) -> str:
    """Open a window for a school, and return its link."""
    host.goto(f"{event}/manage")
    host.get_by_role("link", name="Group pledges").click()
    assert_accessible(host)
    host.get_by_label("A school").check()
    host.get_by_label("How many people at most?").fill(cap)
    host.get_by_role("button", name="Open a link for an hour").click()
    expect(host.get_by_text("Will you be there?")).to_be_visible()
    assert_accessible(host)
    return host.locator(".shown-link a").inner_text()


def test_three_people_on_one_tablet_come_through_without_script(
    narrow: NarrowPage, listed: dict[str, str], host: Page
) -> None:
    link = open_window(host, listed["hall"], "4")
    tablet = narrow(link, java_script_enabled=False)
    heading = tablet.get_by_role("heading", level=1)

    for number, party in enumerate(("1", "2", "1"), 1):
        tablet.get_by_label("How many of you?").fill(party)
        tablet.get_by_role("button", name="I’m in").click()
        expect(heading).to_have_text("You’re in. Thank you!")
        expect(tablet.locator(".ticket .number")).to_have_text(party)
        if number < 3:
            tablet.get_by_role("link", name="Next person").click()
            expect(heading).to_have_text("Say that you’re in")

    expect(tablet.get_by_role("link", name="Next person")).to_have_count(0)
    tablet.goto(link)
    expect(tablet.get_by_text("Everybody has come through this link who can")).to_be_visible()
    host.reload()
    expect(host.locator(".ticket .number")).to_have_text("4")
    assert_accessible(narrow(link))


def test_the_hosts_screen_keeps_up_by_itself(
    narrow: NarrowPage, listed: dict[str, str], host: Page
) -> None:
    link = open_window(host, listed["hall"], "30")
    host.clock.install()
    host.reload()
    phone = narrow(link)
    assert_accessible(phone)
    phone.get_by_role("button", name="I’m in").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You’re in. Thank you!")
    assert_accessible(phone)

    host.clock.fast_forward(10_000)

    expect(host.locator(".ticket .number")).to_have_text("1")
    expect(host.locator(".ticket h2")).to_have_text("person came through")


def test_a_double_tap_is_one_person(narrow: NarrowPage, listed: dict[str, str], host: Page) -> None:
    link = open_window(host, listed["hall"], "30")
    phone = narrow(link, java_script_enabled=False)
    phone.get_by_role("button", name="I’m in").dblclick()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You’re in. Thank you!")

    host.reload()
    expect(host.locator(".ticket .number")).to_have_text("1")


def test_a_caller_is_read_a_code_and_is_found_again_by_it(
    listed: dict[str, str], host: Page
) -> None:
    host.goto("/for-a-caller")
    assert_accessible(host)
    host.get_by_role("link", name="Quiz in the hall").click()
    assert_accessible(host)
    host.get_by_label("How many are you, with those you bring?").fill("3")
    host.get_by_role("button", name="They’re in").click()
    expect(host.get_by_role("heading", level=1)).to_have_text("They’re in")
    assert_accessible(host)
    code = host.locator(".spoken").inner_text()

    host.get_by_role("link", name="Next caller").click()
    host.get_by_label("The code that was read out to them").fill(code)
    host.get_by_role("button", name="Show their receipt").click()

    expect(host.get_by_role("heading", level=1)).to_have_text("Your receipt")
    expect(host.locator(".ticket .number")).to_have_text("3")
