"""A host lets come whom they like: the place stands on that receipt alone, until the day after."""

import html
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from tests.asked_places.conftest import DOOR, address_of, at_home, tell_door
from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from tests.factories.groups import make_member
from tests.factories.pledges import make_pledge
from webapp.accounts.models import User
from webapp.asked_places.models import Answer, AskedPlace
from webapp.events.models import Event, EventStatus
from webapp.events.placing import Whereabouts, place_event
from webapp.pledges.actions import withdraw
from webapp.pledges.nonces import Receipt

SignIn = Callable[..., User]
STREET = "12 Elm Road, the blue door."
SAYS_YES = "The host says yes: here is the place"


def answer(
    client: PageClient, own: str, *asked: AskedPlace, deed: str = "accepted", seen: str = ""
) -> Page:
    data: dict[str, Any] = {"asked": [str(each.id) for each in asked], "deed": deed, "seen": seen}
    data["csrf_token"] = client.page(own).value("csrf_token")
    return client.send(f"{own}/answers", data, csrf=False)


def accept(session: Session, *asked: AskedPlace) -> None:
    for each in asked:
        each.answer, each.answered_at = Answer.ACCEPTED, NOW
    session.commit()


def test_the_page_shows_what_was_written_and_how_many_come(
    client: PageClient, own: str, asked: AskedPlace
) -> None:
    page = client.page(own)

    assert "Sam · 2 people" in page.text
    assert "We met at the library." in page.text
    assert "and stands on their receipts until the end of this day: Sunday" in page.text
    assert "Nobody would find your door yet" in page.text
    assert f"{own}" in client.page(own.replace("/place", "/manage")).links
    assert "1 asks for the exact place" in client.page("/your-events").text


def test_nobody_comes_before_the_door_is_written_down(
    client: PageClient, session: Session, own: str, home: Event, asked: AskedPlace
) -> None:
    make_asked(session, home, NOW)
    session.commit()
    page = answer(client, own, asked)

    assert page.status == 422
    assert page.errors == ["Mistake: Write down where exactly it is before you say yes."]
    assert "#directions" in page.links
    ticked = [each.get("value") for each in page.all("input") if "checked" in each.attrib]
    assert ticked == [str(asked.id)]
    session.refresh(asked)
    assert asked.answer is None
    assert answer(client, own, asked, deed="declined").status == 303


def test_whoever_is_let_come_sees_the_door_on_the_receipt(
    client: PageClient, session: Session, own: str, path: str, asked: AskedPlace, host: User
) -> None:
    saved = client.send(own, {"directions": f" {DOOR} "})
    assert saved.status == 303
    assert answer(client, own, asked).status == 303
    assert "The place stands on their receipt now." in client.page(own).text

    page = client.page(path)
    assert SAYS_YES in page.text
    assert STREET in page.text
    assert "until the end of this day: Sunday 6 June 2027" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    session.refresh(asked)
    assert (asked.answer, asked.answered_by_id) == (Answer.ACCEPTED, host.id)
    assert "Answered by you: Thursday 20 May 2027, 1pm" in client.page(own).text


def test_a_pin_is_a_link_to_the_map_of_the_phone_and_asks_no_server(
    app: Flask, client: PageClient, session: Session, host: User
) -> None:
    event = at_home(session, host)
    receipt = make_pledge(session, event)
    accept(session, make_asked(session, event, NOW, receipt=receipt))

    page = client.page(address_of(app, receipt))

    assert "geo:53.61712,-2.16103" in page.links
    assert "53.61712, -2.16103" in page.text
    assert not [x for x in page.links if "53.6" in x and not x.startswith("geo:")]


def test_a_postcode_stands_with_the_door_but_does_not_do_alone(
    app: Flask, client: PageClient, session: Session, host: User, sign_in: SignIn
) -> None:
    event = at_home(session, host, precision_metres=100, postcode="OL161AB")
    receipt = make_pledge(session, event)
    asked = make_asked(session, event, NOW, receipt=receipt)
    session.commit()
    sign_in(host)

    assert answer(client, f"/events/{event.public_id}/place", asked).status == 422
    tell_door(session, event)
    accept(session, asked)
    text = client.page(address_of(app, receipt)).text
    assert STREET in text
    assert "Postcode: OL16 1AB" in text


def test_the_place_is_on_no_other_receipt_and_on_no_page_of_the_event(
    app: Flask, client: PageClient, session: Session, home: Event, asked: AskedPlace
) -> None:
    tell_door(session, home)
    accept(session, asked)
    waits = make_pledge(session, home)
    make_asked(session, home, NOW, receipt=waits)
    none = make_pledge(session, home)
    session.commit()
    event = f"/events/{home.public_id}"

    for each in (
        address_of(app, waits), address_of(app, none), f"{address_of(app, waits)}/place", event,
        f"{event}/pledge", f"{event}/calendar.ics", "/events", "/", "/events.geojson",
    ):  # fmt: skip
        answer = client.get(each).text
        assert "Elm Road, the blue" not in html.unescape(answer), each
        assert "Sam" not in answer, each


