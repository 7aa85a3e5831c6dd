"""Who withdraws while something is being left with the pledge leaves nothing behind."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from tests.asked_places.conftest import address_of, at_home
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.pledges import make_contact, make_pledge
from tests.own_site import site_with
from webapp.asked_places.models import AskedPlace
from webapp.config import Settings
from webapp.pledges.actions import withdraw
from webapp.pledges.contact_models import PledgeContact
from webapp.pledges.contacts import forget_contact, forget_old_contacts
from webapp.pledges.news import remind_pledgers
from webapp.pledges.nonces import Receipt

FORMS = {
    "reminder": {"email": "reader@example.org", "wants_reminder": "y"},
    "place": {"name": "Sam", "note": "We come by bus"},
}
WAITS = text("""
    SELECT EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
    )
""")


@pytest.fixture
def site(settings: Settings) -> Iterator[Flask]:
    """A site whose requests really commit."""
    with site_with(settings) as app:
        yield app


@pytest.fixture
def receipt(real_engine: Engine) -> Receipt:
    with Session(real_engine) as session, session.begin():
        return make_pledge(session, at_home(session, make_user(session)))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_sent_while_the_pledge_is_withdrawn_is_not_kept(
    site: Flask, real_engine: Engine, receipt: Receipt, form: str
) -> None:
    def send() -> int:
        answer = site.test_client().post(f"{address_of(site, receipt)}/{form}", data=FORMS[form])
        return answer.status_code

    with ThreadPoolExecutor(1) as pool, Session(real_engine) as session:
        withdraw(session, receipt, uuid4())
        forget_contact(session, receipt)
        sent = pool.submit(send)
        wait_for_lock(session, sent)
        session.commit()
        assert sent.result() == 422

    with Session(real_engine) as session:
        for table in (PledgeContact, AskedPlace):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def wait_for_lock(session: Session, sent: Future[int]) -> None:
    for _ in range(1000):
        if sent.done() or session.execute(WAITS).scalar_one():
            return
        time.sleep(0.01)


def test_an_address_that_was_left_behind_all_the_same_is_not_written_to_and_goes(
    session: Session,
) -> None:
    event = make_event(session)
    receipt = make_pledge(session, event)
    withdraw(session, receipt, uuid4())
    make_contact(session, receipt, event)

    assert remind_pledgers(session, event.starts_at - timedelta(minutes=1), "a secret") == 1
    assert session.scalars(text("SELECT recipient FROM outgoing_mail")).all() == []
    forget_old_contacts(session, event.starts_at)
    assert session.scalars(select(PledgeContact)).all() == []
