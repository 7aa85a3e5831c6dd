"""Workers are killed while they send: nobody gets a message twice, but for the gap that is promised.

A worker that is killed between the server’s “250” and noting it sends that message again, under the
same Message-ID. It can be in that gap with as many messages as it sends at once.
"""

import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.jobs.test_worker import eventually, start
from tests.mail.conftest import MailSink, mail_sink  # noqa: F401 -- a fixture
from webapp.config import Settings
from webapp.database import utc_now
from webapp.headcounts.actions import ask_hosts
from webapp.jobs import CONCURRENT_JOBS, enqueue
from webapp.outbox import OutgoingMail

EVENTS, KILLS = 24, 2

StartWorker = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def clock() -> None:
    """Keep the real time: the workers are other processes."""


@pytest.fixture
def worker(settings: Settings, mail_sink: MailSink) -> Iterator[StartWorker]:  # noqa: F811 -- a fixture
    """Start workers that send to the tests’ mail server; end them all afterwards."""
    started: list[subprocess.Popen[str]] = []

    def run() -> "subprocess.Popen[str]":
        process = start(settings.model_dump(mode="json") | mail_sink.settings)
        started.append(process)
        assert process.stdout
        assert "beside" in process.stdout.readline()
        return process

    yield run
    for process in started:
        kill(process)


def kill(process: "subprocess.Popen[str]") -> None:
    """Kill a worker as the kernel would: it can note nothing any more."""
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def ask(real_engine: Engine, events: int) -> None:
    """Ask the hosts of some events that were on yesterday how many came."""
    yesterday = utc_now() - timedelta(days=1, hours=1)
    times = {"starts_at": yesterday - timedelta(hours=2), "ends_at": yesterday}
    with Session(real_engine) as session:
        moment, group = make_moment(session), make_group(session)
        for number in range(events):
            make_event(session, moment=moment, group=group, title=f"Party {number}", **times)
        assert ask_hosts(session, utc_now()) == events
        session.commit()


def put_back(real_engine: Engine) -> None:
    """Let jobs of killed workers start again at once, instead of after a minute without a sign."""
    with Session(real_engine) as session:
        session.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        )
        enqueue(session, "restart_stalled_jobs", timestamp=0)
        session.commit()


def waiting(real_engine: Engine) -> int:
    with Session(real_engine) as session:
        return len(session.scalars(select(OutgoingMail.id)).all())


def test_messages_are_sent_once_but_for_those_in_the_gap(
    real_engine: Engine,
    worker: StartWorker,
    mail_sink: MailSink,  # noqa: F811 -- a fixture
) -> None:
    ask(real_engine, EVENTS)
    mail_sink.delay_seconds = 0.05
    for number in range(1, KILLS + 1):
        process = worker()
        wanted = number * EVENTS // (KILLS + 1)
        eventually(lambda wanted=wanted: len(mail_sink.messages) >= wanted, seconds=20)
        kill(process)
        put_back(real_engine)

    worker()
    eventually(lambda: waiting(real_engine) == 0, seconds=30)

    ids = defaultdict(set)
    for each in mail_sink.messages:
        ids[each["Subject"]].add(each["Message-ID"])
    assert set(ids) == {f"About how many came? Party {number}" for number in range(EVENTS)}
    assert all(len(each) == 1 for each in ids.values())
    times = Counter(each["Message-ID"] for each in mail_sink.messages)
    assert sum(times.values()) - EVENTS <= KILLS * CONCURRENT_JOBS
    assert waiting(real_engine) == 0


def test_a_message_that_the_server_had_not_taken_is_sent_once(
    real_engine: Engine,
    worker: StartWorker,
    mail_sink: MailSink,  # noqa: F811 -- a fixture
) -> None:
    ask(real_engine, 1)
    mail_sink.delay_seconds = 30
    process = worker()
    eventually(lambda: mail_sink.conversations == 1, seconds=20)
    kill(process)
    assert mail_sink.messages == []
    mail_sink.delay_seconds = 0
    put_back(real_engine)

    worker()
    eventually(lambda: waiting(real_engine) == 0, seconds=30)

    assert len(mail_sink.messages) == 1


def test_a_message_that_was_noted_is_not_sent_again(
    real_engine: Engine,
    worker: StartWorker,
    mail_sink: MailSink,  # noqa: F811 -- a fixture
) -> None:
    ask(real_engine, 3)
    process = worker()
    eventually(lambda: waiting(real_engine) == 0, seconds=20)
    kill(process)
    put_back(real_engine)

    worker()
    ask_again = utc_now()
    with Session(real_engine) as session:
        assert ask_hosts(session, ask_again) == 0
        finished = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_mail'")
        eventually(lambda: session.execute(finished).scalar_one() == 0, seconds=20)

    assert len(mail_sink.messages) == 3
