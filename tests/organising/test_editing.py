"""Changing an event: what is kept, what is asked, and what is refused with a sentence."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from geo.shapes import from_element
from tests.checked_pages import Page, PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.places import LLANELLI, ROCHDALE, make_place
from tests.organising.typing_in import typed_on
from webapp.accounts.models import User
from webapp.events.exact_places import ExactPlace
from webapp.events.history import EventChange
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Group
from webapp.outbox import OutgoingMail

SignIn = Callable[..., User]


@pytest.fixture
def host(sign_in: SignIn) -> User:
    return sign_in()


@pytest.fixture
def group(session: Session, host: User) -> Group:
    return make_group(session, by=host)


@pytest.fixture
def event(session: Session, group: Group) -> Event:
    event = make_event(session, group=group)
    make_place(session, "Llanelli", LLANELLI)
    session.commit()
    return event


def change(client: PageClient, event: Event, **changes: Any) -> Page:
    address = f"/events/{event.public_id}/edit"
    return client.send(address, typed_on(client.page(address)) | changes)


def latest(session: Session) -> EventChange:
    return session.scalars(select(EventChange).order_by(EventChange.id.desc()).limit(1)).one()


def test_the_page_shows_what_the_event_says(client: PageClient, event: Event) -> None:
    page = client.page(f"/events/{event.public_id}/edit")

    assert page.value("title") == "Tea on Elm Road"
    assert page.value("starts_on") == "5 June 2027"
    assert page.value("starts_at") == "2pm"
    assert page.value("venue_name") == "Deeplish Community Centre"
    assert page.value("latitude") == f"{ROCHDALE.latitude:.6f}"


def test_sent_as_it_is_nothing_changes(client: PageClient, session: Session, event: Event) -> None:
    before = event.version

    answer = change(client, event)

    assert answer.status == 303
    session.refresh(event)
    assert event.version == before
    assert "Nothing was changed." in client.page(answer.location).text


def test_details_are_kept_and_shown_to_everybody(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = change(
        client,
        event,
        cost="£2 each",
        capacity="1,200",
        food="Tea and cake",
        children="All ages",
        bring="A cup",
        access_facts=["step-free", "bsl"],
        access_notes="Ring the bell.",
        languages=["en", "cy"],
    )

    assert answer.status == 303, answer.errors
    page = client.page(f"/events/{event.public_id}")
    for words in (
        "£2 each", "1200 people", "Tea and cake", "All ages", "A cup",
        "Step-free entrance", "British Sign Language", "Ring the bell.", "English, Cymraeg",
    ):  # fmt: skip
        assert words in page.text
    again = client.page(f"/events/{event.public_id}/edit")
    assert again.value("cost") == "£2 each"
    assert typed_on(again)["access_facts"] == ["step-free", "bsl"]
    assert latest(session).changes["cost"] == [None, "£2 each"]


@pytest.mark.parametrize("typed", ["", "free", "Free!", "£0", "Am ddim"])
def test_free_is_what_an_event_is_unless_it_costs(
    client: PageClient, session: Session, event: Event, typed: str
) -> None:
    change(client, event, cost=typed)

    session.refresh(event)
    assert event.cost is None
    assert "Free" in client.page(f"/events/{event.public_id}").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"capacity": "many"}, "whole number"),
        ({"capacity": "0"}, "from 1 to 100,000"),
        ({"capacity": "-4"}, "whole number"),
        ({"capacity": "٤"}, "whole number"),
        ({"capacity": "1000000"}, "from 1 to 100,000"),
        ({"access_facts": ["lift"]}, "Choose one of the options"),
        ({"languages": ["xx"]}, "Choose one of the options"),
        ({"cost": "x" * 201}, "200 characters or fewer"),
        ({"title": "T"}, "at least 3"),
        ({"title": "x" * 5000}, "100 characters or fewer"),
        ({"description": "\u202eturned round"}, "invisible characters"),
        ({"starts_on": "31 June 2027"}, "has 30 days"),
        ({"starts_at": "24:00"}, "midnight"),
        ({"starts_on": "31 October 2027", "starts_at": "01:30", "ends_at": "3pm"}, "comes twice"),
        ({"starts_on": "28 March 2028", "ends_at": "1pm"}, "ends before it starts"),
        ({"starts_on": "1 May 2027"}, "in the past"),
        ({"place": "Nowhere at all", "explanation": "x"}, "do not know a place"),
        ({"latitude": "nan", "explanation": "x"}, "as numbers"),
        ({"venue_type": "palace"}, "Choose one of the options"),
        ({"starts_at": "3pm"}, "Say why"),
    ],
)
def test_a_mistake_gets_a_sentence_and_loses_nothing(
    client: PageClient, session: Session, event: Event, changes: dict[str, Any], sentence: str
) -> None:
    answer = change(client, event, **changes, food="Cake with eggs")

    assert answer.status == 422
    assert any(sentence in error for error in answer.errors), answer.errors
    assert answer.value("food") == "Cake with eggs"
    session.refresh(event)
    assert event.food is None


def test_another_time_is_explained_on_the_page_and_told_to_the_others(
    client: PageClient, session: Session, event: Event, group: Group, host: User
) -> None:
    fellow = make_member(session, group)
    session.commit()

    change(client, event, starts_at="3pm", explanation="The hall opens later.")

    page = client.page(f"/events/{event.public_id}")
    assert "3pm to 6pm" in page.text
    assert "The hall opens later. Thursday 20 May 2027, 1pm" in page.text
    mails = session.scalars(select(OutgoingMail)).all()
    assert [(mail.template, mail.recipient) for mail in mails] == [("event_changed", fellow.email)]
    session.refresh(event)
    assert event.sequence == 1


def test_a_new_day_puts_a_postponed_event_on_again(
    client: PageClient, session: Session, event: Event
) -> None:
    event.status = EventStatus.POSTPONED
    session.commit()

    change(client, event, starts_on="12 June 2027", explanation="A week later.")

    session.refresh(event)
    assert event.status is EventStatus.PUBLISHED


def test_an_event_that_is_not_public_needs_no_explanation(
    client: PageClient, session: Session, event: Event
) -> None:
    event.status = EventStatus.DRAFT
    session.commit()

    assert change(client, event, starts_at="3pm").status == 303
    session.refresh(event)
    assert event.notice is None


def test_a_new_postcode_or_town_moves_it_though_a_pin_stood_there(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = change(client, event, place="Llanelli", explanation="We moved.")

    assert answer.status == 303, answer.errors
    session.refresh(event)
    assert from_element(event.public_point).distance_to(LLANELLI) < 10
    assert client.page(f"/events/{event.public_id}/edit").value("place") == "Llanelli"
    assert latest(session).changes["where"] == [None, None]


def test_a_home_keeps_its_square_when_its_pin_moves_a_little(
    client: PageClient, session: Session, group: Group
) -> None:
    home = Point(53.6201, -2.1601)
    event = make_event(session, group=group, venue_type=VenueType.PRIVATE, point=home)
    session.commit()
    shown = from_element(event.public_point)

    answer = change(client, event, latitude="53.620300", explanation="Next door.")

    assert answer.status == 303, answer.errors
    session.refresh(event)
    assert from_element(event.public_point) == shown
    exact = session.get_one(ExactPlace, event.id)
    session.refresh(exact)
    assert exact.position.latitude == 53.6203
    everything = [
        client.page(f"/events/{event.public_id}").html,
        client.page(f"/events/{event.public_id}/manage").html,
        client.page(f"/events/{event.public_id}/history").html,
        str(latest(session).changes),
    ]
    assert not any("53.62" in text for text in everything)


def test_a_home_that_becomes_a_hall_stays_where_it_really_is(
    client: PageClient, session: Session, group: Group
) -> None:
    home = Point(53.6201, -2.1601)
    event = make_event(session, group=group, venue_type=VenueType.PRIVATE, point=home)
    session.commit()

    change(client, event, venue_type="public", venue_name="The hall", explanation="Too many of us.")

    session.refresh(event)
    assert from_element(event.public_point) == home


def test_an_event_that_goes_online_leaves_the_map_and_can_be_joined(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = change(
        client, event, venue_type="online", joining_link="https://meet.example.org/tea",
        explanation="The hall is flooded.",
    )  # fmt: skip

    assert answer.status == 303, answer.errors
    session.refresh(event)
    assert event.public_point is None
    page = client.page(f"/events/{event.public_id}")
    assert "Online" in page.text
    assert "https://meet.example.org/tea" in page.links
    assert change(client, event, food="Your own").status == 303


@pytest.mark.parametrize(
    "text", ["Come to 12 Elm Road.", "It is at OL11 1DR.", "Ring 0161 496 0000 first."]
)
def test_what_tells_too_much_is_pointed_out_and_may_be_meant(
    client: PageClient, session: Session, event: Event, text: str
) -> None:
    answer = change(client, event, description=text)

    assert answer.status == 422
    assert "Is this meant to be public?" in answer.text
    assert answer.value("description") == text
    other = "Ring 0161 496 0999. " + text
    assert (
        change(client, event, description=other, told=answer.value("told"), meant_public="y").status
        == 422
    )
    meant = {"description": text, "told": answer.value("told"), "meant_public": "y"}
    assert change(client, event, **meant).status == 303
    # Once meant, it is not asked about again.
    assert change(client, event, title="Tea and cake").status == 303


def test_a_day_outside_the_moment_is_saved_with_a_warning(client: PageClient, event: Event) -> None:
    answer = change(client, event, starts_on="12 September 2027", explanation="In autumn instead.")

    warning = "outside the days that it is listed for"
    assert warning in client.page(answer.location).text
    answer = change(client, event, food="Soup")
    assert warning not in client.page(answer.location).text


def test_the_name_of_a_home_is_not_kept_in_its_history(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = change(client, event, venue_type="private", explanation="At ours instead.")

    assert answer.status == 303, answer.errors
    assert latest(session).changes["venue_name"] == [None, None]
    session.refresh(event)
    assert event.venue_name is None


def test_where_a_homes_circle_is_large_a_meeting_point_is_advised(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = change(client, event, venue_type="private", explanation="At ours instead.")

    session.refresh(event)
    assert event.public_radius_metres > 2_000
    assert "Name a meeting point" in client.page(answer.location).text
