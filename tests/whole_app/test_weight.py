"""What pages weigh on the wire, with 600 events on the map. A kilobyte is 1,000 bytes.

Pages and data are weighed as the application sends them to a browser that reads Brotli; static
files as the server compresses them when it starts. `pytest -s` prints the figures.
"""

import sys

import brotli
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.whole_app.wire import Wire, open_page
from webapp.events.demonstration import list_demonstration
from webapp.events.models import Event
from webapp.moments.seeds import seed_demonstration_moment, seed_moments
from webapp.places.gazetteer import read_geonames
from webapp.places.import_places import import_places
from webapp.pledges.models import EventTally, MomentTally
from webapp.staticfiles import package_folder

KILOBYTE = 1000
LARGEST_PAGE = 20 * KILOBYTE
LARGEST_CSS = 20 * KILOBYTE
LARGEST_FONTS = 45 * KILOBYTE
LARGEST_HOME = 120 * KILOBYTE

TEXTS = ("/about", "/help/how-we-count", "/accessibility", "/privacy", "/account/sign-in")

static = package_folder("static")


@pytest.fixture
def events(owner_engine: Engine, session: Session) -> list[Event]:
    """Make the next moment as busy as the demonstration, with the real moments behind it."""
    # What all tests before this one have rolled back still lies in the tables, to be read over.
    with owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    papers = package_folder("seed_data")
    import_places(session, read_geonames(papers), lambda _done: None)
    moment = seed_demonstration_moment(session, papers, NOW.date())
    assert moment is not None
    made = list_demonstration(session, moment)
    # A site that is no developer's shows real moments alone on its home page.
    moment.is_demonstration = False
    seed_moments(session, papers, NOW.date())
    session.add(MomentTally(moment_id=moment.id, pledges=3_000, heads=8_000, people=8_000))
    session.add_all(
        EventTally(event_id=event.id, moment_id=moment.id, pledges=5, heads=13) for event in made
    )
    session.commit()
    return made


def test_every_public_page_is_small_and_home_with_everything_too(
    client: PageClient, events: list[Event]
) -> None:
    event = events[0]
    addresses = ["/", "/events", "/events?place=London", f"/events/{event.public_id}", *TEXTS]
    addresses += [f"/moments/{event.moments[0].slug}", f"/groups/{event.group.slug}"]
    addresses += [
        f"/events/{event.public_id}/pledge",
        "/moments/thankyou-together",
        "/no-such-page",
    ]
    sizes = {address: size_of_page(client, address) for address in addresses}
    welsh = {f"/cy{address}": size_of_page(client, f"/cy{address}") for address in addresses}
    home = open_page(client, "/")

    print_table({**sizes, **welsh}, home)

    assert {
        address: size for address, size in (sizes | welsh).items() if size >= LARGEST_PAGE
    } == {}
    assert home.together() < LARGEST_HOME, home.table()


def test_all_style_sheets_together_are_small() -> None:
    sheets = [static / "gen" / "site.css", static / "gen" / "map.css"]

    assert sum(len(brotli.compress(sheet.read_bytes())) for sheet in sheets) < LARGEST_CSS


def test_all_fonts_together_are_small() -> None:
    fonts = list(static.rglob("*.woff2"))

    assert len(fonts) == 2
    assert sum(font.stat().st_size for font in fonts) < LARGEST_FONTS


def size_of_page(client: PageClient, address: str) -> int:
    """Return the bytes of a page's HTML as it travels."""
    answer = client.get(address, headers={"Accept-Encoding": "br"})
    assert answer.mimetype == "text/html", address
    # The library compresses no answer that tells of an error.
    assert answer.status_code == 404 or answer.headers.get("Content-Encoding") == "br", address
    return len(answer.data)


def print_table(pages: dict[str, int], home: Wire) -> None:
    """Print the figures, for whoever runs the tests with -s."""
    rows = sorted(pages.items(), key=lambda row: -row[1])
    lines = [f"{size:>8,}  {address}" for address, size in rows]
    total = f"Home with everything, Brotli: {home.together():,} bytes"
    sys.stdout.write("\n".join(["", "HTML, Brotli:", *lines, total, home.table(), ""]))
