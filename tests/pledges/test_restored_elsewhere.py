"""A backup restored on another PostgreSQL server, whose transaction ids are lower than the ledger’s."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from tests.database import database
from tests.factories.events import make_event
from tests.factories.pledges import make_pledge
from tests.pledges.test_rollup import fold, fold_all, heads
from webapp import schema
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import utc_now
from webapp.durability import SENTENCES, dangers
from webapp.events.models import Event
from webapp.pledges.reconciling import reconcile_the_whole

# By how much the other server was ahead: more than other tests use up meanwhile.
AHEAD = 50_000
AS_RESTORED = (
    f"UPDATE ledger_entry SET xid = (xid::text::bigint + {AHEAD})::text::xid8",
    f"UPDATE rollup_state SET folded_below = (folded_below::text::bigint + {AHEAD})::text::xid8",
)


@pytest.fixture
def elsewhere() -> Iterator[Settings]:
    """The settings of a site whose database a test may change as no site does."""
    with database(f"moment_map_test_elsewhere_{os.getpid()}") as settings:
        yield settings


@pytest.fixture
def restored(elsewhere: Settings) -> Iterator[Engine]:
    """An engine on its database."""
    engine = create_engine(elsewhere.owner_database_url)
    yield engine
    engine.dispose()


def test_the_number_goes_on_from_where_it_was(elsewhere: Settings, restored: Engine) -> None:
    with Session(restored, expire_on_commit=False) as session:
        event = make_event(session)
        session.commit()
        _ = event.moments
        take(restored, event, 3)
        fold_all(restored)
        take(restored, event, 4)  # is not folded yet
        for statement in AS_RESTORED:
            session.execute(text(statement))
        assert dangers(session) == [SENTENCES[-1]]
        session.commit()

        with create_app(elsewhere).app_context():
            schema.upgrade(elsewhere)
        assert dangers(session) == []
        take(restored, event, 5)
        fold(restored)
        assert heads(restored, event) == (12, 12)
        assert reconcile_the_whole(session, now=utc_now()) == []


def take(engine: Engine, event: Event, party: int) -> None:
    with Session(engine) as session, session.begin():
        make_pledge(session, event, party)
