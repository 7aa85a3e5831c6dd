"""Staff decide about an event once, and its host hears of it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from geo.privacy import VenueType
from tests.checked_pages import Page, PageClient, text_of
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moderation import make_concern
from webapp.accounts.models import User
from webapp.events import life
from webapp.events.history import ChangeKind, EventChange
from webapp.events.models import Event, EventStatus
from webapp.mail import worded
from webapp.moderation.models import StandingChange
from webapp.outbox import OutgoingMail

SignIn = Callable[..., User]
REASON = "The title is not in plain words."


@pytest.fixture
def staff(session: Session, sign_in: SignIn) -> User:
    """One of staff, signed in."""
    return sign_in(make_user(session, staff=True, email="sam@example.org"))


@pytest.fixture
def event(session: Session) -> Event:
    """A new event that waits, of a group with a contact address."""
    group = make_group(session, by=make_user(session), name="Elm Road")
    group.contact_email = "office@example.org"
    lister = make_user(session, email="lister@example.org")
    made = make_event(session, group=group, by=lister)
    made.status = EventStatus.DRAFT
    life.submit(session, made, lister, NOW)
    session.commit()
    return made


def decide(client: PageClient, event: Event, decision: str, reason: str = "", **more: Any) -> Page:
    path = f"/staff/review/{event.public_id}"
    page = client.page(path)
    seen = {name: page.value(name) for name in ("version", "concern")}
    return send(client, event, {**seen, "decision": decision, "reason": reason, **more})


def send(client: PageClient, event: Event, answers: dict[str, Any]) -> Page:
    answer = client.send(f"/staff/review/{event.public_id}", answers)
    session = object_session(event)
    assert session
    session.expire_all()
    return answer


def mails(session: Session) -> dict[str, OutgoingMail]:
    return {each.recipient: each for each in session.execute(select(OutgoingMail)).scalars()}


@pytest.mark.usefixtures("staff")
def test_approving_makes_it_public_and_leads_on_to_the_next(
    app: Flask, client: PageClient, session: Session, event: Event
) -> None:
    following = make_event(session)
    make_concern(session, following, NOW)
    session.commit()

    answer = decide(client, event, "approve")

    assert answer.location == f"/staff/review/{following.public_id}"
    assert f"Approved: {event.title}" in client.page(answer.location).text
    assert event.status is EventStatus.PUBLISHED
    assert event.reviewed_version == event.version
    assert not event.group.is_trusted
    assert set(mails(session)) == {"office@example.org", "lister@example.org"}
    with app.app_context():
        message = worded(mails(session)["office@example.org"])
    assert message.subject == "Your event is on the site"
    for text in (message.text, message.html):
        assert f"/events/{event.public_id}/manage" in text
        assert "/hide/" in text
    assert client.page(f"/events/{event.public_id}").status == 200


def test_approving_and_trusting_lets_the_groups_next_event_go_live_at_once(
    client: PageClient, session: Session, event: Event, staff: User
) -> None:
    assert decide(client, event, "approve-and-trust").location == "/staff/review"

    assert event.group.is_trusted
    change = session.execute(select(StandingChange)).scalar_one()
    assert (change.group_id, change.by_id) == (event.group_id, staff.id)
    told = {each.details["is_trusted"] for each in mails(session).values()}
    assert told == {"yes"}
    another = make_event(session, group=event.group)
    another.status = EventStatus.DRAFT
    life.submit(session, another, None, NOW)
    assert another.status is EventStatus.PUBLISHED


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("decision", "status", "subject"),
    [
        ("return", EventStatus.DRAFT, "Please change your event, then send it again"),
        ("hide", EventStatus.HIDDEN, "We have hidden your event"),
    ],
)
def test_returning_and_hiding_tell_the_host_why(
    app: Flask,
    client: PageClient,
    session: Session,
    event: Event,
    decision: str,
    status: EventStatus,
    subject: str,
) -> None:
    assert decide(client, event, decision, REASON).status == 303

    assert event.status is status
    assert event.hidden_by_staff is (decision == "hide")
    with app.app_context():
        messages = [worded(each) for each in mails(session).values()]
    assert {each.subject for each in messages} == {subject}
    assert all(REASON in each.text and REASON in each.html for each in messages)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("decision", "reason", "sentence"),
    [
        ("", "", "Choose what is to happen."),
        ("burn", "", "Choose one of the options."),
        ("return", " ", "Give a reason: the host gets it by mail."),
        ("hide", "", "Give a reason: the host gets it by mail."),
        ("hide", "x" * 5000, "Shorten this to 1000 characters or fewer."),
        ("return", "a\u202eb", "There were invisible characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_decides_nothing(
    client: PageClient, session: Session, event: Event, decision: str, reason: str, sentence: str
) -> None:
    page = decide(client, event, decision, reason)

    assert page.status == 422
    assert sentence in page.errors[0]
    assert event.status is EventStatus.IN_REVIEW
    assert mails(session) == {}


def test_of_two_who_look_at_one_item_the_second_is_told_who_decided(
    client: PageClient, session: Session, event: Event, staff: User
) -> None:
    colleague = make_user(session, staff=True, email="kim@example.org")
    page = client.page(f"/staff/review/{event.public_id}")
    seen = {"version": page.value("version"), "concern": page.value("concern")}
    life.approve(session, event, colleague, NOW)
    session.commit()

    answer = send(client, event, {**seen, "decision": "hide", "reason": REASON})

    assert answer.location == f"/staff/review/{event.public_id}"
    text = client.page(answer.location).text
    assert "Already decided by kim@example.org: Approved, Thursday 20 May 2027" in text
    assert event.status is EventStatus.PUBLISHED
    assert mails(session) == {}
    assert staff.email not in text


@pytest.mark.usefixtures("staff")
def test_what_the_host_changed_meanwhile_is_looked_at_again(
    client: PageClient, session: Session, event: Event
) -> None:
    page = client.page(f"/staff/review/{event.public_id}")
    seen = {"version": page.value("version"), "concern": page.value("concern")}
    host = session.get_one(User, event.listed_by_id)
    life.note_edit(session, event, host, NOW, {"title": ["Tea", "Gin"]})
    session.commit()

    answer = send(client, event, {**seen, "decision": "approve"})

    assert "The host changed this meanwhile." in client.page(answer.location).text
    assert event.status is EventStatus.IN_REVIEW


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("version", ["", "x", "9" * 400, "-1", "²"])
def test_an_odd_version_decides_nothing(
    client: PageClient, session: Session, event: Event, version: str
) -> None:
    assert decide(client, event, "approve", version=version, concern=version).status == 303
    assert event.status is EventStatus.IN_REVIEW


@pytest.mark.usefixtures("staff")
def test_a_decision_settles_the_concerns_that_were_seen_and_no_later_ones(
    client: PageClient, session: Session, event: Event
) -> None:
    life.approve(session, event, None, NOW)
    seen = make_concern(session, event, NOW, text="<b>Not</b> real")
    session.commit()
    page = client.page(f"/staff/review/{event.public_id}")
    assert "It is not a real event" in page.text
    assert "<b>Not</b> real" in page.text
    values = {name: page.value(name) for name in ("version", "concern")}
    later = make_concern(session, event, NOW)
    session.commit()

    answer = send(client, event, {**values, "decision": "approve"})

    assert answer.location == f"/staff/review/{event.public_id}"
    session.expire_all()
    assert seen.settled_at is not None
    assert later.settled_at is None
    assert mails(session) == {}


def test_what_is_settled_already_is_said(
    client: PageClient, session: Session, event: Event, staff: User
) -> None:
    life.hide(session, event, staff, NOW, REASON)
    concern = make_concern(session, event, NOW)
    session.commit()
    page = client.page(f"/staff/review/{event.public_id}")
    values = {name: page.value(name) for name in ("version", "concern")}
    concern.settled_at = NOW
    session.commit()

    answer = send(client, event, {**values, "decision": "settle"})

    assert "This is settled already." in client.page(answer.location).text


@pytest.mark.usefixtures("staff")
def test_staff_show_again_what_they_hid(client: PageClient, session: Session, event: Event) -> None:
    life.approve(session, event, None, NOW)
    session.commit()
    decide(client, event, "hide", REASON)
    session.execute(OutgoingMail.__table__.delete())
    assert client.page(f"/events/{event.public_id}").status == 404

    decide(client, event, "show")

    assert event.status is EventStatus.PUBLISHED
    assert not event.hidden_by_staff
    assert {each.template for each in mails(session).values()} == {"event_approved"}


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("by_staff", [True, False])
def test_what_staff_hid_they_have_looked_at(
    client: PageClient, session: Session, event: Event, by_staff: bool
) -> None:
    if by_staff:
        decide(client, event, "hide", REASON)
    else:
        life.hide(session, event, None, NOW)
        session.commit()

    text = client.page(f"/staff/review/{event.public_id}").text

    assert ("Nobody of the staff has looked at this event" not in text) is by_staff


@pytest.mark.usefixtures("staff")
def test_the_page_says_what_is_new_since_staff_looked(
    client: PageClient, session: Session, event: Event
) -> None:
    life.approve(session, event, None, NOW)
    life.note_edit(session, event, None, NOW, {"title": ["Tea", "Gin"], "where": [None, None]})
    session.commit()

    text = client.page(f"/staff/review/{event.public_id}").text

    assert "Since we looked last" in text
    assert "before: Tea now: Gin" in text
    decide(client, event, "approve")
    assert "Since we looked last" not in client.page(f"/staff/review/{event.public_id}").text
    kinds = session.execute(select(EventChange.kind).order_by(EventChange.id.desc())).scalars()
    assert next(kinds) is ChangeKind.APPROVED


@pytest.mark.usefixtures("staff")
def test_the_page_shows_the_group_and_nothing_of_where_a_home_is(
    client: PageClient, session: Session, event: Event
) -> None:
    home = make_event(
        session,
        group=event.group,
        venue_type=VenueType.PRIVATE,
        venue_name="At Ada’s, 14 Elm Road",
        postcode="OL161AB",
    )
    session.commit()

    page = client.page(f"/staff/review/{home.public_id}")

    assert "Not trusted yet" in page.text
    assert event.title in page.text
    assert "14 Elm Road" not in page.html
    assert "OL16" not in page.html
    assert "53.6178" not in page.html


@pytest.mark.usefixtures("staff")
def test_what_may_tell_too_much_is_marked(
    client: PageClient, session: Session, event: Event
) -> None:
    event.description = "Come to 14 Elm Road, OL16 1AB, or ring 01632 960123. " + "x" * 50
    event.bring = "<mark>cups</mark>"
    session.commit()

    page = client.page(f"/staff/review/{event.public_id}")

    marked = [text_of(each) for each in page.all("mark")]
    assert marked == ["14 Elm Road", "OL16 1AB", "01632 960123"]
    assert "A full postcode · What will happen: " in page.text


@pytest.mark.usefixtures("staff")
def test_nothing_is_decided_about_what_is_with_its_host(
    client: PageClient, session: Session, event: Event
) -> None:
    decide(client, event, "return", REASON)

    page = client.page(f"/staff/review/{event.public_id}")

    assert "Nothing to decide" in page.text
    assert client.page("/staff/review/nothing").status == 404
