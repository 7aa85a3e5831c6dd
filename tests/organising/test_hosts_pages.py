"""Your events, the page of one of them, and its history."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from webapp.accounts.models import User
from webapp.events import life
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Group

SignIn = Callable[..., User]


@pytest.fixture
def host(sign_in: SignIn) -> User:
    return sign_in()


@pytest.fixture
def group(session: Session, host: User) -> Group:
    return make_group(session, by=host, name="Elm Road Neighbours")


@pytest.fixture
def event(session: Session, group: Group) -> Event:
    event = make_event(session, group=group)
    session.commit()
    return event


def test_without_a_group_the_page_says_what_to_do(client: PageClient, host: User) -> None:
    page = client.page("/your-events")

    assert page.h1 == "Your events"
    assert "Nothing is coming up" in page.text
    assert "/host" in page.links
    assert "/groups/new" in page.links


def test_what_is_coming_comes_before_what_has_been(
    client: PageClient, session: Session, event: Event, group: Group
) -> None:
    before = timedelta(days=365)
    make_event(
        session, group=group, title="Tea a year ago",
        starts_at=event.starts_at - before, ends_at=event.ends_at - before,
    )  # fmt: skip
    session.commit()

    page = client.page("/your-events")

    assert page.text.index("Tea on Elm Road") < page.text.index("Tea a year ago")
    assert "Saturday 5 June 2027, 2pm to 6pm" in page.text
    assert f"/events/{event.public_id}/manage" in page.links


def test_what_needs_somebody_comes_first(
    client: PageClient, session: Session, event: Event, group: Group
) -> None:
    event.status = EventStatus.DRAFT
    make_event(
        session, group=group, title="Soup", moment=event.moments[0]
    ).status = EventStatus.IN_REVIEW
    session.commit()

    text = client.page("/your-events").text

    assert text.index("What needs you now") < text.index("Coming up")
    assert "Change it and send it again Tea on Elm Road" in text
    assert "staff are looking at it Soup" in text


def test_long_lists_have_pages(
    client: PageClient, session: Session, event: Event, group: Group
) -> None:
    for number in range(24):
        make_event(session, group=group, title=f"Tea {number}", moment=event.moments[0])
    session.commit()

    first = client.page("/your-events")
    assert "1 to 20 of 25" in first.text
    second = client.page("/your-events?coming=2")
    assert "21 to 25 of 25" in second.text
    assert client.page("/your-events?coming=-1&past=9999999999").status == 200


def test_questions_asked_do_not_grow_with_the_events(
    client: PageClient, session: Session, event: Event, group: Group, questions: list[str]
) -> None:
    questions.clear()
    client.page("/your-events")
    few = len(questions)
    for number in range(12):
        more = make_event(session, group=group, title=f"Tea {number}", moment=event.moments[0])
        more.status = list(EventStatus)[number % 6]
    for _ in range(3):
        make_event(
            session, group=group, moment=event.moments[0],
            starts_at=NOW - timedelta(days=3), ends_at=NOW - timedelta(days=2),
        )  # fmt: skip
    session.commit()

    questions.clear()
    client.page("/your-events")

    assert len(questions) <= few + 1  # the numbers that hosts told, once there are past events


@pytest.mark.parametrize("path", ["manage", "history", "postpone", "cancel", "hide", "again"])
def test_only_who_hosts_an_event_sees_its_pages(
    client: PageClient, session: Session, event: Event, sign_in: SignIn, path: str
) -> None:
    address = f"/events/{event.public_id}/{path}"
    assert client.page(address).status == 200

    sign_in(make_user(session))
    assert client.page(address).status == 403
    event.status = EventStatus.HIDDEN
    session.commit()
    assert client.page(address).status == 404
    sign_in(make_user(session, staff=True))
    assert client.page(address).status == 200


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (EventStatus.DRAFT, "Send it again"),
        (EventStatus.IN_REVIEW, "The campaign’s staff look at it"),
        (EventStatus.PUBLISHED, "Everybody can find it"),
        (EventStatus.POSTPONED, "It takes place as planned"),
        (EventStatus.CANCELLED, "It takes place after all"),
        (EventStatus.HIDDEN, "Show it again"),
    ],
)
def test_the_page_of_an_event_says_its_state_and_what_is_next(
    client: PageClient, session: Session, event: Event, status: EventStatus, words: str
) -> None:
    event.status = status
    session.commit()

    assert words in client.page(f"/events/{event.public_id}/manage").text


def test_a_history_names_fellow_members_to_members_alone(
    client: PageClient, session: Session, event: Event, group: Group, host: User, sign_in: SignIn
) -> None:
    fellow = make_member(session, group)
    staff = make_user(session, staff=True)
    life.note_edit(session, event, fellow, NOW, {"title": ["Tea", "Coffee"], "where": [None, None]})
    life.postpone(session, event, host, NOW, "The hall is flooded.")
    life.hide(session, event, staff, NOW, "It names a house.")
    session.commit()
    address = f"/events/{event.public_id}/history"

    page = client.page(address)
    assert fellow.email in page.text
    assert "You" in page.text
    assert "The campaign’s staff" in page.text
    assert staff.email not in page.html
    assert "“The hall is flooded.”" in page.text
    assert "before: Tea now: Coffee" in page.text
    assert "Place on the map: changed" in page.text
    assert "Thursday 20 May 2027, 1pm" in page.text

    sign_in(staff)
    assert fellow.email not in client.page(address).html
