"""Listings that were merged go down to the earlier schema hidden, with the ledger as it was."""

import os

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.database import empty_database
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.pledges import make_pledge
from tests.pledges.test_rollup import fold, fold_all
from webapp import schema
from webapp.app import create_app
from webapp.organising.merging import merge_events

LEDGER = text("SELECT kind, party_change FROM ledger_entry ORDER BY id")
STATUSES = text("SELECT status FROM event ORDER BY id")
NOTED = text("SELECT count(*) FROM event_change WHERE kind IN ('merged', 'took-in')")
LOOKED_AT_AGAIN = text("SELECT event_id FROM changed_event")


def merged_with_three_people(owner: Engine) -> int:
    """Make one of two listings, and fold what moves by it; return which is kept."""
    with Session(owner) as session, session.begin():
        event = make_event(session)
        kept = make_event(session, moment=event.moments[0], group=event.group)
        make_pledge(session, event, 3)
        kept_id = kept.id
    fold_all(owner)
    with Session(owner) as session, session.begin():
        session.add_all([event, kept])
        merge_events(session, event, kept, make_user(session), NOW)
    fold_all(owner)
    fold(owner)
    return kept_id


def test_merged_listings_go_down_hidden_and_their_people_are_looked_at_again() -> None:
    with (
        empty_database(f"moment_map_test_merged_{os.getpid()}") as settings,
        create_app(settings).app_context(),
    ):
        schema.upgrade(settings)
        owner = create_engine(settings.owner_database_url)
        kept_id = merged_with_three_people(owner)
        schema.downgrade(settings, "0016")
        with owner.connect() as connection:
            entries = connection.execute(LEDGER).all()
            assert entries == [("pledged", 3), ("moved", -3), ("moved", 3)]
            assert connection.execute(STATUSES).scalars().all() == ["hidden", "published"]
            assert connection.execute(NOTED).scalar_one() == 0
            assert connection.execute(LOOKED_AT_AGAIN).scalars().all() == [kept_id]
        schema.upgrade(settings)
        assert schema.differences(settings) == []
        with owner.connect() as connection:
            assert connection.execute(LEDGER).all() == entries
        owner.dispose()
