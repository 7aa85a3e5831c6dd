"""The tables of fairness come and go with rows in them; the ledger and what is held stay."""

import os

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.database import empty_database
from tests.factories.events import make_event
from tests.pledges.test_holding import send
from tests.pledges.test_rollup import fold_all
from webapp import schema
from webapp.app import create_app

LEDGER = text("SELECT kind, sum(party_change) FROM ledger_entry GROUP BY kind ORDER BY kind")
STANDING = text("SELECT sum(party), sum(held) FROM pledge_standing")


def test_sides_come_and_go_and_the_ledger_stays() -> None:
    with (
        empty_database(f"moment_map_test_sides_{os.getpid()}") as settings,
        create_app(settings).app_context(),
    ):
        schema.upgrade(settings)
        owner = create_engine(settings.owner_database_url)
        with Session(owner) as session:
            event = make_event(session)
            session.commit()
            send(owner, event, 70)
        fold_all(owner)
        with owner.connect() as connection:
            before = [connection.execute(each).all() for each in (LEDGER, STANDING)]
        for go, target in ((schema.downgrade, "0012"), (schema.upgrade, "head")):
            go(settings, target)
            with owner.connect() as connection:
                assert [connection.execute(each).all() for each in (LEDGER, STANDING)] == before
        with owner.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM pledge_side")).scalar_one() == 0
        owner.dispose()
    assert before[1] == [(60, 10)]
