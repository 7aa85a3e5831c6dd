"""The page of thanks: right after a pledge, while what it was made for is on, and never again."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, func
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.pledges import make_pledge
from tests.pledges.test_partner_codes import codes, nonce_on
from webapp.events.models import Event, EventStatus
from webapp.pledges.models import EntryKind, LedgerEntry
from webapp.pledges.nonces import NonceSigner, Receipt

THANKS = "You’re in. Thank you!"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


def path_of(app: Flask, receipt: Receipt) -> str:
    return f"/pledges/{NonceSigner(app.config['SECRET_KEY']).sign_receipt(receipt)}"


@pytest.fixture
def path(app: Flask, session: Session, event: Event) -> str:
    receipt = make_pledge(session, event)
    session.commit()
    return path_of(app, receipt)


def test_thanks_are_said_right_after_a_pledge_where_they_are_asked_for(
    client: PageClient, path: str
) -> None:
    assert client.page(f"{path}?thanks=1").h1 == client.page(f"{path}?thanks=1&kept").h1 == THANKS
    assert client.page(path).h1 == "Your receipt"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (EventStatus.CANCELLED, "This will not take place."),
        (EventStatus.POSTPONED, "The new day is not known yet."),
        (EventStatus.HIDDEN, "You are not counted now"),
    ],
)
def test_of_an_event_that_is_off_the_address_leads_to_the_receipt(
    client: PageClient, session: Session, event: Event, path: str, status: EventStatus, told: str
) -> None:
    event.status = status
    session.commit()

    page = client.page(f"{path}?thanks=1&kept")

    assert page.h1 == "Your receipt"
    assert told in page.text


def test_the_day_after_it_asks_whom_somebody_met(
    client: PageClient, session: Session, event: Event, path: str
) -> None:
    event.starts_at, event.ends_at = NOW - timedelta(days=1, hours=2), NOW - timedelta(days=1)
    session.commit()

    assert "Did you meet someone new?" in client.page(f"{path}?thanks=1&kept").text


@pytest.fixture
def old(real_engine: Engine, owner_engine: Engine) -> Receipt:
    """A pledge that was made two hours ago."""
    with Session(real_engine) as session, session.begin():
        event = make_event(session)
        event_id, moment_id, key = event.id, event.moments[0].id, uuid4()
    with Session(owner_engine) as session, session.begin():
        session.add(
            LedgerEntry(
                moment_id=moment_id, nonce=key, kind=EntryKind.PLEDGED, pledge=key,
                participant=key, event_id=event_id, party_change=2,
                recorded_at=func.now() - timedelta(hours=2),
            )
        )  # fmt: skip
    return Receipt(moment_id, key)


def test_of_an_older_pledge_it_is_the_receipt(app: Flask, old: Receipt) -> None:
    page = app.test_client().get(f"{path_of(app, old)}?thanks=1&kept")

    assert "Your receipt" in page.text
    assert THANKS not in page.text


def test_the_page_of_thanks_asks_nothing_that_it_does_not_show(
    client: PageClient, session: Session, path: str, questions: list[str]
) -> None:
    client.page(f"{path}?thanks=1")
    session.expire_all()
    questions.clear()

    client.page(f"{path}?thanks=1")

    assert not [each for each in questions if "checkpoint" in each or "encounter" in each]
    assert not [each for each, times in Counter(questions).items() if times > 1]


@pytest.mark.parametrize("at_home", [False, True])
def test_who_pledges_next_on_a_shop_s_tablet_was_sent_by_the_shop_too(
    client: PageClient, session: Session, event: Event, at_home: bool
) -> None:
    session.commit()
    first = f"/moments/{event.moments[0].slug}" if at_home else f"/events/{event.public_id}"
    path = f"{first}/pledge?via=shop"

    for _ in range(3):
        page = client.page(path)
        sent = {"nonce": nonce_on(page), "party": "1", "via": page.value("via")}
        thanks = client.page(client.send(path, sent, csrf=False).location)
        path = link_for_somebody_else(thanks)

    assert codes(session) == ["shop"] * 3


def link_for_somebody_else(page: Page) -> str:
    [link] = [each for each in page.links if "/pledge?somebody=else" in each]
    return link
