"""A host lists an event, and it is on the map at once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.cells import Cell
from geo.points import Point
from geo.shapes import from_element
from tests.checked_pages import Page, PageClient
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import LLANELLI, ROCHDALE, make_place
from webapp.accounts.models import User
from webapp.events.exact_places import ExactPlace
from webapp.events.models import Event
from webapp.groups.models import Group
from webapp.moments.models import Moment

SignIn = Callable[..., User]


@pytest.fixture
def moment(session: Session) -> Moment:
    make_place(session)
    make_place(session, "Llanelli", LLANELLI)
    return make_moment(session)


@pytest.fixture
def group(session: Session, moment: Moment, sign_in: SignIn) -> Group:
    user = sign_in()
    group = make_group(session, by=user)
    session.commit()
    return group


def send(client: PageClient, moment: Moment, group: Group, **changes: Any) -> Page:
    return client.send("/events/new", answers(moment, group) | changes)


def answers(moment: Moment, group: Group) -> dict[str, Any]:
    return {
        "title": "Tea on Elm Road",
        "description": "Come for a brew.",
        "moment": moment.id,
        "group": group.id,
        "starts_on": "2027-06-05",
        "starts_at": "14:00",
        "ends_at": "18:00",
        "venue_type": "public",
        "venue_name": "Deeplish Community Centre",
        "place": "Rochdale",
    }


def listed(session: Session) -> Event:
    return session.execute(select(Event)).scalar_one()


def test_an_event_is_listed_and_shown(
    client: PageClient, session: Session, moment: Moment, group: Group
) -> None:
    answer = send(client, moment, group)

    assert answer.status == 303
    assert client.page(answer.location).h1
    event = listed(session)
    page = client.page(f"/events/{event.public_id}")
    assert page.h1 == "Tea on Elm Road"
    assert "Saturday 5 June 2027, 2pm to 6pm" in page.text
    assert "Deeplish Community Centre" in page.text


def test_a_pin_is_more_exact_than_a_town(
    client: PageClient, session: Session, moment: Moment, group: Group
) -> None:
    send(client, moment, group, latitude="53.6200", longitude="-2.1600")

    point = from_element(listed(session).public_point)
    assert (point.latitude, point.longitude) == (53.62, -2.16)


@pytest.mark.parametrize("venue_type", ["private", "street"])
def test_a_home_is_shown_as_a_square_around_it(
    client: PageClient, session: Session, moment: Moment, group: Group, venue_type: str
) -> None:
    send(
        client, moment, group, venue_type=venue_type, latitude="53.6201", longitude="-2.1601",
        venue_name="7 Elm Road",
    )  # fmt: skip

    event = listed(session)
    home = Point(53.6201, -2.1601)
    shown = from_element(event.public_point)
    assert shown == Cell.at(home, 13).centre
    assert home.distance_to(shown) < event.public_radius_metres
    assert from_element(session.get_one(ExactPlace, event.id).point) == home
    everything_public = [
        client.page(f"/events/{event.public_id}").html,
        client.page("/events").html,
        client.page("/").html,
        client.page(f"/api/v1/events.geojson?moment={moment.slug}").html,
    ]
    assert not any("53.62" in text or "-2.16" in text for text in everything_public)
    if venue_type == "private":
        assert not any("7 Elm Road" in text for text in everything_public)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"latitude": "-2.16", "longitude": "53.62"}, "swapped"),
        ({"latitude": "nan", "longitude": "-2.16"}, "as numbers"),
        ({"latitude": "inf", "longitude": "-2.16"}, "as numbers"),
        ({"latitude": "48.85", "longitude": "2.35"}, "outside the United Kingdom"),
        ({"latitude": "53.62", "longitude": ""}, "both numbers"),
        ({"latitude": "91", "longitude": "0"}, "no such position"),
        ({"place": ""}, "a postcode, a town or a village, or place a pin"),
        ({"place": "Nowhere at all"}, "do not know a place"),
        ({"place": "OL11 1AA"}, "only roughly"),
        ({"starts_on": "2027-02-31"}, "real date"),
        ({"starts_on": "2027-05-19"}, "in the past"),
        ({"starts_on": "2037-05-19"}, "more than three years"),
        ({"starts_at": "24:00"}, "Enter a time"),
        ({"ends_at": "14:00"}, "ends before it starts"),
        ({"ends_on": "2027-12-05"}, "more than two months"),
        ({"starts_on": "2028-03-26", "starts_at": "01:30"}, "skip this hour"),
        ({"venue_type": "palace"}, "Choose"),
        ({"moment": "999999"}, "Choose"),
        ({"group": "999999"}, "Choose"),
        ({"title": "ab"}, "at least 3"),
        ({"title": "x" * 101}, "100 characters or fewer"),
        ({"description": ""}, "what will happen"),
    ],
)
def test_a_mistake_gets_a_sentence_and_keeps_what_was_typed(
    client: PageClient,
    session: Session,
    moment: Moment,
    group: Group,
    changes: dict[str, str],
    sentence: str,
) -> None:
    answer = client.send("/events/new", answers(moment, group) | changes)

    assert answer.status == 422
    assert any(sentence in error for error in answer.errors), answer.errors
    assert answer.value("title") == changes.get("title", "Tea on Elm Road")
    assert answer.value("place") == changes.get("place", "Rochdale")
    assert session.scalar(select(func.count(Event.id))) == 0


def test_towns_of_one_name_are_never_guessed(
    client: PageClient, session: Session, moment: Moment, group: Group
) -> None:
    make_place(session, "Newport", LLANELLI, near="Cardiff")
    make_place(session, "Newport", ROCHDALE, near="Telford")
    session.commit()

    answer = send(client, moment, group, place="Newport")
    assert answer.status == 422
    assert "Newport, Telford" in " ".join(answer.errors)

    assert send(client, moment, group, place="Newport, Telford").status == 303


def test_nobody_lists_for_a_group_that_is_not_theirs(
    client: PageClient, session: Session, moment: Moment, group: Group
) -> None:
    other = make_group(session)
    session.commit()

    assert send(client, moment, other).status == 422
    assert session.scalar(select(func.count(Event.id))) == 0


def test_who_has_no_group_is_asked_for_one_first(
    client: PageClient, session: Session, moment: Moment, sign_in: SignIn
) -> None:
    sign_in()

    answer = client.page("/events/new")

    assert answer.status == 302
    assert answer.location.startswith("/groups/new")


def test_listing_needs_signing_in(client: PageClient, moment: Moment) -> None:
    answer = client.page("/events/new")

    assert answer.status == 302
    assert "/account/sign-in" in answer.location


def test_without_a_day_to_come_the_page_says_so(
    client: PageClient, session: Session, sign_in: SignIn
) -> None:
    make_group(session, by=sign_in())
    session.commit()

    page = client.page("/events/new")

    assert "No day to list for yet" in page.text
    assert not page.all("textarea")


def test_all_mistakes_are_told_at_once(
    client: PageClient, session: Session, moment: Moment, group: Group
) -> None:
    answer = send(client, moment, group, title="", latitude="-2.16", longitude="53.62")

    assert len(answer.errors) == 2
    assert "swapped" in answer.errors[1]
