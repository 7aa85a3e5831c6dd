"""Hosts and staff in a browser: how they fill in the steps, by hand or by the keyboard alone."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from tests.live import LiveSite
from webapp.accounts.actions import make_staff
from webapp.accounts.models import SignedIn, User
from webapp.database import utc_now

MOST_TABS = 80
BOXES = "form[method=post]:not([role=search]) :is(input:not([type=hidden]), select, textarea)"
numbers = count(1)
# So unlike each other that nobody is asked whether two of them are one.
GROUPS = iter(
    (
        "Deeplish Choir", "Spotland Allotments", "Castleton Knitters", "Wardle Brass Band",
        "Milnrow Scouts", "Balderstone Library", "Heywood Ramblers", "Littleborough Bakers",
    )
)  # fmt: skip


class Fingers:
    """Taps and types, as on a phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, name: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name).first.click()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name).click()

    def fill(self, label: str, text: str) -> None:
        """Type into a box."""
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str) -> None:
        """Choose one of several."""
        self.page.get_by_label(label).check()

    def select(self, label: str, option: str) -> None:
        """Choose from a list that opens."""
        self.page.get_by_label(label).select_option(label=option)


class Keys(Fingers):
    """Does everything with the keyboard alone: Tab, arrows, Space, Enter and letters."""

    def go(self, name: str) -> None:
        """Follow a link."""
        self._reach(self.page.get_by_role("link", name=name).first)
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        """Press a button."""
        self._reach(self.page.get_by_role("button", name=name))
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        """Type into a box, over what stands there."""
        self._reach(self.page.get_by_label(label, exact=True))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str) -> None:
        """Go to the first of several, and down to the one that is meant."""
        wanted = self.page.get_by_label(label)
        name = wanted.get_attribute("name")
        first = self.page.locator(f"input[name={name}]").first
        self._reach(first)
        self.page.keyboard.press("Space")
        while not wanted.is_checked():
            self.page.keyboard.press("ArrowDown")

    def select(self, label: str, option: str) -> None:
        """Type the first letters of what is meant."""
        self._reach(self.page.get_by_label(label))
        self.page.keyboard.type(option)

    def _reach(self, wanted: Locator) -> None:
        expect(wanted).to_be_visible()
        for _ in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        message = f"Tab does not lead to {wanted}"
        raise AssertionError(message)


@dataclass
class Walk:
    """What somebody saw on the way: which pages, and which fields on them."""

    page: Page
    began: float = field(default_factory=time.monotonic)
    pages: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    def look(self, heading: str | None = None) -> None:
        """Note the page that is shown, and every field that it asks for without being unfolded."""
        title = self.page.get_by_role("heading", level=1)
        if heading is not None:
            expect(title).to_have_text(heading)
        # Until its style sheets are there, what is folded away can be seen.
        self.page.wait_for_load_state()
        self.pages.append(title.inner_text())
        boxes = (each for each in self.page.locator(BOXES).all() if each.is_visible())
        names = dict.fromkeys(each.get_attribute("name") or "" for each in boxes)
        self.fields.extend(names)

    @property
    def summary(self) -> str:
        """One line with the stopwatch and the counts."""
        seconds = time.monotonic() - self.began
        return f"{seconds:.1f} s, {len(self.pages)} pages, {len(self.fields)} fields"


def sign_in(page: Page, site: LiveSite, address: str | None = None) -> str:
    """Sign in on the page that asks for it; return the address."""
    address = address or f"host{next(numbers)}@example.org"
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The code").fill(site.code_for(address))
    page.get_by_role("button", name="Sign in").click()
    return address


def sign_in_staff(page: Page, site: LiveSite) -> None:
    """Sign in one of the campaign’s own people, who has given a second factor."""
    page.goto("/account/sign-in?next=/about")
    address = sign_in(page, site)
    page.wait_for_url("**/about")
    engine = create_engine(site.settings.database_url)
    with Session(engine) as session, session.begin():
        user = session.execute(select(User).where(User.email == address)).unique().scalar_one()
        make_staff(session, user)
        given = update(SignedIn).where(SignedIn.user_id == user.id).values(proved_at=utc_now())
        session.execute(given)
    engine.dispose()


def decide(page: Page, title: str, decision: str) -> None:
    """Decide about an event on the page for its review."""
    page.goto("/staff/review")
    page.get_by_role("link", name=title).first.click()
    page.get_by_label(decision, exact=False).first.check()
    page.get_by_role("button", name="Decide, and go on").click()


def say_what(hand: Fingers, title: str, day: str) -> None:
    """Fill in the first step."""
    hand.fill("What is it called?", title)
    hand.fill("What will happen?", "Come for a brew and stay for the quiz.")
    hand.fill("Day", day)
    hand.fill("From", "2pm")
    hand.fill("To", "5.30pm")
    hand.press("Save and go on")


def say_where(hand: Fingers, kind: str = "A public place", town: str = "Rochdale") -> None:
    """Fill in the second step."""
    hand.choose(kind)
    hand.fill("What is the place called? (optional)", "Deeplish Community Centre")
    hand.fill("Postcode, town or village", town)
    hand.press("Save and go on")


def say_who(hand: Fingers, name: str, address: str) -> None:
    """Fill in the third step."""
    hand.fill("What is your group called?", name)
    hand.select("What kind of group is it?", "Sports club")
    hand.fill("Your e-mail address", address)
    hand.press("Save and go on")


def list_first_event(
    page: Page, site: LiveSite, title: str, day: str, *, hand: Callable[[Page], Fingers] = Fingers
) -> Walk:
    """Go all the way from the home page, as somebody who has never been here."""
    fingers, walk = hand(page), Walk(page)
    address = f"host{next(numbers)}@example.org"
    walk.look()
    fingers.go("Host something")
    walk.look("What are you planning?")
    say_what(fingers, title, day)
    walk.look("Where is it?")
    say_where(fingers)
    walk.look("This is what everybody will see")
    say_who(fingers, next(GROUPS), address)
    walk.look("Enter your code")
    fingers.fill("The code", site.code_for(address))
    fingers.press("Send my event")
    walk.look("Sent for review")
    return walk
