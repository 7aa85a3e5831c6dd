"""What all tests share: an application on a database of their own, rolled back after each test."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from tests.at_once import empty
from tests.checked_pages import PageClient
from tests.database import database
from tests.factories.accounts import make_user
from webapp.accounts.browsers import sign_in_browser
from webapp.accounts.models import STAFF, User
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import utc_now
from webapp.extensions import db

# Two weeks before the Neighbours’ Day that the factories make; its clock goes on ticking.
NOW = datetime(2027, 5, 20, 12, tzinfo=UTC)
TOLD = "told"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Set the clock, so that no test depends on the day it runs on."""
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a site whose database is this test process’s own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    # The process id keeps two runs on one server apart.
    with database(f"moment_map_test_{worker}_{os.getpid()}") as made:
        folder = tmp_path_factory.mktemp("local")
        yield made.model_copy(update={"local_folder": folder})


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    """The site."""
    app = create_app(settings)
    app.test_client_class = PageClient
    return app


@pytest.fixture(scope="session")
def engine(app: Flask) -> Engine:
    """The engine of the site’s own database role."""
    with app.app_context():
        return db.engine


@pytest.fixture
def session(app: Flask, engine: Engine) -> Iterator[Session]:
    """A session whose work, the site’s commits included, is undone after the test."""
    with engine.connect() as connection, connection.begin() as transaction:
        with app.app_context():
            maker = db.sessionmaker
        before = dict(maker.kw)
        maker.configure(bind=connection, join_transaction_mode="create_savepoint")
        with maker() as session:
            yield session
        maker.kw.clear()
        maker.kw.update(before)
        transaction.rollback()


@pytest.fixture
def client(app: Flask, session: Session) -> PageClient:
    """A browser without script that checks each page; it sees what the test’s session flushed."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def sign_in(client: PageClient, session: Session) -> Callable[..., User]:
    """Sign somebody in, made on the spot unless given; staff with their second factor.

    In the test’s own browser, unless another is given.
    """

    def enter(user: User | None = None, *, browser_of: PageClient = client) -> User:
        user = user or make_user(session)
        browser = sign_in_browser(
            session, user, device="Firefox, Linux", now=utc_now(), proved=user.has_role(STAFF)
        )
        session.commit()
        with browser_of.session_transaction() as cookie:
            cookie["_user_id"] = user.fs_uniquifier
            cookie["_fresh"] = True
            cookie["signed_in"] = str(browser.id)
        return user

    return enter


@pytest.fixture
def owner_engine(settings: Settings) -> Iterator[Engine]:
    """An engine of the role that owns the schema."""
    engine = create_engine(settings.owner_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def real_engine(settings: Settings, owner_engine: Engine) -> Iterator[Engine]:
    """An engine whose commits are real; what they leave is deleted after the test."""
    engine = create_engine(settings.database_url, pool_size=8)
    yield engine
    engine.dispose()
    empty(owner_engine)


@pytest.fixture
def questions(engine: Engine) -> Iterator[list[str]]:
    """Every question asked of the database since the list was last cleared."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say what a test has done and measured; it is printed when all tests have ended."""
    return partial(record_property, TOLD)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests had to tell, whichever process they ran in."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [text for each in reports for name, text in each.user_properties if name == TOLD]
    if told:
        terminalreporter.section("what was done and measured")
        for each in told:
            terminalreporter.write_line(str(each))
