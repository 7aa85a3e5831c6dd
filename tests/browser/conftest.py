"""A real browser on a real site. All of these tests run in one process, with one site."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.live import LiveSite, live_site
from webapp.database import utc_now
from webapp.events.models import Event
from webapp.filters import local
from webapp.groups.models import Sector
from webapp.moments.models import Moment
from webapp.moments.queries import current_moment

PHONE = {"width": 360, "height": 740}
NarrowPage = Callable[..., Page]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, keep it in one process, and run it last.

    The browser’s driver leaves its event loop running in the process, and what is asynchronous
    elsewhere would trip over it.
    """
    for item in items:
        if in_this_folder(item):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
    items.sort(key=in_this_folder)


def in_this_folder(item: pytest.Item) -> bool:
    """Tell whether a test needs the browser."""
    return Path(__file__).parent in item.path.parents


@pytest.fixture
def clock() -> None:
    """Leave the clock alone: the site is other processes, with the real time."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system’s Chromium, which looks for nothing outside this machine."""
    quiet = ["background-networking", "component-update", "sync", "quic", "gpu"]
    return {
        "executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium"),
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{each}" for each in quiet)],
    }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site that runs, with what the seeds give."""
    folder = tmp_path_factory.mktemp("live")
    with live_site(f"moment_map_test_browser_{os.getpid()}", folder) as running:
        yield running


@pytest.fixture(scope="session")
def listed(site: LiveSite) -> dict[str, str]:
    """Some events around Rochdale: the addresses of one in a hall and of one at a home."""
    engine = create_engine(site.settings.database_url)
    with Session(engine) as session, session.begin():
        moment = current_moment(session, local(utc_now()).date(), demonstration=False)
        assert moment is not None
        slug = f"/moments/{moment.slug}"
        group = make_group(session, name="Deeplish Neighbours", sector=Sector.CHARITY)
        found = {
            "hall": list_one(session, moment, group=group, title="Quiz in the hall"),
            "home": list_one(session, moment, group=group, title="Soup at ours",
                             venue_type="private", venue_name=None),
        }  # fmt: skip
        day = moment.starts_on.isoformat()
        paths = {name: f"/events/{event.public_id}" for name, event in found.items()}
    engine.dispose()
    return {**paths, "day": day, "group": "/groups/deeplish-neighbours", "moment": slug}


def list_one(session: Session, moment: Moment, **changes: Any) -> Event:
    """List an event of the site’s own moment, at two in the afternoon."""
    noon = utc_now().replace(
        year=moment.starts_on.year, month=moment.starts_on.month, day=moment.starts_on.day,
        hour=13, minute=0, second=0, microsecond=0,
    )  # fmt: skip
    times = {"starts_at": noon, "ends_at": noon + timedelta(hours=3)}
    return make_event(session, moment=moment, **{**times, **changes})


@pytest.fixture
def narrow(browser: Browser, site: LiveSite) -> Iterator[NarrowPage]:
    """Open pages on a phone’s screen; what the console says fails the test."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def open_page(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.url, **{"viewport": PHONE, "locale": "en-GB", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A page that answers 404 or 422 is named in the console; that is no mistake of the page.
    assert [text for text in said if "Failed to load resource" not in text] == []
