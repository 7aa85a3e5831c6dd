"""The site does not call itself ready where PostgreSQL could lose what it calls committed."""

import logging
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from dev.cluster import Cluster
from tests.kills.exactness import eventually
from tests.live import LiveSite
from webapp.app import create_app
from webapp.config import Settings
from webapp.durability import SENTENCES, dangers
from webapp.jobs import warn_every_minute

CASES = dict(zip(("fsync", "full_page_writes", "synchronous_commit"), SENTENCES, strict=False))


@pytest.fixture(params=CASES)
def turned_off(
    request: pytest.FixtureRequest, cluster: Cluster, settings: Settings
) -> Iterator[str]:
    """Turn a setting off, the last one for the site’s role alone; return the sentence about it."""
    name = request.param
    role = f"ROLE {make_url(settings.database_url).username}"
    whose = role if name == "synchronous_commit" else "SYSTEM"
    set_to(cluster, whose, f"SET {name} = off")
    yield CASES[name]
    set_to(cluster, whose, f"RESET {name}")


def set_to(cluster: Cluster, whose: str, change: str) -> None:
    # Apart: a change of the system may not be in a transaction with anything else.
    cluster.ask(f"ALTER {whose} {change}")
    cluster.ask("SELECT pg_reload_conf()")


def said_by(settings: Settings) -> list[str]:
    """Return the dangers that a new connection of the site’s sees."""
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with Session(engine) as session:
        return dangers(session)


def wait_until_seen(settings: Settings, sentences: list[str]) -> None:
    # The server reads its settings anew a moment after it is told to.
    eventually(lambda: said_by(settings) == sentences, "the setting is not taken up")


def test_it_is_not_ready_and_says_why(settings: Settings, turned_off: str) -> None:
    wait_until_seen(settings, [turned_off])
    answer = create_app(settings).test_client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "reasons": [turned_off]}
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_worker_says_so_in_its_log(
    settings: Settings, turned_off: str, caplog: pytest.LogCaptureFixture
) -> None:
    wait_until_seen(settings, [turned_off])
    with create_app(settings).app_context():
        warn_every_minute(timestamp=0)

    errors = [each.message for each in caplog.records if each.levelno == logging.ERROR]
    assert errors == [turned_off]


def test_a_server_that_runs_notices_and_is_ready_again_afterwards(
    site: LiveSite, cluster: Cluster
) -> None:
    def status() -> int:
        try:
            with urllib.request.urlopen(f"{site.url}/healthz", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    assert status() == 200
    set_to(cluster, "SYSTEM", "SET fsync = off")
    try:
        eventually(lambda: status() == 503, "it still calls itself ready")
    finally:
        set_to(cluster, "SYSTEM", "RESET fsync")
    eventually(lambda: status() == 200, "it is not ready again")


@pytest.mark.parametrize("value", ["on", "local", "remote_apply"])
def test_what_is_on_the_disk_before_it_is_answered_is_safe(
    cluster: Cluster, settings: Settings, value: str
) -> None:
    role = f"ROLE {make_url(settings.database_url).username}"
    set_to(cluster, role, f"SET synchronous_commit = {value}")
    try:
        assert said_by(settings) == []
    finally:
        set_to(cluster, role, "RESET synchronous_commit")


def test_a_server_as_dev_makes_it_is_safe(settings: Settings) -> None:
    assert said_by(settings) == []
