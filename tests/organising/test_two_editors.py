"""Two editors of one event: the second sees what the first changed, and nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.places import LLANELLI, make_place
from tests.organising.typing_in import typed_on
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.groups.models import Group


@pytest.fixture
def group(session: Session, sign_in: Callable[..., User]) -> Group:
    return make_group(session, by=sign_in())


@pytest.fixture
def event(session: Session, group: Group) -> Event:
    event = make_event(session, group=group)
    make_place(session, "Llanelli", LLANELLI)
    session.commit()
    return event


@pytest.fixture
def other(app: Flask, session: Session, group: Group, sign_in: Callable[..., User]) -> PageClient:
    """The browser of a fellow member."""
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    sign_in(make_member(session, group), browser_of=browser)
    return browser


def opened(client: PageClient, event: Event) -> dict[str, Any]:
    """Open the form, and return what it holds."""
    return typed_on(client.page(f"/events/{event.public_id}/edit"))


def save(client: PageClient, event: Event, form: dict[str, Any], **changes: Any) -> Page:
    return client.send(f"/events/{event.public_id}/edit", form | changes)


@pytest.fixture
def comparing(client: PageClient, other: PageClient, event: Event) -> Page:
    """Both changed the title and the food; the other a third thing, and this browser a fourth."""
    form, theirs = opened(client, event), opened(other, event)
    save(other, event, theirs, title="Coffee on Elm Road", food="Theirs: cake", bring="A chair")
    return save(client, event, form, title="Soup on Elm Road", food="Mine: bread", cost="£1")


def test_the_second_sees_theirs_and_yours(session: Session, event: Event, comparing: Page) -> None:
    assert comparing.status == 409
    assert comparing.h1 == "This event was changed meanwhile"
    for words in ("Coffee on Elm", "Soup on Elm", "Theirs: cake", "Mine: bread", "A chair"):
        assert words in comparing.text
    assert "choose-cost" not in comparing.html
    assert "Last changed by: person" in comparing.text
    session.refresh(event)
    assert event.title == "Coffee on Elm Road"


def test_the_second_chooses_for_each(
    client: PageClient, session: Session, event: Event, comparing: Page
) -> None:
    chosen = typed_on(comparing)
    assert chosen["choose-bring"] == "theirs"  # untouched here, so theirs unless said otherwise
    assert "choose-title" not in chosen

    chosen |= {"choose-title": "mine", "choose-food": "theirs"}
    assert save(client, event, chosen).status == 303

    session.refresh(event)
    assert event.title == "Soup on Elm Road"
    assert event.food == "Theirs: cake"
    assert event.bring == "A chair"
    assert event.cost == "£1"


def test_what_nobody_chose_is_asked_once_more(
    client: PageClient, other: PageClient, session: Session, event: Event
) -> None:
    form, theirs = opened(client, event), opened(other, event)
    save(other, event, theirs, title="Coffee on Elm Road")
    page = save(client, event, form, title="Soup on Elm Road", food="Bread")

    again = save(client, event, typed_on(page))

    assert again.status == 422
    assert again.errors
    assert "Choose whose is to stay." in again.text
    session.refresh(event)
    assert event.title == "Coffee on Elm Road"
    save(client, event, typed_on(again) | {"choose-title": "theirs"})
    session.refresh(event)
    assert (event.title, event.food) == ("Coffee on Elm Road", "Bread")


def test_both_changed_it_the_same_way_so_there_is_nothing_to_choose(
    client: PageClient, other: PageClient, session: Session, event: Event
) -> None:
    form, theirs = opened(client, event), opened(other, event)
    save(other, event, theirs, title="Coffee on Elm Road")

    assert save(client, event, form, title="Coffee on Elm Road", food="Bread").status == 303
    session.refresh(event)
    assert event.food == "Bread"


def test_one_may_go_on_writing_and_lose_nothing(
    client: PageClient, other: PageClient, session: Session, event: Event
) -> None:
    form, theirs = opened(client, event), opened(other, event)
    save(other, event, theirs, description="Come for coffee.", bring="A chair")
    page = save(client, event, form, description="Come for soup.")

    writing = save(client, event, typed_on(page), back="1")

    assert writing.h1 == "Change your event"
    assert writing.value("description") == "Come for soup."
    assert writing.value("bring") == "A chair"
    assert save(client, event, typed_on(writing), description="Coffee, soup.").status == 303
    session.refresh(event)
    assert (event.description, event.bring) == ("Coffee, soup.", "A chair")


def test_a_third_change_while_one_chooses_is_shown_too(
    client: PageClient, other: PageClient, session: Session, event: Event
) -> None:
    form = opened(client, event)
    save(other, event, opened(other, event), title="Coffee on Elm Road")
    page = save(client, event, form, title="Soup on Elm Road")
    save(other, event, opened(other, event), title="Cocoa on Elm Road")

    again = save(client, event, typed_on(page) | {"choose-title": "mine"})

    assert again.h1 == "This event was changed meanwhile"
    assert "Cocoa on Elm Road" in again.text
    session.refresh(event)
    assert event.title == "Cocoa on Elm Road"


def test_times_and_places_are_each_chosen_as_one(
    client: PageClient, other: PageClient, session: Session, event: Event
) -> None:
    form, theirs = opened(client, event), opened(other, event)
    save(
        other, event, theirs, starts_at="10am", ends_at="11am", place="Llanelli",
        latitude="", longitude="", explanation="It rains.",
    )  # fmt: skip

    page = save(client, event, form, ends_at="8pm", explanation="Longer.")

    assert "Saturday 5 June 2027, 10am – Saturday 5 June 2027, 11am" in page.text
    chosen = typed_on(page) | {"choose-when": "theirs"}
    assert chosen["choose-where"] == "theirs"
    assert save(client, event, chosen).status == 303
    session.refresh(event)
    assert event.place is not None
    assert event.place.name == "Llanelli"
    assert (event.starts_at.hour, event.ends_at.hour) == (9, 10)


@pytest.mark.parametrize("seen", ["", "{}", "null", '{"title": 4}', "[" * 5000])
def test_a_form_that_lost_what_it_saw_asks_about_all_that_differs(
    client: PageClient, session: Session, event: Event, seen: str
) -> None:
    form = opened(client, event) | {"seen": seen, "title": "Soup on Elm Road"}

    page = save(client, event, form)

    assert page.status == 409
    assert "Soup on Elm Road" in page.text
    session.refresh(event)
    assert event.title == "Tea on Elm Road"
