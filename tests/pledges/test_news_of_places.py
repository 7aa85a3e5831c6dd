"""Who waits for a place and left an address is told when there is one: once, and only if they asked."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.pledges import make_contact, make_pledge
from tests.pledges.test_contact_pages import address, link
from webapp.events.models import Event, EventStatus
from webapp.jobs import run_waiting_jobs
from webapp.organising.merging import merge_events
from webapp.outbox import OutgoingMail
from webapp.pledges.actions import change_party, withdraw
from webapp.pledges.contact_models import PledgeContact
from webapp.pledges.news import remind_pledgers, tell_moved_up
from webapp.pledges.nonces import Receipt
from webapp.pledges.places import Places, stands

SECRET = "s" * 36
Deed = Callable[[Session, Event, Receipt], object]


@pytest.fixture
def event(session: Session) -> Event:
    """An event with room for two, whom it has."""
    event = make_event(session)
    event.capacity = 2
    session.flush()
    return event


@pytest.fixture
def first(session: Session, event: Event) -> Receipt:
    return make_pledge(session, event, 2)


@pytest.fixture
def waits(session: Session, event: Event, first: Receipt) -> Receipt:
    """Somebody who waits and asked to be told."""
    receipt = make_pledge(session, event, 2)
    make_contact(session, receipt, event, wants_place=True, wants_reminder=False, wants_news=False)
    return receipt


def jobs(session: Session) -> int:
    found = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tell_moved_up'")
    return session.execute(found).scalar_one()


def told(session: Session, receipt: Receipt) -> list[str]:
    """Do as the job does; return who has been written to in all."""
    tell_moved_up(session, receipt, NOW, SECRET)
    mails = select(OutgoingMail.recipient).where(OutgoingMail.template == "pledge_place")
    return list(session.scalars(mails))


def more_room(session: Session, event: Event, _first: Receipt) -> None:
    event.capacity = 4
    session.flush()
    Places.of(event).move_up(session)


@pytest.mark.parametrize(
    "deed",
    [
        lambda session, _event, first: withdraw(session, first, uuid4()),
        more_room,
    ],
    ids=["somebody withdraws", "the host makes room"],
)
def test_who_is_moved_up_is_told_once(
    session: Session, event: Event, first: Receipt, waits: Receipt, deed: Deed
) -> None:
    deed(session, event, first)

    assert stands(session, waits).party == 2
    assert jobs(session) == 1
    for _ in range(2):  # a job may run twice
        assert told(session, waits) == ["reader@example.org"]


def test_who_waited_at_a_listing_that_was_merged_is_told_of_a_place_at_the_one_that_is_kept(
    session: Session, event: Event, waits: Receipt
) -> None:
    kept = make_event(session)
    merge_events(session, event, kept, make_user(session), NOW)

    assert stands(session, waits).party == 2
    assert told(session, waits) == ["reader@example.org"]


def test_who_has_to_wait_again_is_told_again(
    session: Session, event: Event, first: Receipt, waits: Receipt
) -> None:
    withdraw(session, first, uuid4())
    told(session, waits)
    session.execute(
        text("UPDATE pledge_contact SET place_told_at = place_told_at - interval '1 h'")
    )
    session.expire_all()

    assert len(told(session, waits)) == 2


@pytest.mark.parametrize(
    "how", [{"wants_place": False, "wants_news": True}, {"confirmed_at": None}]
)
def test_who_did_not_ask_and_confirm_is_not_told(
    session: Session, event: Event, first: Receipt, how: dict[str, object]
) -> None:
    receipt = make_pledge(session, event, 2)
    make_contact(session, receipt, event, **{"wants_place": True} | how)
    withdraw(session, first, uuid4())

    assert jobs(session) == 0


@pytest.mark.parametrize("meanwhile", ["withdrawn", "called off", "begun", "stopped"])
def test_what_is_no_news_any_more_is_not_told(
    session: Session, event: Event, first: Receipt, waits: Receipt, meanwhile: str
) -> None:
    withdraw(session, first, uuid4())
    if meanwhile == "withdrawn":
        withdraw(session, waits, uuid4())
    elif meanwhile == "called off":
        event.status = EventStatus.CANCELLED
    elif meanwhile == "begun":
        event.starts_at = NOW - timedelta(minutes=1)
    else:
        session.delete(session.get_one(PledgeContact, (waits.moment_id, waits.key)))
    session.flush()

    assert told(session, waits) == []


def test_who_still_waits_is_reminded_of_that(
    session: Session, event: Event, first: Receipt, waits: Receipt
) -> None:
    contact = session.get_one(PledgeContact, (waits.moment_id, waits.key))
    contact.wants_reminder = True
    make_contact(session, first, event, email="in@example.org")
    session.flush()
    remind_pledgers(session, event.starts_at - timedelta(hours=1), SECRET)

    mails = session.scalars(select(OutgoingMail)).all()
    assert {each.recipient: each.details["waits"] for each in mails} == {
        "reader@example.org": "yes",
        "in@example.org": "",
    }


def test_the_box_is_there_for_who_waits_alone(
    client: PageClient, app: Flask, session: Session, first: Receipt, waits: Receipt
) -> None:
    session.commit()
    words = "Tell me when there is room for me"

    assert words in client.page(f"{address(app, waits)}/reminder").text
    assert words not in client.page(f"{address(app, first)}/reminder").text


def test_the_receipt_says_what_to_do_until_then(
    client: PageClient, app: Flask, session: Session, event: Event, first: Receipt
) -> None:
    path = address(app, make_pledge(session, event, 2))
    session.commit()
    assert "Look at this page before you go" in client.page(path).text
    assert f"{path}/reminder" in client.page(path).links

    sent = {"email": "sam@example.org", "wants_place": "y"}
    assert client.send(f"{path}/reminder", sent, csrf=False).status == 303
    assert "Look at this page before you go" in client.page(path).text
    assert "a mail when there is room for you" in client.page(link(app, session)).text
    client.send(link(app, session), csrf=False)

    assert "We send you a mail when there is room for you." in client.page(path).text
    withdraw(session, first, uuid4())
    session.commit()
    assert "You were moved up from the waiting list" in client.page(path).text


def test_who_asks_for_more_people_while_waiting_waits_with_all_of_them(
    client: PageClient, app: Flask, session: Session, first: Receipt, waits: Receipt
) -> None:
    change_party(session, waits, uuid4(), party=3)
    withdraw(session, first, uuid4())
    session.commit()

    assert jobs(session) == 0
    assert "It never has room for so many of you" in client.page(address(app, waits)).text


def test_of_eight_workers_one_tells(app: Flask, real_engine: Engine) -> None:
    with Session(real_engine) as session:
        event = make_event(session)
        event.capacity = 2
        session.flush()
        first, waits = make_pledge(session, event, 2), make_pledge(session, event, 1)
        make_contact(session, waits, event, wants_place=True)
        withdraw(session, first, uuid4())
        session.commit()

    news = at_once(real_engine, 8, lambda each: tell_moved_up(each, waits, NOW, SECRET))
    run_waiting_jobs(app)

    assert sorted(news) == [False] * 7 + [True]
