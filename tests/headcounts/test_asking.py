"""Hosts are asked once, by day, about what was on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.moments import make_moment
from webapp.events.models import Event, EventStatus
from webapp.headcounts.actions import ASKED_AT_ONCE, ask_hosts, report_headcount
from webapp.headcounts.tasks import ask_for_headcounts
from webapp.language import Language
from webapp.outbox import OutgoingMail

ENDS = datetime(2027, 6, 5, 17, tzinfo=UTC)
THE_MORNING_AFTER = datetime(2027, 6, 6, 8, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    """Run each test as a worker runs jobs."""
    with app.app_context():
        yield


def mails(session: Session) -> list[OutgoingMail]:
    session.expire_all()
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.recipient)))


def test_the_morning_after_each_host_gets_one_question_in_their_language(session: Session) -> None:
    group = make_group(session, by=make_user(session, email="a@example.org"))
    editor = make_member(session, group)
    editor.email, editor.language = "b@example.org", Language.WELSH
    event = make_event(session, group=group)

    assert ask_hosts(session, THE_MORNING_AFTER) == 1

    first, second = mails(session)
    assert (first.recipient, first.language) == ("a@example.org", Language.ENGLISH)
    assert (second.recipient, second.language) == ("b@example.org", Language.WELSH)
    assert first.details["public_id"] == event.public_id
    assert "Saturday" in first.details["when"]
    assert "Sadwrn" in second.details["when"]


def test_nobody_is_asked_twice(session: Session) -> None:
    make_event(session)

    assert ask_hosts(session, THE_MORNING_AFTER) == 1
    assert ask_hosts(session, THE_MORNING_AFTER + timedelta(days=1)) == 0
    assert len(mails(session)) == 1


def test_an_event_that_was_moved_to_a_later_day_is_asked_about_again(session: Session) -> None:
    event = make_event(session)
    ask_hosts(session, THE_MORNING_AFTER)
    session.refresh(event)
    event.starts_at += timedelta(days=14)
    event.ends_at += timedelta(days=14)
    session.flush()

    assert ask_hosts(session, THE_MORNING_AFTER + timedelta(days=1)) == 0
    assert ask_hosts(session, THE_MORNING_AFTER + timedelta(days=14)) == 1
    assert ask_hosts(session, THE_MORNING_AFTER + timedelta(days=15)) == 0


@pytest.mark.parametrize(
    "now",
    [
        ENDS + timedelta(hours=1),
        # A minute before midnight in the United Kingdom.
        datetime(2027, 6, 5, 22, 59, tzinfo=UTC),
        ENDS + timedelta(days=7, minutes=1),
    ],
)
def test_nobody_is_asked_on_the_day_itself_or_long_after(session: Session, now: datetime) -> None:
    make_event(session)

    assert ask_hosts(session, now) == 0


@pytest.mark.parametrize("status", [each for each in EventStatus if each != "published"])
def test_nobody_is_asked_about_what_was_not_on(session: Session, status: EventStatus) -> None:
    make_event(session).status = status
    session.flush()

    assert ask_hosts(session, THE_MORNING_AFTER) == 0


def test_nobody_is_asked_who_has_told_or_about_what_is_made_up(session: Session) -> None:
    report_headcount(session, make_event(session), 45, THE_MORNING_AFTER)
    make_event(session, moment=make_moment(session, is_demonstration=True))

    assert ask_hosts(session, THE_MORNING_AFTER) == 0


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        ("2027-06-06 07:05:00+00:00", 0),  # 8:05 in the United Kingdom
        ("2027-06-06 08:05:00+00:00", 1),
        ("2027-06-06 18:05:00+00:00", 1),
        ("2027-06-06 19:05:00+00:00", 0),
    ],
)
def test_the_job_asks_by_day(
    session: Session, clock: time_machine.Traveller, now: str, asked: int
) -> None:
    make_event(session)
    session.commit()
    clock.move_to(now)

    ask_for_headcounts(0)

    assert len(mails(session)) == asked


def test_the_job_asks_all_however_many(
    session: Session, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.headcounts.actions.ASKED_AT_ONCE", 2)
    assert ASKED_AT_ONCE > 2
    moment, group = make_moment(session), make_group(session)
    for _ in range(5):
        make_event(session, moment=moment, group=group)
    session.commit()
    clock.move_to(THE_MORNING_AFTER)

    ask_for_headcounts(0)

    assert len(mails(session)) == 5


def test_workers_who_ask_at_once_ask_each_host_once(app: Flask, real_engine: Any) -> None:
    with Session(real_engine) as session:
        moment, group = make_moment(session), make_group(session)
        events = [make_event(session, moment=moment, group=group).id for _ in range(12)]
        session.commit()

    def ask(number: int) -> int:
        with app.app_context(), Session(real_engine) as session:
            asked = ask_hosts(session, THE_MORNING_AFTER)
            # Every third one is killed before it could commit.
            session.rollback() if number % 3 == 0 else session.commit()
            return asked

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, range(12)))
    ask(1)

    with Session(real_engine) as session:
        asked = [mail.details["public_id"] for mail in mails(session)]
        jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_mail'")
        assert len(asked) == len(set(asked)) == len(events)
        assert session.execute(jobs).scalar_one() == len(events)
        unasked = select(Event.id).where(Event.headcount_asked_at.is_(None))
        assert session.scalars(unasked).all() == []
