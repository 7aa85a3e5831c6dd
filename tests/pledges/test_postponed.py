"""What is postponed is not over when its old day has passed: its people count, and wait for the new one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.asked_places.conftest import tell_door
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.pledges import make_contact, make_pledge
from tests.organising.typing_in import typed_on
from tests.pledges.test_contact_pages import BOTH, address, contacts
from tests.pledges.test_news import move, reminders
from webapp.accounts.models import User
from webapp.asked_places.actions import forget_old_questions
from webapp.asked_places.models import AskedPlace, PlaceTelling
from webapp.events.models import Event
from webapp.organising.actions import postpone_event
from webapp.organising.merging import merge_events
from webapp.pledges.contacts import forget_old_contacts
from webapp.pledges.nonces import Nonce
from webapp.pledges.places import stands
from webapp.pledges.sides import UNKNOWN
from webapp.vouching.callers import forget_old_calls, take_call
from webapp.vouching.models import CallerPledge

A_DAY = timedelta(days=1)
OLD_DAY_PASSED = 15 * A_DAY
GIVEN_UP = 181 * A_DAY


@pytest.fixture
def host(session: Session) -> User:
    return make_user(session)


@pytest.fixture
def event(session: Session, host: User) -> Event:
    """An event that is postponed, and what is known of whoever wanted to come to it."""
    event = make_event(session, group=make_group(session, by=host))
    make_contact(session, make_pledge(session, event), event)
    leave_things(session, event, host)
    postpone_event(session, event, host, NOW, "It rains.")
    session.commit()
    return event


@pytest.fixture
def path(app: Flask, session: Session, event: Event) -> str:
    receipt = make_pledge(session, event)
    session.commit()
    return address(app, receipt)


def leave_things(session: Session, event: Event, host: User) -> None:
    """Have somebody ask for an event’s place, and somebody call about it."""
    tell_door(session, event)
    make_asked(session, event, NOW)
    nonce = Nonce.fresh(event.moments[0].id, event.id)
    take_call(session, nonce, party=1, by=host, now=NOW, origin=UNKNOWN)


def left(session: Session, now: datetime) -> list[int]:
    """Erase what is old; return how many addresses, questions, directions and calls are left."""
    for forget in (forget_old_contacts, forget_old_questions, forget_old_calls):
        forget(session, now)
    kinds = (AskedPlace, PlaceTelling, CallerPledge)
    return [len(contacts(session))] + [
        session.scalars(select(func.count()).select_from(each)).one() for each in kinds
    ]


def test_what_its_people_left_is_kept_for_half_a_year_without_a_new_day(
    session: Session, event: Event
) -> None:
    assert left(session, event.ends_at + OLD_DAY_PASSED) == [1, 1, 1, 1]
    assert left(session, event.ends_at + GIVEN_UP) == [0, 0, 0, 0]


@pytest.mark.parametrize("later", [True, False], ids=["the kept one later", "the kept one earlier"])
def test_of_a_listing_that_was_merged_it_goes_when_the_kept_one_is_over(
    session: Session, host: User, later: bool
) -> None:
    event, kept = make_event(session), make_event(session)
    late = kept if later else event
    late.starts_at, late.ends_at = late.starts_at + 30 * A_DAY, late.ends_at + 30 * A_DAY
    leave_things(session, event, host)
    merge_events(session, event, kept, host, NOW)

    assert left(session, kept.ends_at + 13 * A_DAY) == [0, 1, 1, 1]
    assert left(session, kept.ends_at + OLD_DAY_PASSED) == [0, 0, 0, 0]


def test_who_was_reminded_of_the_old_day_is_reminded_of_the_new_one(
    session: Session, event: Event, host: User
) -> None:
    old = make_event(session, group=event.group)
    make_contact(session, make_pledge(session, old), old, wants_news=False)
    day_before = old.starts_at - timedelta(hours=4)
    assert len(reminders(session, day_before)) == 1
    postpone_event(session, old, host, day_before, "It rains.")
    move(session, old, host, day_before + A_DAY, hours=7 * 24)

    assert len(reminders(session, day_before + 6 * A_DAY)) == 1
    for _ in range(2):
        assert len(reminders(session, day_before + 7 * A_DAY)) == 2


def test_who_was_reminded_is_not_reminded_again_of_another_hour_of_that_day(
    session: Session, host: User
) -> None:
    event = make_event(session, group=make_group(session, by=host))
    make_contact(session, make_pledge(session, event), event)
    day_before = event.starts_at - timedelta(hours=4)
    reminders(session, day_before)
    move(session, event, host, day_before, hours=2)

    assert len(reminders(session, event.starts_at - timedelta(hours=1))) == 1


def test_a_pledge_to_it_can_be_changed_and_withdrawn(
    client: PageClient, session: Session, event: Event, path: str
) -> None:
    with time_machine.travel(event.ends_at + OLD_DAY_PASSED):
        assert f"{path}/withdraw" in client.page(path).links
        form = client.page(f"{path}/change")
        sent = {"nonce": form.value("nonce"), "party": "3"}
        assert client.send(f"{path}/change", sent, csrf=False).status == 303
        assert "3 people from you" in client.page(path).text
        assert client.send(f"{path}/withdraw", csrf=False).status == 303
        assert "You have withdrawn" in client.page(path).text


def test_nobody_is_asked_along_to_its_old_day(
    client: PageClient, session: Session, event: Event, path: str
) -> None:
    page = client.page(path)

    assert "Tell two neighbours" not in page.text
    assert "Come along?" not in page.text
    assert not [each for each in page.links if "calendar.ics" in each]
    assert f"{path}/change" in page.links
    assert f"{path}/reminder" in page.links


def test_a_reminder_of_the_new_day_can_be_asked_for(
    client: PageClient, session: Session, event: Event, path: str
) -> None:
    with time_machine.travel(event.ends_at + OLD_DAY_PASSED):
        assert "No reminders any more" not in client.page(f"{path}/reminder").text
        assert client.send(f"{path}/reminder", BOTH, csrf=False).status == 303

    assert len(contacts(session)) == 2


def test_more_room_at_it_lets_in_who_waits(
    client: PageClient, session: Session, host: User, sign_in: Callable[..., User]
) -> None:
    event = make_event(session, group=make_group(session, by=host))
    event.capacity = 2
    session.flush()
    make_pledge(session, event)
    waits = make_pledge(session, event)
    postpone_event(session, event, host, NOW, "It rains.")
    session.commit()

    with time_machine.travel(event.ends_at + OLD_DAY_PASSED):
        sign_in(host)
        address = f"/events/{event.public_id}/edit"
        typed = typed_on(client.page(address)) | {"capacity": "4"}
        assert client.send(address, typed).status == 303
    assert stands(session, waits).party == 2
