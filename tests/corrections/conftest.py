"""Pledges that are held and pledges that count, really in the database, and two of staff."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, object_session

from tests.corrections.deciding import empty_decisions
from tests.factories.accounts import make_user
from tests.pledges.test_holding import moment_id  # noqa: F401 -- a fixture
from tests.pledges.test_rollup import committed  # noqa: F401 -- a fixture
from webapp.events.models import Event


@pytest.fixture
def event(committed: Event, moment_id: int, owner_engine: Engine) -> Iterator[Event]:  # noqa: F811 -- fixtures
    """An event that really is in the database, with nothing decided yet.

    Its session ends, so that no transaction is left open however long a test takes.
    """
    _ = moment_id, committed.public_id, committed.status
    session = object_session(committed)
    assert session
    session.expunge_all()
    session.close()
    yield committed
    empty_decisions(owner_engine)


@pytest.fixture
def sam(engine: Engine, event: Event) -> int:
    """One of staff, by their number."""
    _ = event
    return _member(engine)


@pytest.fixture
def alex(engine: Engine, event: Event) -> int:
    """Another."""
    _ = event
    return _member(engine)


def _member(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        return make_user(session, staff=True).id
