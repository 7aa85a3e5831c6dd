"""A name and a note are erased when they are of no use any more, and with them what was told."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.asked_places.conftest import DOOR, address_of, tell_door
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.asked_places import make_asked
from tests.factories.pledges import make_pledge
from webapp.asked_places.models import Answer, AskedPlace, PlaceTelling
from webapp.asked_places.tasks import forget_asked_places
from webapp.events.models import Event, EventStatus
from webapp.jobs import queue
from webapp.pledges.actions import withdraw
from webapp.pledges.nonces import Receipt

ACCEPTED = {"answer": Answer.ACCEPTED, "answered_at": NOW}
DECLINED = {"answer": Answer.DECLINED, "answered_at": NOW}


def kept(session: Session) -> list[tuple[str | None, str | None]]:
    return [
        (row.name, row.note) for row in session.execute(select(AskedPlace.name, AskedPlace.note))
    ]


def forget_at(app: Flask, when: datetime) -> None:
    with time_machine.travel(when), app.app_context():
        forget_asked_places(0)


def test_two_weeks_after_the_event_nothing_is_left(
    app: Flask, session: Session, home: Event, asked: AskedPlace
) -> None:
    tell_door(session, home)
    forget_at(app, home.ends_at + timedelta(days=14) - timedelta(minutes=1))
    assert len(kept(session)) == 1

    forget_at(app, home.ends_at + timedelta(days=14, minutes=1))

    assert kept(session) == []
    assert session.scalar(select(func.count()).select_from(PlaceTelling)) == 0


def test_it_is_looked_after_every_hour() -> None:
    (task,) = [each for each in queue.periodic_registry.periodic_tasks.values()
               if each.task.name == "forget_asked_places"]  # fmt: skip
    assert task.cron == "33 * * * *"


def test_withdrawing_erases_the_question_at_once(
    client: PageClient, session: Session, path: str, asked: AskedPlace
) -> None:
    nonce = client.page(f"{path}/withdraw").value("nonce")

    assert client.send(f"{path}/withdraw", {"nonce": nonce}, csrf=False).status == 303
    assert kept(session) == []


def test_of_a_pledge_withdrawn_any_other_way_nothing_is_left_within_the_hour(
    app: Flask, session: Session, home: Event, receipt: Receipt, asked: AskedPlace
) -> None:
    make_asked(session, home, NOW, name="Alex")
    withdraw(session, receipt, uuid4())
    session.commit()

    forget_at(app, NOW)

    assert kept(session) == [("Alex", "We met at the library.")]


@pytest.mark.parametrize("answer", [{}, ACCEPTED])
def test_a_question_taken_back_is_erased_with_what_came_of_it(
    app: Flask, client: PageClient, session: Session, home: Event, answer: dict[str, object]
) -> None:
    tell_door(session, home)
    receipt = make_pledge(session, home)
    make_asked(session, home, NOW, receipt=receipt, **answer)
    session.commit()
    path = address_of(app, receipt)
    assert f"{path}/place/take-back" in client.page(path).links

    client.page(f"{path}/place/take-back")
    assert len(kept(session)) == 1
    sent = client.send(f"{path}/place/take-back", csrf=False)

    assert (sent.status, kept(session)) == (303, [])
    page = client.page(path)
    assert DOOR.split("\n")[0] not in page.text
    assert "Ask the host for the exact place" in page.text
    assert "Nothing is kept of you here" in client.page(f"{path}/place/take-back").text


def test_after_a_no_the_name_goes_but_nobody_asks_again(
    app: Flask, client: PageClient, session: Session, home: Event
) -> None:
    receipt = make_pledge(session, home)
    make_asked(session, home, NOW, receipt=receipt, **DECLINED)
    session.commit()
    path = address_of(app, receipt)

    assert client.send(f"{path}/place/take-back", csrf=False).status == 303

    assert kept(session) == [(None, None)]
    page = client.page(path)
    assert "The host says no this time" in page.text
    assert f"{path}/place/take-back" not in page.links
    again = client.send(f"{path}/place", {"name": "Sam", "leave_empty": ""}, csrf=False)
    assert (again.status, kept(session)) == (303, [(None, None)])


@pytest.mark.parametrize("off", ["over", "cancelled", "hidden"])
def test_what_was_written_can_be_erased_when_the_event_is_over_or_off(
    client: PageClient, session: Session, home: Event, path: str, asked: AskedPlace, off: str
) -> None:
    if off == "over":
        home.starts_at, home.ends_at = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    else:
        home.status = EventStatus(off)
    session.commit()

    assert "Erase what you wrote to the host" in client.page(path).text
    assert "erased at once" in client.page(f"{path}/place/take-back").text
    client.send(f"{path}/place/take-back", csrf=False)
    assert kept(session) == []
    assert "Erase what you wrote" not in client.page(path).text


def test_another_site_takes_nothing_back(
    client: PageClient, session: Session, path: str, asked: AskedPlace
) -> None:
    evil = {"Origin": "https://evil.example"}

    assert client.post(f"{path}/place/take-back", headers=evil).status_code == 403
    assert len(kept(session)) == 1


def test_what_was_asked_goes_with_its_event(session: Session, home: Event) -> None:
    tell_door(session, home)
    make_asked(session, home, NOW, receipt=Receipt(home.moments[0].id, uuid4()))

    session.execute(delete(Event).where(Event.id == home.id))

    assert kept(session) == []
    assert session.scalar(select(func.count()).select_from(PlaceTelling)) == 0
