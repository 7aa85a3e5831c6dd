"""Several at the same instant: pledges ask once, places to wait are counted, one host’s answer stands."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.asked_places.conftest import at_home
from tests.at_once import at_once
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from tests.factories.pledges import make_contact, make_pledge
from webapp.accounts.models import User
from webapp.asked_places.actions import (
    NewAsking,
    TooManyAskError,
    answer_questions,
    ask_for_place,
)
from webapp.asked_places.mails import tell_askers, tell_hosts
from webapp.asked_places.models import MOST_WAITING, Answer, AskedPlace
from webapp.events.models import Event
from webapp.outbox import OutgoingMail
from webapp.pledges.nonces import Receipt

NEW = NewAsking(name="Sam", note=None, mail_wording=None)


@pytest.fixture
def event_id(real_engine: Engine) -> int:
    with Session(real_engine) as session, session.begin():
        return at_home(session, make_user(session)).id


def pledged(engine: Engine, event_id: int, times: int) -> list[Receipt]:
    with Session(engine) as session, session.begin():
        event = session.get_one(Event, event_id)
        return [make_pledge(session, event) for _ in range(times)]


def count(engine: Engine, table: Any, *where: Any) -> int:
    with Session(engine) as session:
        return session.scalars(select(func.count()).select_from(table).where(*where)).one()


def test_one_pledge_asks_once(real_engine: Engine, event_id: int) -> None:
    (receipt,) = pledged(real_engine, event_id, 1)

    def ask(session: Session) -> None:
        ask_for_place(session, session.get_one(Event, event_id), receipt, NEW, NOW)

    at_once(real_engine, 16, ask)

    assert count(real_engine, AskedPlace) == 1


def test_never_more_wait_than_a_host_would_read(real_engine: Engine, event_id: int) -> None:
    receipts = pledged(real_engine, event_id, 12)
    with Session(real_engine) as session, session.begin():
        for _ in range(MOST_WAITING - 4):
            make_asked(session, session.get_one(Event, event_id), NOW)

    def ask(session: Session) -> bool:
        try:
            event = session.get_one(Event, event_id)
            ask_for_place(session, event, receipts.pop(), NEW, NOW)
        except TooManyAskError:
            return False
        return True

    assert sum(at_once(real_engine, 12, ask)) == 4
    assert count(real_engine, AskedPlace) == MOST_WAITING


def test_of_two_hosts_who_answer_the_first_is_heard(real_engine: Engine, event_id: int) -> None:
    with Session(real_engine) as session, session.begin():
        event = session.get_one(Event, event_id)
        asked = [make_asked(session, event, NOW).id for _ in range(3)]
        host = event.listed_by_id
    deeds = [Answer.ACCEPTED, Answer.DECLINED] * 4

    def answer(session: Session) -> tuple[Answer, int]:
        deed = deeds.pop()
        event, by = session.get_one(Event, event_id), session.get_one(User, host)
        done = answer_questions(session, event, asked, seen=None, answer=deed, by=by, now=NOW)
        return deed, done.changed

    answers = at_once(real_engine, 8, answer)

    (first,) = [deed for deed, changed in answers if changed]
    assert sorted(changed for _, changed in answers) == [0] * 7 + [3]
    assert count(real_engine, AskedPlace, AskedPlace.answer == first) == 3


def test_any_number_of_workers_write_each_mail_once(real_engine: Engine, event_id: int) -> None:
    (receipt,) = pledged(real_engine, event_id, 1)
    with Session(real_engine) as session, session.begin():
        event = session.get_one(Event, event_id)
        ask_for_place(session, event, receipt, NEW, NOW)
        answered = make_pledge(session, event)
        make_contact(session, answered, event)
        make_asked(
            session, event, NOW, receipt=answered, mail_due_at=NOW,
            answer=Answer.DECLINED, answered_at=NOW,
        )  # fmt: skip

    def write(session: Session) -> None:
        tell_hosts(session, NOW)
        tell_askers(session, NOW, str(UUID(int=0)))

    at_once(real_engine, 8, write)

    with Session(real_engine) as session:
        sent = sorted(session.scalars(select(OutgoingMail.template)))
    assert sent == ["place_answered", "place_asked"]
