"""Every page of hosts, coordinators and staff: axe finds nothing, and nothing scrolls sideways."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.browser.conftest import NarrowPage
from tests.browser.test_every_page import NARROWEST, RULES
from tests.factories.accounts import make_user
from tests.live import LiveSite
from tests.whole_app.more_rows import add_a_row_to_every_list
from tests.whole_app.walks import paths_of, walker
from tests.whole_app.world import World
from webapp.accounts.browsers import sign_in_browser
from webapp.accounts.models import User
from webapp.app import create_app
from webapp.database import utc_now

ROWS = 3


@dataclass(frozen=True)
class Peopled:
    """A site with some of everything, and how its people are signed in."""

    app: Flask
    session: Session
    world: World

    def cookie(self, user: User) -> str:
        """Return the cookie of a browser where somebody is signed in."""
        browser = sign_in_browser(
            self.session, user, device="Chrome", now=utc_now(), proved=user.has_role("staff")
        )
        self.session.commit()
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.fs_uniquifier
            cookie["_fresh"] = True
            cookie["signed_in"] = str(browser.id)
        found = client.get_cookie("session")
        assert found
        return found.value

    def pages(self, who: str, cookie: str) -> list[str]:
        """Return the addresses that are somebody’s to walk and that answer with a page."""
        client = self.app.test_client()
        client.set_cookie("session", cookie)
        answers = {path: client.get(path) for path in paths_of(self.app, self.world, who)}
        return [
            path
            for path, answer in answers.items()
            if answer.status_code == 200 and answer.mimetype == "text/html"
        ]


@pytest.fixture(scope="module")
def peopled(site: LiveSite) -> Iterator[Peopled]:
    """Put some of everything into the site."""
    app = create_app(site.settings)
    engine = create_engine(site.settings.database_url)
    with Session(engine) as session:
        world = World(app, session, make_user(session, email="owner@example.org"))
        for number in range(ROWS):
            add_a_row_to_every_list(world, number)
        assert world.known
        session.commit()
        yield Peopled(app, session, world)
    engine.dispose()


@pytest.mark.parametrize(("who", "scheme"), [
    ("owner", "light"), ("coordinator", "dark"), ("staff", "light"),
])  # fmt: skip
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    narrow: NarrowPage, site: LiveSite, peopled: Peopled, who: str, scheme: str
) -> None:
    user = walker(peopled.session, peopled.world, who)
    assert user is not None
    cookie = peopled.cookie(user)
    page = narrow("/about", viewport=NARROWEST, color_scheme=scheme)
    page.context.add_cookies([{"name": "session", "value": cookie, "url": site.url}])
    found = {}
    paths = peopled.pages(who, cookie)
    for path in paths:
        page.goto(path, wait_until="load")
        results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        if results.violations_count:
            found[path] = results.generate_report()
        if page.evaluate("document.documentElement.scrollWidth") > NARROWEST["width"]:
            found[f"{path} (too wide)"] = ""

    assert not found, "\n".join(f"{path}\n{report}" for path, report in found.items())
    assert len(paths) > 5, paths


@pytest.mark.parametrize("who", ["owner", "coordinator", "staff"])
def test_titles_and_names_without_a_space_break_rather_than_scroll(
    narrow: NarrowPage, site: LiveSite, peopled: Peopled, who: str
) -> None:
    session, world = peopled.session, peopled.world
    for event in (world.event, world.past):
        event.title = "W" * 100
    for group in (world.group, world.other_group):
        group.name = "M" * 120
    session.commit()
    user = walker(session, world, who)
    assert user is not None
    cookie = peopled.cookie(user)
    page = narrow("/about", viewport=NARROWEST)
    page.context.add_cookies([{"name": "session", "value": cookie, "url": site.url}])
    too_wide = []
    for path in peopled.pages(who, cookie):
        page.goto(path, wait_until="load")
        if page.evaluate("document.documentElement.scrollWidth") > NARROWEST["width"]:
            too_wide.append(path)
    assert not too_wide
