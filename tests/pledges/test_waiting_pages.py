"""What people and hosts read of an event that has only so many places."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.pledges import make_pledge
from tests.organising.typing_in import typed_on
from tests.pledges.test_receipts import address, nonce_of, send
from webapp.accounts.models import User
from webapp.events.models import Event, EventStatus
from webapp.pledges.actions import withdraw
from webapp.pledges.models import EventTally, RollupState
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import stands, waiting_list

SignIn = Callable[..., User]


@pytest.fixture
def event(session: Session) -> Event:
    return of_five(session, make_event(session))


def of_five(session: Session, event: Event) -> Event:
    event.capacity = 5
    session.flush()
    return event


def tallied(session: Session, event: Event, heads: int, age: timedelta = timedelta()) -> None:
    """Let the rollup have counted so many, so long ago."""
    session.execute(
        insert(EventTally).values(event_id=event.id, moment_id=event.moments[0].id, heads=heads)
    )
    session.execute(update(RollupState).values(as_of=NOW - age))
    session.commit()


def shown(client: PageClient, event: Event, page: str = "") -> str:
    return client.page(f"/events/{event.public_id}{page}").text


def test_an_event_says_how_many_places_are_left(
    client: PageClient, session: Session, event: Event
) -> None:
    tallied(session, event, 4)

    assert "1 place left" in shown(client, event)


YET = "There is no room for all of you yet, so you are not counted."
NEVER = "It never has room for so many of you: come with fewer. Room for: 5 people."


def test_no_number_is_told_that_may_be_wrong(
    client: PageClient, session: Session, event: Event
) -> None:
    tallied(session, event, 3, age=timedelta(minutes=10))

    assert "places left" not in shown(client, event)


def test_a_home_tells_no_number_of_places(client: PageClient, session: Session) -> None:
    event = of_five(session, make_event(session, venue_type=VenueType.PRIVATE))
    tallied(session, event, 3)

    assert "places left" not in shown(client, event)


def test_a_full_event_offers_its_waiting_list(
    client: PageClient, session: Session, event: Event
) -> None:
    tallied(session, event, 5)

    assert "Full: you can go on the waiting list." in shown(client, event)
    assert "It is full: you can go on the waiting list" in shown(client, event, "/pledge")


def test_who_waits_reads_so_on_the_receipt_until_there_is_room(
    client: PageClient, app: Flask, session: Session, event: Event
) -> None:
    first = make_pledge(session, event, 4)
    session.commit()
    path = f"/events/{event.public_id}/pledge"
    sent = client.send(path, {"nonce": nonce_of(client, path), "party": "2"}, csrf=False)
    assert "You’re on the waiting list" in client.page(sent.location).text
    receipt = sent.location.partition("?")[0]
    assert "You’re on the waiting list" in client.page(receipt).text
    assert "You have withdrawn" not in client.page(receipt).text

    withdraw(session, first, uuid4())
    session.commit()

    assert "You were moved up from the waiting list:" in client.page(receipt).text


@pytest.mark.parametrize("party", ["2", "6"])
def test_who_waits_reads_that_there_is_no_room_for_all_of_them_yet_or_never(
    client: PageClient, session: Session, event: Event, party: str
) -> None:
    make_pledge(session, event, 4)
    session.commit()
    path = f"/events/{event.public_id}/pledge"
    sent = client.send(path, {"nonce": nonce_of(client, path), "party": party}, csrf=False)

    for shown_at in (sent.location, sent.location.partition("?")[0]):
        text = client.page(shown_at).text
        assert "It is full" not in text
        assert (YET in text) is (party == "2")
        assert ("Get a mail when there is room" in text) is (party == "2")
        assert (NEVER in text) is (party == "6")


def test_of_those_who_are_in_more_than_fit_are_told_so(
    client: PageClient, app: Flask, session: Session, event: Event
) -> None:
    path = address(app, make_pledge(session, event, 3))
    session.commit()
    nonce = nonce_of(client, f"{path}/change")
    assert send(client, f"{path}/change", nonce=nonce, party="6") == 303

    text = client.page(path).text

    assert "3 of you are in" in text
    assert NEVER in text
    assert "you are not counted" not in text


@pytest.mark.parametrize("off", ["cancelled", "hidden", "over"])
def test_who_waited_for_what_is_off_or_over_waits_no_more_and_is_offered_what_is_near(
    client: PageClient, app: Flask, session: Session, event: Event, off: str
) -> None:
    make_pledge(session, event, 4)
    path = address(app, make_pledge(session, event, 3))
    if off == "over":
        event.starts_at, event.ends_at = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    else:
        event.status = EventStatus(off)
    session.commit()

    page = client.page(path)

    assert "the waiting list" not in page.text
    assert "when there is room" not in page.text
    assert "you are in again" not in page.text
    assert ("you wait again" in page.text) is (off != "over")
    assert (f"{path}/instead" in page.links) is (off != "over")


def test_who_waits_may_change_and_withdraw(
    client: PageClient, app: Flask, session: Session, event: Event
) -> None:
    make_pledge(session, event, 4)
    waiting = make_pledge(session, event, 3)
    session.commit()
    path = address(app, waiting)

    assert 'value="3"' in client.page(f"{path}/change").html
    nonce = nonce_of(client, f"{path}/change")
    for _ in range(2):  # a double tap
        assert send(client, f"{path}/change", nonce=nonce, party="2") == 303
    assert waiting_of(session, waiting) == (0, 2)
    nonce = nonce_of(client, f"{path}/withdraw")
    assert send(client, f"{path}/withdraw", nonce=nonce) == 303

    assert waiting_of(session, waiting) == (0, 0)
    assert "You have withdrawn" in client.page(path).text


def test_those_who_are_to_come_besides_are_told_who_is_in(
    client: PageClient, app: Flask, session: Session, event: Event
) -> None:
    receipt = make_pledge(session, event, 3)
    make_pledge(session, event, 1)
    session.commit()
    path = address(app, receipt)

    nonce = nonce_of(client, f"{path}/change")
    assert send(client, f"{path}/change", nonce=nonce, party="6") == 303

    assert "3 of you are in" in client.page(path).text
    assert "3 more are on the waiting list" in client.page(path).text


def waiting_of(session: Session, receipt: Receipt) -> tuple[int, int]:
    session.expire_all()
    found = stands(session, receipt)
    return found.party, found.waiting


def save(client: PageClient, event: Event, capacity: str) -> None:
    path = f"/events/{event.public_id}/edit"
    sent = client.send(path, typed_on(client.page(path)) | {"capacity": capacity})
    assert sent.status == 303, sent.errors


@pytest.fixture
def hosted(session: Session, sign_in: SignIn) -> Event:
    return of_five(session, make_event(session, group=make_group(session, by=sign_in())))


def test_a_host_sees_how_many_are_in_and_how_many_wait(
    client: PageClient, session: Session, hosted: Event
) -> None:
    for party in (4, 2, 3):
        make_pledge(session, hosted, party)
    tallied(session, hosted, 4)

    text = shown(client, hosted, "/manage").replace(" ", "")

    assert "4peoplepledged" in text
    assert "places5" in text
    assert "onthewaitinglist5" in text


@pytest.mark.parametrize(("capacity", "standing"), [("9", (4, 0)), ("", (4, 0)), ("7", (0, 4))])
def test_more_room_moves_up_who_waits(
    client: PageClient, session: Session, hosted: Event, capacity: str, standing: tuple[int, int]
) -> None:
    make_pledge(session, hosted, 5)
    waiting = make_pledge(session, hosted, 4)
    session.commit()

    save(client, hosted, capacity)

    assert waiting_of(session, waiting) == standing


def test_less_room_turns_nobody_away(client: PageClient, session: Session, hosted: Event) -> None:
    first = make_pledge(session, hosted, 5)
    session.commit()
    assert "A smaller number turns nobody away who is in." in shown(client, hosted, "/edit")

    save(client, hosted, "2")

    assert waiting_of(session, first) == (5, 0)
    make_pledge(session, hosted, 1)
    assert len(waiting_list(session, hosted.id)) == 1
