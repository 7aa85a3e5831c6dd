"""What pages give a device to remember of a pledge, and when they do not."""

import re
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient, text_of
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.pledges.test_partner_codes import nonce_on
from webapp.events.models import Event, EventStatus
from webapp.organising.merging import merge_events

HOUR = timedelta(hours=1)


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    session.commit()
    return event


def remembering(page: Page) -> dict[str, Element]:
    """Return the elements about what a device remembers, by what is to be done."""
    found = [each for each in page.tree.iter() if each.get("data-behaviour") == "receipt"]
    assert all(each.get("hidden") is not None for each in found), "seen without script"
    return {str(each.get("data-receipt")): each for each in found}


def pledge(client: PageClient, path: str) -> Page:
    sent = {"nonce": nonce_on(client.page(path)), "party": "2"}
    return client.page(client.send(path, sent, csrf=False).location)


def test_the_event_s_page_is_the_same_for_everybody_and_cacheable(
    client: PageClient, event: Event
) -> None:
    before = client.get(f"/events/{event.public_id}")
    pledge(client, f"/events/{event.public_id}/pledge")
    page = client.page(f"/events/{event.public_id}")

    assert page.html == before.text
    assert "s-maxage" in page.headers["Cache-Control"]
    show = remembering(page)["show"]
    assert show.get("data-event") == event.public_id
    assert show.get("data-address") == "/pledges/-"
    assert "/pledges/-" not in page.links


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "You’re in To change"),
        ({"capacity": 9}, "Your receipt says whether"),
        ({"status": EventStatus.POSTPONED}, "You’re in To change"),
        ({"status": EventStatus.CANCELLED}, "You are not counted now You can also take part another way:"),
        ({"starts_at": NOW - 2 * HOUR, "ends_at": NOW - HOUR}, "Thank you. Your receipt"),
    ],
)  # fmt: skip
def test_the_event_s_page_leads_to_the_receipt_whatever_has_become_of_the_event(
    client: PageClient, session: Session, event: Event, changes: dict[str, Any], told: str
) -> None:
    for name, value in changes.items():
        setattr(event, name, value)
    session.commit()

    show = remembering(client.page(f"/events/{event.public_id}"))["show"]

    assert text_of(show).startswith(told)
    assert len([each for each in show.iter("a") if not each.get("href")]) == 1
    to_come = "status" not in changes and "ends_at" not in changes
    assert ("Pledge for somebody else" in text_of(show)) == to_come


def test_the_page_of_a_kept_listing_knows_by_which_ids_its_receipts_may_be_kept(
    client: PageClient, session: Session, event: Event
) -> None:
    kept = make_event(session, group=event.group, moment=event.moments[0])
    merge_events(session, event, kept, make_user(session), NOW)
    session.commit()

    show = remembering(client.page(f"/events/{kept.public_id}"))["show"]
    assert show.get("data-merged") == event.public_id


def test_the_page_of_thanks_gives_the_receipt_and_the_receipt_offers_to_forget(
    client: PageClient, event: Event
) -> None:
    thanks = pledge(client, f"/events/{event.public_id}/pledge")
    keep = remembering(thanks)["keep"]
    token = str(keep.get("data-token"))
    assert keep.get("data-event") == event.public_id

    receipt = client.page(f"/pledges/{token}")

    assert remembering(receipt)["offer"].get("data-token") == token
    assert "Forget on this device" in receipt.text


def test_a_withdrawn_pledge_is_dropped(client: PageClient, event: Event) -> None:
    thanks = pledge(client, f"/events/{event.public_id}/pledge")
    token = str(remembering(thanks)["keep"].get("data-token"))
    path = f"/pledges/{token}/withdraw"
    client.send(path, {"nonce": nonce_on(client.page(path))}, csrf=False)

    found = remembering(client.page(f"/pledges/{token}"))

    assert found.keys() == {"drop"}
    assert found["drop"].get("data-token") == token


def test_nothing_is_remembered_of_somebody_else_s_pledge_nor_of_whoever_was_before(
    client: PageClient, event: Event
) -> None:
    path = f"/events/{event.public_id}/pledge?somebody=else"
    asked = client.page(path)
    assert asked.h1 == "Pledge for somebody else on this device"
    assert remembering(asked) == {}, "until somebody else has pledged"

    thanks = pledge(client, path)

    assert "You’re in" in thanks.h1
    assert remembering(thanks).keys() == {"drop"}
    assert remembering(client.page(f"/events/{event.public_id}/pledge")) == {}


def test_nothing_is_remembered_of_a_pledge_at_home(client: PageClient, event: Event) -> None:
    thanks = pledge(client, f"/moments/{event.moments[0].slug}/pledge")

    assert re.match("You’re in", thanks.h1)
    assert remembering(thanks) == {}


def test_who_takes_part_at_home_is_not_taken_for_who_did_so_before_on_the_device(
    client: PageClient, event: Event
) -> None:
    slug = event.moments[0].slug
    thanks = pledge(client, f"/moments/{slug}/pledge?somebody=else")

    drop = remembering(thanks)["drop"]
    assert (drop.get("data-moment"), drop.get("data-event")) == (slug, None)
