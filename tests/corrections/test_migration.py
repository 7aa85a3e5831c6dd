"""The tables of decisions come and go with rows in them; what was decided stays in the ledger."""

import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.corrections.deciding import conditions, decide, finish, second
from tests.database import empty_database
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.pledges.test_holding import send
from tests.pledges.test_rollup import fold_all
from webapp import schema
from webapp.app import create_app
from webapp.corrections.models import DecisionKind
from webapp.pledges.sides import Signal

LEDGER = text("SELECT kind, reason, party_change FROM ledger_entry ORDER BY id")


def test_decisions_come_and_go_and_the_ledger_stays() -> None:
    with (
        empty_database(f"moment_map_test_decisions_{os.getpid()}") as settings,
        create_app(settings).app_context(),
    ):
        schema.upgrade(settings)
        owner = create_engine(settings.owner_database_url)
        with Session(owner) as session:
            event = make_event(session)
            sam, alex = (make_user(session, staff=True).id for _ in "ab")
            session.commit()
            send(owner, event, 2, party=3, signals=Signal.TRAPPED)
        fold_all(owner)
        number = decide(owner, DecisionKind.RELEASE, conditions(event), by=sam)
        second(owner, number, by=alex)
        assert finish(owner, number).done_pledges == 2
        with owner.connect() as connection:
            before = connection.execute(LEDGER).all()
        for go, target in ((schema.downgrade, "0013"), (schema.upgrade, "head")):
            go(settings, target)
            with owner.connect() as connection:
                assert connection.execute(LEDGER).all() == before
        owner.dispose()
    assert len(before) == 6
