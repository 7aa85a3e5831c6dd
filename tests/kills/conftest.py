"""A site as it really runs, on a PostgreSQL cluster that the tests may kill."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from dev.cluster import Cluster
from tests.database import database
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.kills.pledgers import Pledgers, Promise
from tests.live import LiveSite, served
from tests.own_cluster import own_cluster, server_of
from webapp.config import Settings
from webapp.database import utc_now

SOAK = bool(os.environ.get("SOAK"))
PLEDGES_A_SECOND = 200 if SOAK else 40


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests in one process: they share a cluster."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("kills"))


@pytest.fixture(autouse=True)
def clock() -> None:
    """Leave the clock alone: the site is other processes, with the real time."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A server of these tests’ own."""
    if not Path("/proc/self/task").is_dir():
        pytest.skip("finds the processes to kill in /proc")
    with own_cluster() as made:
        yield made


@pytest.fixture(scope="session")
def settings(cluster: Cluster) -> Iterator[Settings]:
    """Settings of a site whose database is in that cluster."""
    with database(f"moment_map_test_{os.getpid()}", server_of(cluster)) as made:
        yield made


@pytest.fixture
def owner(settings: Settings) -> Iterator[Engine]:
    """An engine of the role that owns the tables; each connection is a new one, for old ones are killed."""
    made = create_engine(settings.owner_database_url, poolclass=NullPool)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def promises(settings: Settings) -> list[Promise]:
    """What can be pledged for: a moment, and three of its events."""
    engine = create_engine(settings.owner_database_url, poolclass=NullPool)
    start = utc_now() + timedelta(days=30)
    with Session(engine) as session, session.begin():
        moment = make_moment(session, starts_on=start.date(), ends_on=start.date())
        times = {"starts_at": start, "ends_at": start + timedelta(hours=4)}
        events = [make_event(session, moment=moment, **times) for _ in range(3)]
        return [Promise.at_home(moment.slug), *(Promise.of(each.public_id) for each in events)]


@pytest.fixture(scope="session")
def running(
    settings: Settings, promises: list[Promise], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """The site’s server and worker, as they really run."""
    with served(settings, tmp_path_factory.mktemp("local")) as site:
        yield site


@pytest.fixture
def site(running: LiveSite, cluster: Cluster) -> LiveSite:
    """The same, whatever the test before has killed."""
    cluster.start()
    for name, process in running.processes.items():
        if process.poll() is not None:
            running.start(name)
    running.wait()
    return running


@pytest.fixture
def pledgers(site: LiveSite, promises: list[Promise]) -> Pledgers:
    """People who pledge for as long as a “with” block lasts."""
    return Pledgers(site.settings, promises, PLEDGES_A_SECOND)