@pytest.mark.parametrize(
    ("when", "stands"),
    [
        (datetime(2027, 6, 6, 22, 59, tzinfo=UTC), True),  # one minute to midnight in summer
        (datetime(2027, 6, 6, 23, 0, tzinfo=UTC), False),
    ],
)
def test_the_place_stands_until_the_end_of_the_day_after(
    client: PageClient, session: Session, home: Event, path: str, asked: AskedPlace,
    when: datetime, *, stands: bool,
) -> None:  # fmt: skip
    tell_door(session, home)
    accept(session, asked)

    with time_machine.travel(when):
        for each in (path, f"{path}/place"):
            assert (STREET in client.page(each).text) is stands


@pytest.mark.parametrize(
    "status",
    [EventStatus.CANCELLED, EventStatus.HIDDEN, EventStatus.DRAFT, EventStatus.IN_REVIEW],
)
def test_while_the_event_is_off_there_is_no_place(
    client: PageClient, session: Session, home: Event, path: str, asked: AskedPlace,
    status: EventStatus,
) -> None:  # fmt: skip
    tell_door(session, home)
    accept(session, asked)
    home.status = status
    session.commit()

    assert STREET not in client.page(path).text
    home.status = EventStatus.PUBLISHED
    session.commit()
    assert STREET in client.page(path).text


def test_a_withdrawn_pledge_shows_no_place_and_its_host_no_name(
    client: PageClient, session: Session, home: Event, own: str, path: str, receipt: Receipt,
    asked: AskedPlace,
) -> None:  # fmt: skip
    tell_door(session, home)
    accept(session, asked)
    withdraw(session, receipt, uuid4())
    session.commit()

    assert STREET not in client.page(path).text
    assert "Sam" not in client.page(own).text


def test_an_acceptance_is_taken_back_and_given_again(
    client: PageClient, session: Session, home: Event, own: str, path: str, asked: AskedPlace
) -> None:
    tell_door(session, home)
    answer(client, own, asked)
    assert STREET in client.page(path).text

    assert answer(client, own, asked, deed="declined", seen="accepted").status == 303
    page = client.page(path)
    assert STREET not in page.text
    assert "The host says no this time" in page.text
    assert answer(client, own, asked, deed="accepted", seen="declined").status == 303
    assert STREET in client.page(path).text


def test_all_who_are_ticked_are_answered_and_nobody_else(
    client: PageClient, session: Session, home: Event, own: str
) -> None:
    tell_door(session, home)
    first, second, third = (make_asked(session, home, NOW, name=x) for x in ("Ali", "Bo", "Cy"))
    session.commit()

    ticked = [x for x in client.page(f"{own}?all=1").all("input") if "checked" in x.attrib]
    assert len(ticked) == 3
    assert not [x for x in client.page(own).all("input") if "checked" in x.attrib]
    answer(client, own, first, third)

    for each, expected in ((first, Answer.ACCEPTED), (second, None), (third, Answer.ACCEPTED)):
        session.refresh(each)
        assert each.answer is expected


def test_what_people_wrote_is_shown_as_they_wrote_it(
    client: PageClient, session: Session, home: Event, own: str, path: str, receipt: Receipt
) -> None:
    odd = "<script>alert(1)</script> {{ 7*7 }} & “x”"
    made = make_asked(session, home, NOW, receipt=receipt, name="<b>Sam", note=odd)
    client.send(own, {"directions": f"{odd}\n</p><h1>Here"})
    answer(client, own, made)

    page, receipt_page = client.page(own), client.page(path)
    assert odd in page.text
    assert "<b>Sam · 2 people" in page.text
    assert odd in receipt_page.text
    assert "</p><h1>Here" in receipt_page.text
    for each in (page, receipt_page):
        assert "<script>alert" not in each.html
        assert len(each.all("h1")) == 1


def test_nobody_ticked_is_a_mistake_with_a_sentence(
    client: PageClient, own: str, asked: AskedPlace
) -> None:
    page = answer(client, own)

    assert page.status == 422
    assert page.errors == ["Mistake: Tick who you mean."]
    assert "#asked-0" in page.links
    assert page.with_id("asked-0").get("value") == str(asked.id)


def test_nobody_ticked_of_those_who_have_the_place_is_said_beside_them(
    client: PageClient, session: Session, own: str, home: Event, asked: AskedPlace
) -> None:
    accept(session, make_asked(session, home, NOW))

    page = answer(client, own, deed="declined", seen="accepted")

    assert page.errors == ["Mistake: Tick who you mean."]
    assert page.with_id("asked-0").get("value") != str(asked.id)


