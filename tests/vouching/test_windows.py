"""A host’s window: how it is opened and closed, and what is said of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient, has_class, text_of
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.vouching import make_trusted_event, make_window
from tests.vouching.pressing import press, say_in
from webapp.accounts.models import User
from webapp.events.models import Event, EventStatus
from webapp.filters import clock, weekday_date
from webapp.vouching.models import GroupWindow, Purpose
from webapp.vouching.windows import MOST_A_DAY, hashed

SignIn = Callable[..., User]
SCHOOL = {"purpose": "school", "cap": "30"}


@pytest.fixture
def event(session: Session, sign_in: SignIn) -> Event:
    """An event of the trusted group of somebody who is signed in."""
    made = make_trusted_event(session, by=sign_in())
    session.commit()
    return made


def path(event: Event) -> str:
    return f"/events/{event.public_id}/group-pledges"


def windows(session: Session) -> list[GroupWindow]:
    return list(session.scalars(select(GroupWindow).order_by(GroupWindow.id)))


def test_it_is_open_for_an_hour_and_its_link_is_shown_where_it_was_opened(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = client.send(path(event), SCHOOL)

    (window,) = windows(session)
    assert (window.purpose, window.cap, window.people) == (Purpose.SCHOOL, 30, 0)
    assert window.closes_at - window.opened_at == timedelta(hours=1)
    page = client.page(answer.location)
    (link,) = [each for each in page.links if "/in/" in each][:1]
    assert hashed(link.rpartition("/")[2]) == window.token_hash
    assert "Will you be there?" in page.text
    assert page.all("img")[0].get("src", "").startswith("data:image/svg+xml")


def test_on_another_device_the_link_is_not_shown(
    app: Flask, client: PageClient, session: Session, event: Event, sign_in: SignIn
) -> None:
    place = client.send(path(event), SCHOOL).location
    other = app.test_client()
    assert isinstance(other, PageClient)
    sign_in(event.group.memberships[0].user, browser_of=other)

    page = other.page(place)

    assert "The link is on the device that opened it" in page.text
    assert not [each for each in page.links if "/in/" in each]


@pytest.mark.parametrize(
    "cap", ["0", "-1", "1.5", "٣", "501", "", "many", "1e2", "1_0", "9" * 400, "9" * 5000]
)
def test_a_number_that_is_none_is_refused(
    client: PageClient, session: Session, event: Event, cap: str
) -> None:
    page = client.send(path(event), {**SCHOOL, "cap": cap})

    assert page.status == 422
    assert page.errors == ["Mistake: Write how many people at most, from 1 to 500."]
    assert windows(session) == []


@pytest.mark.parametrize("purpose", ["", "pub", "٣"])
def test_a_place_that_is_none_is_refused(
    client: PageClient, session: Session, event: Event, purpose: str
) -> None:
    assert client.send(path(event), {**SCHOOL, "purpose": purpose}).status == 422
    assert windows(session) == []


def test_a_word_says_what_another_place_is(
    client: PageClient, session: Session, event: Event
) -> None:
    client.send(path(event), {"purpose": "other", "word": "scouts", "cap": "500"})

    assert "Somewhere else (scouts)" in client.page(path(event)).text
    answer = client.send(path(event), {"purpose": "other", "word": "x" * 31, "cap": "5"})
    assert answer.status == 422


def test_an_event_has_six_in_a_day(
    client: PageClient, session: Session, event: Event, clock: time_machine.Traveller
) -> None:
    for _each in range(MOST_A_DAY + 1):
        client.send(path(event), SCHOOL)

    assert len(windows(session)) == MOST_A_DAY
    assert "That is all for a day" in client.page(path(event)).text
    clock.move_to(NOW + timedelta(days=1, minutes=5))
    assert "Open a link for an hour" in client.page(path(event)).text


def test_closing_it_shows_that_it_is_closed(
    client: PageClient, session: Session, event: Event
) -> None:
    place = client.send(path(event), SCHOOL).location
    press(client, place, f"{place}/close")

    (window,) = windows(session)
    assert window.closed_at is not None
    assert "It is closed. Whoever is in stays in." in client.page(path(event)).text
    assert "This link is closed" in client.page(place).text


def test_its_hosts_page_and_its_count_keep_up(
    client: PageClient, session: Session, event: Event
) -> None:
    window, token = make_window(session, event)
    session.commit()
    say_in(client, f"/in/{token}", party="4")

    count = client.page(f"{path(event)}/{window.id}/count.json").json
    assert count == {
        "people": 4, "cap": 30, "words": {"people": "4", "meaning": "people came through", "full": ""},
    }  # fmt: skip
    assert "4 of 30 came through" in client.page(path(event)).text


def test_what_is_printed_says_the_day_and_nothing_of_printing(
    client: PageClient, session: Session, event: Event
) -> None:
    page = client.page(client.send(path(event), SCHOOL).location)

    (window,) = windows(session)
    assert f"Open until: {weekday_date(window.closes_at)}, {clock(window.closes_at)}" in page.text
    printed = [
        text_of(each)
        for each in page.tree.iter()
        if has_class(each, "not-printed") and each.tag in {"p", "div"}
    ]
    assert "0 people came through At most: 30" in printed
    assert any(each.startswith("Print this page from your browser’s menu") for each in printed)


def test_the_host_is_told_that_everybody_is_through(
    client: PageClient, session: Session, event: Event
) -> None:
    place = client.send(path(event), SCHOOL).location
    (window,) = windows(session)
    full = "Everybody has come through this link who can"
    assert full not in client.page(place).text
    assert client.page(f"{place}/count.json").json["words"]["full"] == ""
    window.people = window.cap
    session.commit()

    page = client.page(place)

    assert full in page.text
    assert "Open until" not in page.text
    assert "Close it" not in page.text
    assert not [each for each in page.links if "/in/" in each]
    assert client.page(f"{place}/count.json").json["words"]["full"] == full
    listed = client.page(path(event)).text
    assert "30 of 30 came through Closed" in listed


def test_a_group_that_is_not_trusted_cannot_open_one(
    client: PageClient, session: Session, sign_in: SignIn
) -> None:
    event = make_event(session, group=make_group(session, by=sign_in()))
    session.commit()

    assert "For groups that campaign staff trust" in client.page(path(event)).text
    client.send(path(event), SCHOOL)
    assert windows(session) == []


def test_staff_open_and_close_them_for_any_group(
    client: PageClient, session: Session, sign_in: SignIn
) -> None:
    sign_in(make_user(session, staff=True))
    event = make_event(session)
    session.commit()

    place = client.send(path(event), SCHOOL).location
    press(client, place, f"{place}/close")

    assert windows(session)[0].closed_at is not None


@pytest.mark.parametrize(
    "change",
    [{"status": EventStatus.CANCELLED}, {"status": EventStatus.POSTPONED}, {"ends_at": NOW}],
)
def test_there_is_none_for_an_event_that_is_off_or_over(
    client: PageClient, session: Session, event: Event, change: dict[str, object]
) -> None:
    event.starts_at = NOW - timedelta(hours=2)
    for name, value in change.items():
        setattr(event, name, value)
    session.commit()

    assert "Nobody can pledge to this event now" in client.page(path(event)).text
    client.send(path(event), SCHOOL)
    assert windows(session) == []


def test_a_window_of_another_event_is_not_found(
    client: PageClient, session: Session, event: Event
) -> None:
    window, _token = make_window(session, make_trusted_event(session, moment=event.moments[0]))
    session.commit()

    assert client.page(f"{path(event)}/{window.id}").status == 404
    assert client.page(f"{path(event)}/{10**30}").status == 404
