"""Making one of two listings: found, asked with its consequence, done, led on, and taken apart."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.pledges import make_contact, make_pledge
from tests.factories.questions import make_question
from webapp.accounts.models import User
from webapp.events.co_hosts import CoHost, CoHostAnswer, co_hosts_of
from webapp.events.models import Event, EventStatus
from webapp.moments.models import Moment
from webapp.organising.merging import merge_events, part_events
from webapp.outbox import OutgoingMail
from webapp.pledges.models import EventTally, LedgerEntry
from webapp.pledges.news import FOLDED_WITHIN, tell_pledgers
from webapp.pledges.nonces import Nonce, NonceSigner

SignIn = Callable[..., User]


@pytest.fixture
def host(sign_in: SignIn) -> User:
    return sign_in()


@pytest.fixture
def event(session: Session, host: User) -> Event:
    return make_event(session, group=make_group(session, by=host), by=host)


@pytest.fixture
def kept(session: Session, event: Event, host: User) -> Event:
    """The same event, listed once more by another group that the same person runs."""
    other = make_group(session, by=host)
    made = make_event(
        session, group=other, moment=event.moments[0], title="Big tea, Elm Road", venue_name="Park"
    )
    session.commit()
    return made


def merged(client: PageClient, event: Event, kept: Event) -> None:
    answer = client.send(f"/events/{event.public_id}/merge/{kept.public_id}")
    assert answer.status == 303


def test_the_other_listing_is_offered_and_the_consequence_stands_before_the_deed(
    client: PageClient, session: Session, event: Event, kept: Event
) -> None:
    manage = client.page(f"/events/{event.public_id}/manage")
    assert f"/events/{event.public_id}/merge" in manage.links
    choose = client.page(f"/events/{event.public_id}/merge")
    ask = f"/events/{event.public_id}/merge/{kept.public_id}"
    assert ask in choose.links

    page = client.page(ask)

    assert "Nobody is turned away" in page.text
    assert "You can take the two apart again" in page.text
    assert f"/events/{kept.public_id}/merge/{event.public_id}" in page.links
    session.refresh(event)
    assert event.merged_into_id is None  # looking changes nothing


@pytest.mark.parametrize("written", ["{id}", "https://example.org/events/{id}?via=x", "/e/{id} "])
def test_the_other_listing_is_named_by_its_address(
    client: PageClient, event: Event, kept: Event, written: str
) -> None:
    address = f"/events/{event.public_id}/merge"
    answer = client.send(address, {"other": written.format(id=kept.public_id)})

    assert answer.location == f"{address}/{kept.public_id}"


@pytest.mark.parametrize("written", ["", "?", "zzzzzzzzzz", "own", "somebody’s"])
def test_what_is_no_other_listing_of_theirs_gets_a_sentence(
    client: PageClient, session: Session, event: Event, written: str
) -> None:
    stranger = make_event(session)
    session.commit()
    named = {"own": event.public_id, "somebody’s": stranger.public_id}
    page = client.send(f"/events/{event.public_id}/merge", {"other": named.get(written, written)})

    assert page.status == 422
    assert page.errors
    assert client.page(f"/events/{event.public_id}/merge/{stranger.public_id}").status == 403


def test_all_that_led_to_the_merged_listing_leads_to_the_kept_one(
    client: PageClient, session: Session, event: Event, kept: Event
) -> None:
    merged(client, event, kept)
    old, new = event.public_id, kept.public_id

    for path in ("", "/calendar.ics", "/pledge", "/ask", "/report"):
        answer = client.page(f"/events/{old}{path}?party=3&_external=1&via=bbc")
        assert answer.status == 308
        assert answer.location == f"/events/{new}{path}?party=3&_external=1&via=bbc"
        assert "max-age=31" not in answer.headers.get("Cache-Control", "")
    assert client.page(f"/e/{old.upper()}").location == f"/e/{new}"
    assert client.page(f"/cy/events/{old}").location == f"/cy/events/{new}"
    assert client.page(f"/events/{new}").status == 200
    assert old not in client.page("/events").html


def test_a_form_that_was_open_when_the_listing_was_merged_counts_once_at_the_kept_one(
    app: Flask, client: PageClient, session: Session, event: Event, kept: Event
) -> None:
    signer = NonceSigner(app.config["SECRET_KEY"])
    nonce = signer.sign(Nonce.fresh(event.moments[0].id, event.id))
    merged(client, event, kept)

    for _ in range(2):
        data = {"nonce": nonce, "party": "3"}
        answer = client.send(f"/events/{event.public_id}/pledge", data, csrf=False)
        assert answer.status == 308
        answer = client.send(answer.location, data, csrf=False)
        assert answer.status == 303

    page = client.page(answer.location.partition("?")[0])
    assert kept.title in page.text
    assert event.title not in page.text
    assert list(session.scalars(select(LedgerEntry.party_change))) == [3]


def test_a_nonce_that_is_fetched_for_a_merged_listing_is_good_at_the_kept_one(
    client: PageClient, session: Session, event: Event, kept: Event
) -> None:
    merged(client, event, kept)
    nonce = client.page(f"/api/v1/pledges/nonce?event={event.public_id}").json["nonce"]
    data = {"nonce": nonce, "party": "2"}

    assert client.send(f"/events/{kept.public_id}/pledge", data, csrf=False).status == 303


def test_the_merged_listing_says_so_to_its_hosts_and_is_taken_apart_there(
    client: PageClient, session: Session, event: Event, kept: Event
) -> None:
    merged(client, event, kept)
    page = client.page(f"/events/{event.public_id}/manage")
    assert "This is the same event as another listing" in page.text
    assert "Show it again" not in page.text
    for listing, line in ((event, "Merged into another"), (kept, "Another listing was merged")):
        assert line in client.page(f"/events/{listing.public_id}/history").text

    data = {"csrf_token": page.value("csrf_token")}
    answer = client.send(f"/events/{event.public_id}/part", data, csrf=False)

    assert "They are two again" in client.page(answer.location).text
    assert client.page(f"/events/{event.public_id}").status == 200
    again = client.send(f"/events/{event.public_id}/part", data, csrf=False)
    assert "not merged any more" in client.page(again.location).text


def test_those_who_host_the_merged_listing_co_host_the_kept_one_until_they_are_parted(
    session: Session, event: Event, kept: Event, host: User
) -> None:
    choir, mosque, no = (make_group(session) for _ in range(3))
    answers = (CoHostAnswer.ACCEPTED, CoHostAnswer.INVITED, CoHostAnswer.REFUSED)
    for group, answer in zip((choir, mosque, no), answers, strict=True):
        session.add(CoHost(event_id=event.id, group_id=group.id, answer=answer, invited_at=NOW))
    session.flush()
    merge_events(session, event, kept, host, NOW)

    assert set(co_hosts_of(session, kept.id)) == {event.group, choir}
    asked = session.get_one(CoHost, (kept.id, mosque.id))
    assert asked.answer is CoHostAnswer.INVITED
    part_events(session, event, host, NOW)
    assert co_hosts_of(session, kept.id) == []


def mails(session: Session, template: str) -> list[OutgoingMail]:
    found = session.scalars(select(OutgoingMail).where(OutgoingMail.template == template))
    return list(found)


def test_who_left_an_address_is_told_where_the_time_or_place_is_not_the_same(
    session: Session, event: Event, kept: Event, host: User
) -> None:
    make_contact(session, make_pledge(session, event), event)
    merge_events(session, event, kept, host, NOW)
    assert tell_pledgers(session, NOW + FOLDED_WITHIN, "secret")

    (mail,) = mails(session, "pledge_news")
    assert mail.details["title"] == kept.title
    assert mail.details["public_id"] == kept.public_id


def test_who_left_an_address_is_not_told_where_it_is_the_same_or_was_a_slip(
    session: Session, event: Event, kept: Event, host: User
) -> None:
    make_contact(session, make_pledge(session, event), event)
    twin = make_event(session, moment=event.moments[0], group=event.group)
    merge_events(session, event, twin, host, NOW)
    part_events(session, event, host, NOW)
    merge_events(session, event, kept, host, NOW)
    part_events(session, event, host, NOW)
    while tell_pledgers(session, NOW + FOLDED_WITHIN, "secret"):
        pass

    assert mails(session, "pledge_news") == []


def test_that_nobody_left_an_address_is_said_where_the_time_or_place_is_not_the_same(
    client: PageClient, session: Session, event: Event, kept: Event
) -> None:
    session.add(EventTally(event_id=event.id, moment_id=event.moments[0].id, pledges=1, heads=2))
    session.commit()
    address, sentence = f"/events/{event.public_id}/merge/{kept.public_id}", "left an address"
    assert sentence in client.page(address).text
    kept.starts_at, kept.ends_at, kept.venue_name = event.starts_at, event.ends_at, event.venue_name
    session.commit()

    assert sentence not in client.page(address).text


def test_the_other_hosts_are_told_and_cannot_hide_what_is_not_theirs(
    session: Session, event: Event, kept: Event
) -> None:
    staff = make_user(session, staff=True)
    merge_events(session, event, kept, staff, NOW)

    (mail,) = mails(session, "event_merged")  # one person runs both groups
    assert mail.details["other_title"] == event.title
    assert mail.details["public_id"] == kept.public_id


def test_questions_stay_with_who_was_asked(
    client: PageClient, session: Session, event: Event, kept: Event
) -> None:
    asked = make_question(session, event, NOW)
    session.commit()
    merged(client, event, kept)

    assert asked.text in client.page(f"/events/{event.public_id}/questions").text
    assert client.page(f"/questions/{asked.id}").status == 200


def test_what_is_made_up_never_becomes_part_of_what_is_real(
    client: PageClient, session: Session, event: Event, kept: Event
) -> None:
    session.get_one(Moment, event.moments[0].id).is_demonstration = False
    real = Moment(**{
        c.name: getattr(event.moments[0], c.name)
        for c in Moment.__table__.c
        if c.name not in {"id", "slug", "is_demonstration"}
    }, slug="made-up", is_demonstration=True)  # fmt: skip
    kept.moments = [real]
    session.commit()
    answer = client.send(f"/events/{event.public_id}/merge/{kept.public_id}")

    assert "made up" in client.page(answer.location).text
    session.refresh(event)
    assert event.status is EventStatus.PUBLISHED
