"""About how many came: asked of hosts once, told by a link or signed in, changed by the same way."""

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.moments import make_moment
from tests.sentences import said
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.events.models import Event, EventStatus
from webapp.headcounts.forms import people_in
from webapp.headcounts.models import Headcount
from webapp.headcounts.queries import due_of_groups, reported
from webapp.signed_links import sign

SignIn = Callable[..., User]
THE_MORNING_AFTER = "2027-06-06 08:30:00+00:00"


@pytest.fixture
def listed(session: Session) -> Event:
    """Tea on Elm Road on 5 June, two weeks before."""
    event = make_event(session, moment=make_moment(session, slug="neighbours-day"))
    session.commit()
    return event


@pytest.fixture
def link(app: Flask, listed: Event) -> str:
    """The path of a link in a mail to its host."""
    return "/how-many/" + sign(app.config["SECRET_KEY"], "headcount", listed.public_id)


@pytest.fixture
def event(listed: Event, link: str, clock: time_machine.Traveller) -> Event:
    """The same event on the morning after."""
    clock.move_to(THE_MORNING_AFTER)
    return listed


def told(session: Session, event: Event) -> int | None:
    session.expire_all()
    return reported(session, [event.id]).get(event.id)


def test_the_link_shows_one_question_and_what_it_is_about(
    client: PageClient, event: Event, link: str
) -> None:
    page = client.page(link)

    assert page.h1 == "About how many came?"
    assert "Tea on Elm Road" in page.text
    assert "Saturday 5 June 2027" in page.text
    assert "never added to the number of pledges" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_following_the_link_changes_nothing(
    client: PageClient, session: Session, event: Event, link: str
) -> None:
    for method in ("GET", "HEAD"):
        for path in (link, link + "?people=50", link + "?thanks=1", link + "/met"):
            client.open(path, method=method)

    assert told(session, event) is None


def test_a_number_is_taken_without_signing_in_and_thanked_for(
    client: PageClient, session: Session, event: Event, link: str
) -> None:
    answer = client.send(link, {"people": "45"}, csrf=False)

    assert answer.status == 303
    thanks = client.page(answer.location)
    assert thanks.h1 == "Thank you"
    assert "45 people came, you say" in thanks.text
    assert "never added" in thanks.text
    assert told(session, event) == 45


def test_the_same_link_changes_the_number(
    client: PageClient, session: Session, event: Event, link: str
) -> None:
    client.send(link, {"people": "45"}, csrf=False)
    page = client.page(link)
    assert page.value("people") == "45"
    assert "A new number replaces it" in page.text

    client.send(link, {"people": "60"}, csrf=False)

    assert told(session, event) == 60


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("0", 0),
        (" 45 ", 45),
        ("1,200", 1200),
        ("about 50", 50),
        ("60+", 60),
        ("100000", 100_000),
        ("٤٥", 45),
        ("", None),
        ("many", None),
        ("-3", None),
        ("−3", None),
        ("40-50", None),
        ("40 to 50", None),
        ("4.5", None),
        ("1,5", None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, people: int | None) -> None:
    assert people_in(typed) == people


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write about how many came. A good guess will do."),
        ("many", "Write one whole number, such as 45. A good guess will do."),
        ("40-50", "Write one whole number, such as 45. A good guess will do."),
        ("-1", "Write one whole number, such as 45. A good guess will do."),
        ("100001", "That is more than 100,000 people. Check the number."),
        ("9" * 39, "That is more than 100,000 people. Check the number."),
        ("9" * 5000, "Shorten this to 40 characters or fewer."),
    ],
)
def test_what_is_no_number_of_people_gets_a_sentence_and_is_kept(
    client: PageClient, session: Session, event: Event, link: str, typed: str, sentence: str
) -> None:
    page = client.send(link, {"people": typed}, csrf=False)

    assert page.status == 422
    assert said(page) == [sentence]
    assert (page.all("title")[0].text or "").startswith("Mistake:")
    assert page.value("people") == typed
    assert told(session, event) is None


@pytest.mark.parametrize("purpose", ["hide-event", "x"])
def test_a_link_for_something_else_or_cut_off_says_so(
    app: Flask, client: PageClient, session: Session, event: Event, purpose: str
) -> None:
    other = sign(app.config["SECRET_KEY"], purpose, event.public_id)

    for path in (f"/how-many/{other}", "/how-many/x", f"/how-many/{other[:-1]}"):
        page = client.page(path)
        assert page.status == 404
        assert page.h1 == "This link does not work"
        client.send(path, {"people": "45"}, csrf=False)
    assert told(session, event) is None


def test_a_post_from_another_site_is_refused(
    client: PageClient, session: Session, event: Event, link: str
) -> None:
    foreign = {"Origin": "https://elsewhere.example"}

    assert client.send(link, {"people": "45"}, csrf=False, headers=foreign).status == 403
    assert told(session, event) is None


def test_before_the_end_there_is_nothing_to_tell(
    client: PageClient, session: Session, event: Event, link: str, clock: time_machine.Traveller
) -> None:
    clock.move_to("2027-06-05 14:00:00+00:00")

    assert "It is not over yet" in client.page(link).text
    assert "It is not over yet" in client.send(link, {"people": "45"}, csrf=False).text
    assert told(session, event) is None


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.HIDDEN, EventStatus.DRAFT])
def test_of_what_was_not_on_nothing_is_told(
    client: PageClient, session: Session, event: Event, link: str, status: EventStatus
) -> None:
    event.status = status
    session.commit()

    assert "There is nothing to tell" in client.page(link).text
    client.send(link, {"people": "45"}, csrf=False)
    assert told(session, event) is None


def test_a_host_who_has_signed_in_tells_without_a_link(
    client: PageClient, session: Session, event: Event, sign_in: SignIn
) -> None:
    sign_in(make_member(session, event.group))
    path = f"/events/{event.public_id}/how-many"

    answer = client.send(path, {"people": "45"})

    assert answer.status == 303
    thanks = client.page(answer.location)
    assert "45 people came" in thanks.text
    assert "how-many/I" not in thanks.html
    assert told(session, event) == 45


def test_whoever_is_no_host_of_it_tells_nothing(
    client: PageClient, session: Session, event: Event, sign_in: SignIn
) -> None:
    path = f"/events/{event.public_id}/how-many"
    assert client.page(path).status == 302
    other = sign_in()
    make_group(session, by=other)
    session.commit()

    assert client.page(path).status == 403
    assert client.page("/events/bcdfghjkmn/how-many").status == 404


def test_an_event_is_due_from_the_day_after_until_its_number_is_told(
    client: PageClient, session: Session, event: Event, link: str, clock: time_machine.Traveller
) -> None:
    groups = [event.group_id]
    clock.move_to("2027-06-05 22:59:00+00:00")
    assert due_of_groups(session, groups, utc_now()) == []
    clock.move_to("2027-06-05 23:01:00+00:00")
    assert due_of_groups(session, groups, utc_now()) == [event.id]
    assert due_of_groups(session, [], utc_now()) == []

    client.send(link, {"people": "0"}, csrf=False)

    assert due_of_groups(session, groups, utc_now()) == []
    assert session.get_one(Headcount, event.id).people == 0
