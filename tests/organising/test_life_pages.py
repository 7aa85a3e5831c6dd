"""Postponing, cancelling and hiding: the consequence first, then the deed, and a way back."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.pledges import make_contact, make_pledge
from webapp.accounts.models import User
from webapp.drafts.models import EventDraft
from webapp.events import life
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Group
from webapp.outbox import OutgoingMail
from webapp.pledges.models import EventTally
from webapp.signed_links import sign

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
    session.add(EventTally(event_id=event.id, moment_id=event.moments[0].id, pledges=5, heads=13))
    session.commit()
    return event


@pytest.fixture
def hide_path(app: Flask, event: Event) -> str:
    return f"/hide/{sign(app.config['SECRET_KEY'], 'hide-event', event.public_id)}"


def mails(session: Session) -> list[tuple[str, str]]:
    found = session.scalars(select(OutgoingMail).order_by(OutgoingMail.recipient))
    return [(mail.template, mail.recipient) for mail in found]


def press(client: PageClient, page: str, deed: str, event: Event) -> Page:
    """Press a button that is a form of its own on a page."""
    token = client.page(page).value("csrf_token")
    data = {"csrf_token": token}
    return client.send(f"/events/{event.public_id}/{deed}", data, csrf=False)


@pytest.mark.parametrize(
    ("deed", "status", "template"),
    [
        ("postpone", EventStatus.POSTPONED, "event_postponed"),
        ("cancel", EventStatus.CANCELLED, "event_cancelled"),
    ],
)
def test_calling_it_off_is_explained_shown_told_and_can_be_taken_back(
    client: PageClient,
    session: Session,
    event: Event,
    group: Group,
    deed: str,
    status: EventStatus,
    template: str,
) -> None:
    fellow = make_member(session, group)
    session.commit()
    address = f"/events/{event.public_id}/{deed}"
    assert "13 people have said that they will come" in client.page(address).text

    assert client.send(address, {"explanation": " "}).status == 422
    answer = client.send(address, {"explanation": "The hall is flooded."})

    assert answer.status == 303
    assert "It takes place" in client.page(answer.location).text
    session.refresh(event)
    assert event.status is status
    assert mails(session) == [(template, fellow.email)]
    public = client.page(f"/events/{event.public_id}")
    assert "The hall is flooded. Thursday 20 May 2027, 1pm" in public.text
    assert status.value.capitalize() in public.text
    assert "I’m in" not in public.text
    assert event.title not in client.page("/events").text

    press(client, answer.location, "restore", event)
    session.refresh(event)
    assert event.status is EventStatus.PUBLISHED
    assert event.title in client.page("/events").text
    assert "flooded" not in client.page(f"/events/{event.public_id}").text


def test_while_an_event_is_off_its_host_alone_reads_how_many_had_said_that_they_will_come(
    client: PageClient, session: Session, event: Event
) -> None:
    make_pledge(session, event, 3)
    make_pledge(session, event, 4)
    event.status = EventStatus.CANCELLED
    session.execute(update(EventTally).values(pledges=0, heads=0))
    session.commit()

    manage = client.page(f"/events/{event.public_id}/manage").text
    assert "7 people pledged" in manage
    assert "people counted0" in manage
    assert "0 pledged" not in client.page("/your-events").text
    public = client.page(f"/events/{event.public_id}").text
    assert "were in" not in public
    assert "as of" not in public


@pytest.mark.parametrize("page", ["postpone", "cancel", "hide", "edit"])
def test_that_nobody_left_an_address_is_said_before_it_happens(
    client: PageClient, session: Session, event: Event, page: str
) -> None:
    address, sentence = f"/events/{event.public_id}/{page}", "Nobody who is in left an address"
    assert sentence in client.page(address).text

    make_contact(session, make_pledge(session, event), event)
    session.commit()

    assert sentence not in client.page(address).text


def test_an_explanation_that_tells_too_much_is_pointed_out(
    client: PageClient, session: Session, event: Event
) -> None:
    address = f"/events/{event.public_id}/cancel"
    typed = {"explanation": "Ring Sam on 0161 496 0000."}

    answer = client.send(address, typed)

    assert answer.status == 422
    assert "Is this meant to be public?" in answer.text
    assert answer.value("explanation") == typed["explanation"]
    meant = typed | {"told": answer.value("told"), "meant_public": "y"}
    assert client.send(address, meant).status == 303
    session.refresh(event)
    assert event.notice == typed["explanation"]


def test_what_the_state_does_not_allow_is_said_and_nothing_typed_is_lost(
    client: PageClient, session: Session, event: Event
) -> None:
    address = f"/events/{event.public_id}/postpone"
    event.status = EventStatus.CANCELLED
    session.commit()

    answer = client.send(address, {"explanation": "The hall is flooded."})

    assert answer.status == 422
    assert "Only an event that is on can be postponed." in answer.text
    assert answer.value("explanation") == "The hall is flooded."


def test_a_host_hides_an_event_and_shows_it_again(
    client: PageClient, session: Session, event: Event
) -> None:
    page = client.page(f"/events/{event.public_id}/hide")
    assert "Nothing is deleted" in page.text

    answer = client.send(f"/events/{event.public_id}/hide")

    assert client.page(f"/events/{event.public_id}").status == 404
    assert client.page(f"/events/{event.public_id}/calendar.ics").status == 404
    assert "Show it again" in client.page(answer.location).text
    press(client, answer.location, "restore", event)
    assert client.page(f"/events/{event.public_id}").status == 200


def test_what_staff_hid_is_not_offered_to_be_shown(
    client: PageClient, session: Session, event: Event
) -> None:
    life.hide(session, event, make_user(session, staff=True), event.created_at, "It names a house.")
    session.commit()
    manage = f"/events/{event.public_id}/manage"

    page = client.page(manage)
    assert "The campaign’s staff hid it" in page.text
    assert "Show it again" not in page.text

    answer = press(client, "/groups/new", "restore", event)
    assert "Only they can show it again" in client.page(answer.location).text
    assert client.page(f"/events/{event.public_id}").status == 404


def test_a_returned_event_is_sent_again(client: PageClient, session: Session, event: Event) -> None:
    staff = make_user(session, staff=True)
    life.give_back(session, event, staff, "Which hall is it?", event.created_at)
    life.note_edit(session, event, None, event.created_at, {"venue_name": [None, "Elm Hall"]})
    session.commit()
    manage = f"/events/{event.public_id}/manage"
    assert "Which hall is it?" in client.page(manage).text

    press(client, manage, "send", event)

    assert "In review" in client.page(manage).text


def test_a_mails_link_hides_an_event_without_signing_in(
    app: Flask, session: Session, event: Event, host: User, hide_path: str
) -> None:
    stranger = app.test_client()
    assert isinstance(stranger, PageClient)

    page = stranger.page(hide_path)
    assert page.status == 200
    assert event.title in page.text
    assert "13 people have said that they will come" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    session.refresh(event)
    assert event.is_public  # looking changes nothing

    assert stranger.send(hide_path).status == 303
    assert stranger.send(hide_path).status == 303  # twice is as good as once
    assert "To show it again" in stranger.page(hide_path).text
    assert stranger.page(f"/events/{event.public_id}").status == 404
    assert mails(session) == [("event_hidden", host.email)]


def test_another_sites_page_cannot_hide_an_event(
    client: PageClient, session: Session, event: Event, hide_path: str
) -> None:
    answer = client.send(hide_path, headers={"Origin": "https://elsewhere.example"})

    assert answer.status == 403
    session.refresh(event)
    assert event.is_public


@pytest.mark.parametrize("change", ["cut", "other purpose", "made up", "too old"])
def test_a_link_that_does_not_work_says_what_to_do(
    app: Flask, client: PageClient, event: Event, hide_path: str, change: str, clock: object
) -> None:
    secret = app.config["SECRET_KEY"]
    path = {
        "cut": hide_path[:-4],
        "other purpose": f"/hide/{sign(secret, 'headcount', event.public_id)}",
        "made up": f"/hide/{sign('x' * 32, 'hide-event', event.public_id)}",
        "too old": hide_path,
    }[change]
    if change == "too old":
        clock.shift(500 * 24 * 3600)  # type: ignore[attr-defined]  # time-machine’s traveller

    for answer in (client.page(path), client.send(path)):
        assert answer.status == 404
        assert "Copy the whole link from the mail" in answer.text


def test_using_an_event_again_begins_a_draft(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = client.send(f"/events/{event.public_id}/again")

    draft = session.scalars(select(EventDraft)).one()
    assert answer.location == f"/host/{draft.id}/what"
    page = client.page(answer.location)
    assert page.value("title") == event.title
    assert "Tea on Elm Road" in client.page("/your-events").text
