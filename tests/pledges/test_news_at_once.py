"""Eight workers at once, with real commits: each address is written to once."""

from collections import Counter
from concurrent import futures

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.at_once import at_once
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.pledges import make_contact, make_pledge
from webapp.events.models import Event
from webapp.language import Language
from webapp.outbox import OutgoingMail
from webapp.pledges.contact_models import ContactTry, EventNews, PledgeContact
from webapp.pledges.contacts import Wish, ask_to_confirm
from webapp.pledges.models import LedgerEntry
from webapp.pledges.news import FOLDED_WITHIN, note_news, remind_pledgers, tell_pledgers

SECRET = "s" * 36
READERS = 30


@pytest.fixture
def event_id(real_engine: Engine) -> int:
    """An event with many readers."""
    with Session(real_engine) as session:
        event = make_event(session)
        for number in range(READERS):
            receipt = make_pledge(session, event)
            make_contact(session, receipt, event, email=f"{number}@example.org")
        session.commit()
        return event.id


def recipients(real_engine: Engine) -> Counter[str]:
    with Session(real_engine) as session:
        return Counter(session.scalars(select(OutgoingMail.recipient)))


def test_news_are_sent_once(real_engine: Engine, event_id: int) -> None:
    with Session(real_engine) as session:
        event = session.get_one(Event, event_id)
        event.notice_at = NOW
        note_news(session, event, NOW)
        session.commit()

    at_once(real_engine, 8, lambda session: tell_pledgers(session, NOW + FOLDED_WITHIN, SECRET))

    assert recipients(real_engine) == {f"{number}@example.org": 1 for number in range(READERS)}
    with Session(real_engine) as session:
        assert session.scalars(select(EventNews)).first() is None


def test_what_changes_while_it_is_told_is_told_afterwards(
    real_engine: Engine, event_id: int
) -> None:
    with Session(real_engine) as session:
        note_news(session, session.get_one(Event, event_id), NOW)
        session.commit()

    def change() -> None:
        with Session(real_engine) as session:
            note_news(session, session.get_one(Event, event_id), NOW)
            session.commit()

    with futures.ThreadPoolExecutor(1) as pool, Session(real_engine) as telling:
        tell_pledgers(telling, NOW + FOLDED_WITHIN, SECRET)
        changing = pool.submit(change)
        with pytest.raises(futures.TimeoutError):
            changing.result(timeout=0.3)
        telling.commit()
        changing.result(timeout=10)

    with Session(real_engine) as session:
        assert session.scalars(select(EventNews.event_id)).all() == [event_id]


def test_reminders_are_sent_once(real_engine: Engine, event_id: int) -> None:
    with Session(real_engine) as session:
        near = session.get_one(Event, event_id).starts_at.replace(hour=1)

    at_once(real_engine, 8, lambda session: remind_pledgers(session, near, SECRET))

    assert recipients(real_engine) == {f"{number}@example.org": 1 for number in range(READERS)}


def test_many_who_ask_for_one_address_at_once_flood_nobody(
    real_engine: Engine, event_id: int
) -> None:
    wish = Wish(
        email="victim@example.org", language=Language.ENGLISH, reminder=True, news=True, wording="1"
    )
    with Session(real_engine) as session:
        entries = session.scalars(
            select(LedgerEntry.id).where(LedgerEntry.event_id == event_id)
        ).all()
    waiting = list(entries[:16])

    def ask(session: Session) -> None:
        entry = session.get_one(LedgerEntry, waiting.pop())
        ask_to_confirm(session, entry, wish, client="1.2.3.4", secret_key=SECRET, now=NOW)

    at_once(real_engine, 16, ask)

    assert recipients(real_engine)["victim@example.org"] == 3
    with Session(real_engine) as session:
        assert len(session.scalars(select(ContactTry)).all()) == 3
        asked = select(PledgeContact).where(PledgeContact.email == "victim@example.org")
        assert len(session.scalars(asked).all()) == 3
