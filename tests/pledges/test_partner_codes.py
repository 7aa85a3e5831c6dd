"""`?via=CODE` goes from any link to the pledge, without a cookie and without script."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.events import make_event
from webapp.events.models import Event
from webapp.partner_codes import code_of
from webapp.pledges.models import LedgerEntry

ODD = ["", "-" * 41, "a b", "bbc_one", "bbc\n", "<b>", "٣", "\u212a", "a&party=9", "é", " bbc"]


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    session.commit()
    return event


def codes(session: Session) -> list[str | None]:
    return list(session.scalars(select(LedgerEntry.via).order_by(LedgerEntry.id)))


def nonce_on(page: Page) -> str:
    found = re.search(r'name="nonce"[^>]*value="([^"]+)"', page.html)
    assert found
    return found[1]


def leading_on(page: Page) -> list[str]:
    """Return the links to pages on somebody’s way to a pledge."""
    ways = re.compile(r"(/cy)?/(events|moments/[a-z0-9-]+|events/[0-9a-z]+|groups/[a-z-]+)?(\?.*)?")
    return [link for link in page.links if ways.fullmatch(link)]


@pytest.mark.parametrize(
    ("typed", "code"), [("bbc", "bbc"), ("BBC-1", "bbc-1"), ("7" * 40, "7" * 40)]
)
def test_a_code_is_kept_in_small_letters(typed: str, code: str) -> None:
    assert code_of(typed) == code


@pytest.mark.parametrize("typed", ODD)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert code_of(typed) is None


def test_every_step_from_a_newsletter_s_link_to_the_ledger(
    client: PageClient, session: Session, event: Event
) -> None:
    home = client.page("/?via=Radio-4")
    listing = client.page("/events?via=radio-4")
    shown = client.page(f"/events/{event.public_id}?via=radio-4")
    for page in (home, listing, shown):
        assert leading_on(page)
        assert all(link.endswith("via=radio-4") for link in leading_on(page)), leading_on(page)
        assert "Set-Cookie" not in page.headers
    assert shown.value("via") == "radio-4"

    small = client.page(f"/events/{event.public_id}/pledge?party=2&via=radio-4")
    sent = {"nonce": nonce_on(small), "party": "2", "via": small.value("via")}
    answer = client.send(f"/events/{event.public_id}/pledge", sent, csrf=False)

    assert answer.status == 303
    assert codes(session) == ["radio-4"]


def test_it_reaches_a_pledge_at_home_and_outlives_a_mistake(
    client: PageClient, session: Session, event: Event
) -> None:
    path = f"/moments/{event.moments[0].slug}/pledge"
    small = client.page(f"{path}?via=shop")
    wrong = client.send(path, {"nonce": nonce_on(small), "party": "0", "via": "shop"}, csrf=False)
    assert (wrong.status, wrong.value("via")) == (422, "shop")

    client.send(path, {"nonce": nonce_on(wrong), "party": "1", "via": "shop"}, csrf=False)

    assert codes(session) == ["shop"]


@pytest.mark.parametrize("typed", ODD)
def test_an_odd_code_is_dropped_and_the_pledge_taken(
    client: PageClient, session: Session, event: Event, typed: str
) -> None:
    path = f"/events/{event.public_id}/pledge"
    sent = {"nonce": nonce_on(client.page(path)), "party": "2", "via": typed}

    assert client.send(path, sent, csrf=False).status == 303
    assert codes(session) == [None]


def test_an_odd_code_is_put_on_no_link(client: PageClient, event: Event) -> None:
    for query in ("via=%3Cb%3E", "via=", "via=a%20b", "via=%00a", f"via={'a' * 41}"):
        page = client.get(f"/?{query}")

        assert page.status_code == (404 if "%00" in query else 200)
        assert "via=" not in re.sub(r"\s", "", page.text).replace("&amp;", "&")


def test_a_page_is_cacheable_and_has_one_canonical_address(
    client: PageClient, event: Event
) -> None:
    page = client.get(f"/events/{event.public_id}?via=shop")

    assert "s-maxage" in page.headers["Cache-Control"]
    heads = re.findall(r'<link rel="(?:canonical|alternate)"[^>]*href="([^"]+)"', page.text)
    assert heads
    assert not [address for address in heads if "via" in address]
    assert f'href="/cy/events/{event.public_id}?via=shop"' in page.text
    assert page.text.count(f"/events/{event.public_id}</a>") == 1, "the link to share has no code"


def test_a_search_takes_it_along(client: PageClient, event: Event) -> None:
    assert client.page("/?via=shop").value("via") == "shop"

    answer = client.send("/events/find", {"q": "Rochdale", "via": "shop"}, csrf=False)

    assert answer.status == 303
    assert answer.location.endswith("via=shop")


def test_a_poster_s_short_address_takes_it_along(client: PageClient, event: Event) -> None:
    answer = client.page(f"/e/{event.public_id}?via=poster")

    assert answer.location.endswith(f"/events/{event.public_id}?via=poster")


def test_pages_without_a_code_have_none(client: PageClient, event: Event) -> None:
    for address in ("/", "/events", f"/events/{event.public_id}"):
        assert "via" not in " ".join(client.page(address).links)
        assert 'name="via"' not in client.get(address).text
