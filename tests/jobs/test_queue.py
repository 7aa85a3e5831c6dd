"""The queue, with real commits: a worker has connections of its own."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from webapp.database import utc_now
from webapp.jobs import MAX_ATTEMPTS, enqueue, queue, run_waiting_jobs
from webapp.language import Language
from webapp.mail import mail_folder
from webapp.outbox import OutgoingMail, post_mail

SECRET = "987654"


@pytest.fixture
def committed(real_engine: Engine) -> Iterator[Session]:
    """A session whose commits are real."""
    with Session(real_engine) as session:
        yield session


def jobs(session: Session) -> list[Any]:
    """Return the jobs that send mail; the worker adds some of its own, by the clock."""
    session.rollback()
    statement = text(
        "SELECT task_name, args::text, status::text, attempts FROM procrastinate_jobs"
        " WHERE task_name = 'send_mail'"
    )
    return list(session.execute(statement))


def let_it_run(session: Session) -> None:
    """End the wait of all jobs; the database does not share the tests’ clock."""
    session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL"))
    session.commit()


def post(session: Session, to: str = "queue@example.org") -> None:
    post_mail(
        session,
        "sign_in_code",
        to=to,
        language=Language.ENGLISH,
        send_before=utc_now() + timedelta(minutes=10),
        code=SECRET,
    )


def test_a_job_exists_once_its_transaction_commits(committed: Session) -> None:
    post(committed)
    committed.commit()
    assert [job.task_name for job in jobs(committed)] == ["send_mail"]


def test_a_rollback_takes_the_job_back(committed: Session) -> None:
    post(committed)
    committed.rollback()
    assert jobs(committed) == []
    assert committed.execute(select(OutgoingMail)).first() is None


def test_a_rolled_back_savepoint_takes_its_jobs_alone(committed: Session) -> None:
    post(committed, "kept@example.org")
    with committed.begin_nested() as savepoint:
        post(committed, "undone@example.org")
        savepoint.rollback()
    committed.commit()
    assert len(jobs(committed)) == 1
    assert committed.execute(select(OutgoingMail.recipient)).scalars().all() == ["kept@example.org"]


def test_neither_code_nor_address_is_part_of_a_job(committed: Session) -> None:
    post(committed)
    committed.commit()
    (job,) = jobs(committed)
    assert SECRET not in job.args
    assert "example.org" not in job.args


def test_a_worker_sends_what_waits_and_leaves_nothing(
    app: Flask, committed: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        post(committed)
        committed.commit()
        run_waiting_jobs(app)
    files = mail_folder(app.config["SETTINGS"]).glob("*.eml")
    assert any(SECRET in file.read_text() for file in files)
    assert jobs(committed) == []
    assert committed.execute(select(OutgoingMail)).first() is None
    assert SECRET not in caplog.text
    assert "example.org" not in caplog.text


def test_a_job_that_fails_waits_and_is_tried_again(
    app: Flask, committed: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.mail.deliver", _broken)
    post(committed)
    committed.commit()
    run_waiting_jobs(app)
    (job,) = jobs(committed)
    assert (job.status, job.attempts) == ("todo", 1)
    run_waiting_jobs(app)
    assert jobs(committed) == [job], "it has to wait before the next attempt"


def test_a_job_that_always_fails_is_given_up_with_its_mail(
    app: Flask, committed: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.mail.deliver", _broken)
    post(committed)
    committed.commit()
    for _ in range(MAX_ATTEMPTS):
        let_it_run(committed)
        run_waiting_jobs(app)
    assert jobs(committed) == []
    assert committed.execute(select(OutgoingMail)).first() is None


def test_a_job_of_a_killed_worker_is_put_back(app: Flask, committed: Session) -> None:
    committed.execute(text(STALLED), {"args": f'{{"mail_id": "{uuid4()}"}}'})
    enqueue(committed, "restart_stalled_jobs", timestamp=0)
    committed.commit()
    run_waiting_jobs(app)
    let_it_run(committed)
    run_waiting_jobs(app)
    assert jobs(committed) == [], "put back, run, found its mail gone and ended"


def test_a_worker_knows_every_task_by_its_name(app: Flask, committed: Session) -> None:
    run_waiting_jobs(app)
    known = {"send_mail", "forget_stale_mail", "forget_codes", "restart_stalled_jobs"}
    assert known <= set(queue.tasks)


STALLED = """
    WITH worker AS (
        INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes')
        RETURNING id
    )
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
    SELECT 'default', 'send_mail', CAST(:args AS jsonb), 'doing', id FROM worker
"""


def _broken(*_given: Any) -> None:
    message = "the mail server is away"
    raise OSError(message)