def test_nobody_ticked_where_nobody_is_left_leads_to_no_box(
    client: PageClient, session: Session, own: str, asked: AskedPlace
) -> None:
    token = client.page(own).value("csrf_token")
    accept(session, asked)
    data = {"deed": "accepted", "seen": "", "csrf_token": token}

    page = client.send(f"{own}/answers", data, csrf=False)

    assert page.status == 422
    assert "Tick who you mean." in page.text
    assert "#asked-0" not in page.links


@pytest.mark.parametrize("odd", ["x", "-1", "1e3", "9" * 40, "٣", ""])
def test_an_odd_tick_is_nobody(client: PageClient, own: str, asked: AskedPlace, odd: str) -> None:
    token = client.page(own).value("csrf_token")
    data = {"asked": odd, "deed": "accepted", "seen": "", "csrf_token": token}

    assert client.send(f"{own}/answers", data, csrf=False).status == 422
    assert client.send(f"{own}/answers", {**data, "deed": odd}, csrf=False).status == 400


def test_those_of_another_event_are_not_answered_from_here(
    client: PageClient, session: Session, host: User, own: str, home: Event
) -> None:
    tell_door(session, home)
    elsewhere = make_asked(session, at_home(session, make_user(session)), NOW)
    session.commit()

    assert answer(client, own, elsewhere).status == 303
    session.refresh(elsewhere)
    assert elsewhere.answer is None
    assert "had been answered by somebody of your group, or had gone" in client.page(own).text


def test_an_answer_by_somebody_faster_stands(
    client: PageClient, session: Session, own: str, home: Event, asked: AskedPlace
) -> None:
    tell_door(session, home)
    accept(session, asked)

    assert answer(client, own, asked, deed="declined", seen="").status == 303

    session.refresh(asked)
    assert asked.answer is Answer.ACCEPTED
    assert "had been answered by somebody of your group" in client.page(own).text


def test_an_editor_of_the_group_answers_and_a_neighbour_never(
    client: PageClient, session: Session, home: Event, asked: AskedPlace, sign_in: SignIn
) -> None:
    tell_door(session, home)
    own = f"/events/{home.public_id}/place"
    sign_in()
    token = {"csrf_token": client.page("/groups/new").value("csrf_token")}
    sent = [
        client.send(address, token | {"deed": "accepted", "directions": "Here"}, csrf=False)
        for address in (own, f"{own}/answers")
    ]
    for each in (client.page(own), *sent):
        assert each.status == 403
        assert "Sam" not in each.text
    sign_in(make_member(session, home.group))
    assert answer(client, own, asked).status == 303


def test_where_the_event_moves_the_old_door_is_told_to_nobody(
    client: PageClient, session: Session, home: Event, own: str, path: str, asked: AskedPlace
) -> None:
    tell_door(session, home)
    accept(session, asked)
    place_event(session, home, Whereabouts(point=Point(53.6, -2.2), precision_metres=3000))
    session.commit()

    page = client.page(path)
    assert STREET not in page.text
    assert "They have yet to write down where exactly it is now." in page.text
    mine = client.page(own)
    assert "The event has moved since you wrote this" in mine.text
    assert mine.value("directions").startswith(STREET)
    client.send(own, {"directions": DOOR})
    assert STREET in client.page(path).text


def test_what_is_at_a_home_no_more_has_no_place_to_give(
    client: PageClient, session: Session, home: Event, own: str, path: str, asked: AskedPlace
) -> None:
    tell_door(session, home)
    accept(session, asked)
    home.venue_type = VenueType.PUBLIC
    session.commit()

    assert STREET not in client.page(path).text
    assert "This event is not at somebody’s home" in client.page(own).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x" * 501, "Shorten this to 500 characters or fewer."),
        ("12 Elm\u202e Road", "There were invisible characters in this text."),
    ],
)
def test_odd_directions_have_their_sentence(
    client: PageClient, own: str, typed: str, sentence: str
) -> None:
    page = client.send(own, {"directions": typed})

    assert page.status == 422
    assert any(sentence in each for each in page.errors)


def test_the_waiting_stand_in_order_and_those_of_what_is_over_wait_for_nobody(
    client: PageClient, session: Session, home: Event, own: str
) -> None:
    for name, hours in (("Second", 1), ("First", 2)):
        make_asked(session, home, NOW - timedelta(hours=hours), name=name)
    session.commit()

    text = client.page(own).text
    assert text.index("First") < text.index("Second")
    home.starts_at, home.ends_at = NOW - timedelta(hours=4), NOW - timedelta(hours=1)
    session.commit()
    assert "ask for the exact place" not in client.page("/your-events").text
