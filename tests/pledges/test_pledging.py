"""Saying “I’m in”: the small page, the post, the receipt; once however often it is sent."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from webapp.events.models import Event, EventStatus
from webapp.pledges.models import LedgerEntry
from webapp.pledges.sides import PledgeSide, Signal


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    session.commit()
    return event


def nonce_on(page: Page) -> str:
    found = re.search(r'name="nonce"[^>]*value="([^"]+)"', page.html)
    assert found
    return found[1]


STANDS = "You said “I’m in” before, and that stands"


def entries(session: Session) -> list[LedgerEntry]:
    return list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)))


def pledge_path(event: Event) -> str:
    return f"/events/{event.public_id}/pledge"


def send(client: PageClient, path: str, **data: Any) -> Page:
    return client.send(path, data, csrf=False)


def test_a_neighbour_pledges_without_script(
    client: PageClient, session: Session, event: Event
) -> None:
    small = client.page(pledge_path(event) + "?party=3")
    assert small.value("party") == "3"
    assert small.headers["Cache-Control"] == "private, max-age=0", "the same form on the way back"

    answer = send(client, pledge_path(event), nonce=nonce_on(small), party="3")

    assert answer.status == 303
    thanks = client.page(answer.location)
    assert "You’re in" in thanks.h1
    assert "3 people from you" in thanks.text
    [entry] = entries(session)
    assert (entry.event_id, entry.moment_id, entry.party_change) == (
        event.id,
        event.moments[0].id,
        3,
    )


def test_nobody_gets_a_cookie_for_pledging(client: PageClient, event: Event) -> None:
    small = client.page(pledge_path(event))
    answer = send(client, pledge_path(event), nonce=nonce_on(small), party="1")

    for page in (small, answer, client.page(answer.location)):
        assert "Set-Cookie" not in page.headers


def test_the_same_form_twice_is_one_pledge_and_one_receipt(
    client: PageClient, session: Session, event: Event
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    first = send(client, pledge_path(event), nonce=nonce, party="2")
    second = send(client, pledge_path(event), nonce=nonce, party="2")

    assert first.location == second.location
    assert len(entries(session)) == 1


def test_the_same_nonce_with_another_party_shows_the_first_pledge(
    client: PageClient, session: Session, event: Event
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    send(client, pledge_path(event), nonce=nonce, party="2")
    again = send(client, pledge_path(event), nonce=nonce, party="5")

    assert "2 people from you" in client.page(again.location).text
    assert [entry.party_change for entry in entries(session)] == [2]


@pytest.mark.parametrize(
    "party",
    ["", "0", "-1", "13", "1.5", "1e3", "999999999999", "two", "٣", "\0", "<b>", "1,2"],
)
def test_a_party_that_is_none_keeps_what_was_typed(
    client: PageClient, session: Session, event: Event, party: str
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))

    answer = send(client, pledge_path(event), nonce=nonce, party=party)

    assert answer.status == 422
    assert answer.errors
    assert answer.value("party") == party.replace("\0", "")
    assert not entries(session)


@pytest.mark.parametrize("nonce", ["", "made-up", "a.b.c", "\0"])
def test_a_bad_nonce_gives_a_fresh_form_with_the_party_kept(
    client: PageClient, session: Session, event: Event, nonce: str
) -> None:
    answer = send(client, pledge_path(event), nonce=nonce, party="4")

    assert answer.status == 422
    assert "press “I’m in” once more" in answer.text
    assert answer.value("party") == "4"
    assert not entries(session)
    assert send(client, pledge_path(event), nonce=nonce_on(answer), party="4").status == 303


def test_an_expired_nonce_gives_a_fresh_form(
    client: PageClient, session: Session, event: Event, clock: time_machine.Traveller
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    clock.shift(timedelta(hours=49))

    assert send(client, pledge_path(event), nonce=nonce, party="4").status == 422
    assert not entries(session)


def test_a_nonce_of_another_event_is_refused(
    client: PageClient, session: Session, event: Event
) -> None:
    other = make_event(session, title="Another one")
    nonce = nonce_on(client.page(pledge_path(other)))

    assert send(client, pledge_path(event), nonce=nonce, party="4").status == 422
    assert not entries(session)


def test_an_event_that_is_over_takes_no_pledge(
    client: PageClient, session: Session, event: Event, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=17))
    small = client.page(pledge_path(event))
    assert 'name="party"' not in small.html

    answer = send(client, pledge_path(event), nonce="", party="1")

    assert answer.status == 422
    assert not entries(session)


def test_a_cancelled_event_takes_no_pledge(
    client: PageClient, session: Session, event: Event
) -> None:
    event.status = EventStatus.CANCELLED
    session.commit()

    assert send(client, pledge_path(event), nonce="", party="1").status == 422
    assert not entries(session)


def test_a_hidden_event_is_not_there(client: PageClient, session: Session, event: Event) -> None:
    event.status = EventStatus.HIDDEN
    session.commit()

    assert client.page(pledge_path(event)).status == 404
    assert send(client, pledge_path(event), nonce="", party="1").status == 404


def test_taking_part_at_home(client: PageClient, session: Session) -> None:
    moment = make_moment(session)
    session.commit()
    path = f"/moments/{moment.slug}/pledge"

    answer = send(client, path, nonce=nonce_on(client.page(path)), party="1")

    assert "At home" in client.page(answer.location).text
    [entry] = entries(session)
    assert entry.event_id is None


def test_what_another_site_posts_for_its_visitors_is_answered_alike_and_noted(
    client: PageClient, session: Session, event: Event
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    for origin in ("https://elsewhere.example", "null"):
        given = {"nonce": nonce, "party": "1"}
        answer = client.send(pledge_path(event), given, csrf=False, headers={"Origin": origin})
        assert answer.status == 303

    [entry] = entries(session)
    assert session.get_one(PledgeSide, (entry.moment_id, entry.pledge)).signals & Signal.FOREIGN


def test_the_nonce_for_script_is_never_cached(client: PageClient, event: Event) -> None:
    answer = client.page(f"/api/v1/pledges/nonce?event={event.public_id}")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["nonce"]
    assert client.page("/api/v1/pledges/nonce").status == 404
    assert client.page("/api/v1/pledges/nonce?event=nothing").status == 404


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "W10.x"])
def test_a_made_up_receipt_is_not_there(client: PageClient, token: str) -> None:
    assert client.page(f"/pledges/{token}").status == 404


def test_a_receipt_shows_the_pledge_again(
    client: PageClient, session: Session, event: Event
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    answer = send(client, pledge_path(event), nonce=nonce, party="2")

    receipt = client.page(answer.location.split("?")[0])

    assert receipt.h1 == "Your receipt"
    assert "Tea on Elm Road" in receipt.text
    assert receipt.headers["Cache-Control"] == "no-store"
    assert session.scalar(select(func.count(LedgerEntry.id))) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [(EventStatus.POSTPONED, "The new day is not known yet"), (EventStatus.CANCELLED, "Cancelled")],
)
def test_a_receipt_says_that_the_event_is_called_off_and_why(
    client: PageClient, session: Session, event: Event, status: EventStatus, words: str
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    answer = send(client, pledge_path(event), nonce=nonce, party="2")
    event.status, event.notice, event.notice_at = status, "The hall is flooded.", NOW
    session.commit()

    receipt = client.page(answer.location.split("?")[0])

    assert words in receipt.text
    assert "The hall is flooded. Thursday 20 May 2027" in receipt.text


def test_a_receipt_tells_nothing_of_an_event_that_is_hidden(
    client: PageClient, session: Session, event: Event
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    answer = send(client, pledge_path(event), nonce=nonce, party="2")
    event.status = EventStatus.HIDDEN
    session.commit()

    for path in (answer.location, answer.location.split("?")[0]):
        page = client.page(path)
        assert "not on this site any more" in page.text
        assert event.title not in page.html
        assert event.public_id not in page.html


TOKEN = "0f0e8a1c-1111-4222-8333-444455556666"


@pytest.mark.parametrize(
    ("typed", "kept"), [(TOKEN, True), ("", False), ("x" * 36, False), (TOKEN[:-1], False)]
)
def test_the_device_says_who_takes_part_if_it_can(
    client: PageClient, session: Session, event: Event, typed: str, kept: bool
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))

    send(client, pledge_path(event), nonce=nonce, party="2", participant=typed)

    [entry] = entries(session)
    assert (str(entry.participant) == TOKEN) is kept
    assert kept or entry.participant == entry.nonce


def test_for_somebody_else_the_device_says_nothing(client: PageClient, event: Event) -> None:
    mine = client.page(pledge_path(event))
    theirs = client.page(f"{pledge_path(event)}?somebody=else")

    assert 'data-behaviour="participant"' in mine.html
    assert 'data-behaviour="participant"' not in theirs.html


def test_the_thanks_page_leads_to_a_pledge_for_somebody_else(
    client: PageClient, event: Event
) -> None:
    answer = send(
        client, pledge_path(event), nonce=nonce_on(client.page(pledge_path(event))), party="2"
    )

    assert f"{pledge_path(event)}?somebody=else" in client.page(answer.location).links


@pytest.mark.parametrize("capacity", [None, 20])
@pytest.mark.parametrize("query", ["", "?somebody=else"])
def test_of_a_second_number_it_is_said_that_the_first_stands(
    client: PageClient, session: Session, event: Event, capacity: int | None, query: str
) -> None:
    event.capacity = capacity
    session.commit()
    nonce = nonce_on(client.page(pledge_path(event)))
    first = send(client, pledge_path(event) + query, nonce=nonce, party="1").location

    for _ in range(2):
        second = send(client, pledge_path(event) + query, nonce=nonce, party="4")
        assert second.status == 303
        assert second.location.partition("?")[0] == first.partition("?")[0]
        receipt = client.page(second.location)
        assert receipt.h1 == "Your receipt"
        assert STANDS in receipt.text
        assert "1 person from you" in receipt.text

    assert [entry.party_change for entry in entries(session)] == [1]
    assert STANDS not in client.page(first.partition("?")[0]).text
    assert "You’re in. Thank you!" in client.page(first).text


def test_of_a_number_for_what_was_withdrawn_it_is_not_said_that_it_stands(
    client: PageClient, session: Session, event: Event
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    receipt = send(client, pledge_path(event), nonce=nonce, party="1").location.partition("?")[0]
    send(client, f"{receipt}/withdraw")

    page = client.page(send(client, pledge_path(event), nonce=nonce, party="4").location)

    assert "You have withdrawn" in page.text
    assert STANDS not in page.text


def test_a_mistake_makes_no_second_pledge(
    client: PageClient, session: Session, event: Event
) -> None:
    nonce = nonce_on(client.page(pledge_path(event)))
    send(client, pledge_path(event), nonce=nonce, party="2")  # and then the back button

    again = send(client, pledge_path(event), nonce=nonce, party="20")
    assert again.status == 422
    send(client, pledge_path(event), nonce=nonce_on(again), party="2")

    assert [entry.party_change for entry in entries(session)] == [2]
