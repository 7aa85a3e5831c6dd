"""The worker as a process: it starts at once, and stops when told to, having finished its job."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.mail.conftest import MailSink, mail_sink  # noqa: F401 -- a fixture
from webapp.config import Settings
from webapp.database import utc_now
from webapp.language import Language
from webapp.outbox import post_mail

ROOT = Path(__file__).parents[2]
WORKER = """
import threading
from webapp.app import create_app
from webapp.jobs import run_worker

def beside(stop: threading.Event) -> None:
    print("beside", flush=True)
    stop.wait()
    print("stopped", flush=True)

run_worker(create_app(), beside)
print("ended", flush=True)
"""


@pytest.fixture(autouse=True)
def clock() -> None:
    """Keep the real time: the worker is another process."""


def start(values: dict[str, Any]) -> subprocess.Popen[str]:
    names = {name.upper(): str(value) for name, value in values.items()}
    return subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env=os.environ | names,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def worker(settings: Settings, mail_sink: MailSink) -> Iterator[subprocess.Popen[str]]:  # noqa: F811 -- a fixture
    """A worker that sends to the tests’ mail server."""
    process = start(settings.model_dump(mode="json") | mail_sink.settings)
    assert process.stdout
    while "beside" not in process.stdout.readline():
        assert process.poll() is None
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def committed(settings: Settings) -> Iterator[Session]:
    """A session whose commits are real."""
    engine = create_engine(settings.database_url)
    with Session(engine) as session:
        yield session
        session.rollback()
        for table in ("procrastinate_periodic_defers", "procrastinate_jobs", "outgoing_mail"):
            session.execute(text(f"DELETE FROM {table}"))
        session.commit()
    engine.dispose()


def eventually(condition: Callable[[], bool], seconds: float = 10) -> float:
    """Wait until something is so; return how long that took."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() < begun + seconds, "it never happened"
        time.sleep(0.02)
    return time.monotonic() - begun


def post(session: Session) -> None:
    post_mail(
        session,
        "sign_in_code",
        to="a@example.org",
        language=Language.ENGLISH,
        send_before=utc_now() + timedelta(minutes=10),
        code="123456",
    )
    session.commit()


def wait_until_it_listens(session: Session) -> None:
    listening = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
    )

    def heard() -> bool:
        session.rollback()
        return session.execute(listening).scalar_one() > 0

    eventually(heard)


def test_a_code_is_on_its_way_within_a_second(
    worker: subprocess.Popen[str],
    committed: Session,
    mail_sink: MailSink,  # noqa: F811 -- a fixture
) -> None:
    wait_until_it_listens(committed)
    post(committed)
    assert eventually(lambda: bool(mail_sink.messages)) < 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_to_and_says_nothing_odd(
    worker: subprocess.Popen[str], committed: Session, number: signal.Signals
) -> None:
    wait_until_it_listens(committed)
    worker.send_signal(number)
    output, _ = worker.communicate(timeout=15)
    assert worker.returncode == 0
    assert output.splitlines() == ["stopped", "ended"]


def test_a_lost_connection_is_waited_for(
    worker: subprocess.Popen[str],
    committed: Session,
    mail_sink: MailSink,  # noqa: F811 -- a fixture
) -> None:
    wait_until_it_listens(committed)
    committed.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
            " datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
    )
    committed.commit()
    post(committed)
    eventually(lambda: bool(mail_sink.messages), seconds=20)
    assert worker.poll() is None
