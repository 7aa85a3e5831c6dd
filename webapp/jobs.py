"""The job queue, kept in PostgreSQL: a job exists exactly when the data it is about does.

A job is enqueued in the caller’s transaction, runs at least once, and is retried with growing
pauses. Its arguments are written to logs and tables, so they are ids, never addresses or codes.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from webapp.durability import warn_of_dangers
from webapp.extensions import db

if TYPE_CHECKING:
    from flask import Flask

logger = logging.getLogger(__name__)

# A loop that runs until the event is set.
Background = Callable[[threading.Event], None]

MAX_ATTEMPTS = 8
PAUSE_SECONDS = 5
CONCURRENT_JOBS = 4
# A job that a killed worker left behind starts again this long after its last sign of life.
STALLED_AFTER_SECONDS = 60

# Pauses of 4, 8, 16 … seconds: all attempts together span about eight minutes.
RETRY = RetryStrategy(max_attempts=MAX_ATTEMPTS - 1, exponential_wait=2)

# What workers run; a worker lends it a connector of its own.
queue = App(
    connector=SyncPsycopgConnector(),
    import_paths=[
        "webapp.mail",
        "webapp.accounts.tasks",
        "webapp.groups.tasks",
        "webapp.headcounts.tasks",
        "webapp.questions.tasks",
        "webapp.vouching.tasks",
        "webapp.asked_places.tasks",
        "webapp.moderation.tasks",
        "webapp.pictures.tasks",
        "webapp.drafts.tasks",
        "webapp.pledges.tasks",
        "webapp.pledges.contact_tasks",
        "webapp.corrections.tasks",
    ],
)
# What enqueues, also from within a job: on the connections that it is given, never on others.
_entrance = App(connector=SyncPsycopgConnector())


def enqueue(session: Session, task_name: str, **arguments: Any) -> None:
    """Add a job in the session’s transaction: a rollback takes it back with the rest."""
    session.flush()
    connection = session.connection().connection.driver_connection
    _entrance.configure_task(task_name, connection=connection).defer(**arguments)


def run_worker(app: "Flask", beside: Background) -> None:
    """Run jobs until SIGTERM or SIGINT, and another loop in a thread beside them.

    A job that runs is let finish; a lost database is waited for; a loop that breaks starts again.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_keep_running, args=(beside, stop), daemon=True)
    thread.start()
    try:
        asyncio.run(_serve(_itself(app), stop))
    finally:
        stop.set()
        thread.join(timeout=10)


def run_waiting_jobs(app: "Flask") -> None:
    """Run what is in the queue now, then return."""
    asyncio.run(_work(_itself(app), wait=False))


@queue.periodic(cron="* * * * *")
@queue.task(name="restart_stalled_jobs", pass_context=True)
async def restart_stalled_jobs(context: Any, timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Put back what killed workers left unfinished."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        # Another worker may have been faster.
        with suppress(ConnectorException):
            await manager.retry_job(job)


@queue.periodic(cron="* * * * *")
@queue.task(name="warn_of_dangers", queueing_lock="warn_of_dangers")
def warn_every_minute(timestamp: int) -> None:  # noqa: ARG001 -- given to all periodic tasks
    """Say in the log, until it is mended, what would let PostgreSQL lose a pledge that was answered."""
    warn_of_dangers(db.session)


def _itself(app: "Flask") -> "Flask":
    """Return the application behind `current_app`, which other threads do not know."""
    found: Flask = getattr(app, "_get_current_object", lambda: app)()
    return found


def _keep_running(loop: Background, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            loop(stop)
        except Exception:
            logger.exception("the loop beside the jobs broke and starts again")
        stop.wait(PAUSE_SECONDS)


async def _serve(app: "Flask", stop: threading.Event) -> None:
    running = asyncio.current_task()

    def _stop() -> None:
        stop.set()
        if running is not None:
            running.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _stop)
    try:
        while not stop.is_set():
            await _work_once(app)
            await asyncio.sleep(PAUSE_SECONDS)
    except asyncio.CancelledError:
        logger.info("the worker has stopped")


async def _work_once(app: "Flask") -> None:
    try:
        await _work(app, wait=True)
    except ConnectorException:
        logger.warning("the worker lost the database and tries again")


async def _work(app: "Flask", *, wait: bool) -> None:
    def in_app_context(run: Callable[[], Any], _context: Any, _worker: Any) -> Any:
        with app.app_context():
            return run()

    with queue.replace_connector(_connector(app)):
        async with queue.open_async() as worker:
            await worker.run_worker_async(
                wait=wait,
                concurrency=CONCURRENT_JOBS,
                delete_jobs="always",
                install_signal_handlers=False,
                shutdown_graceful_timeout=20,
                task_middleware=[in_app_context],
            )


def _connector(app: "Flask") -> PsycopgConnector:
    url = make_url(app.config["SETTINGS"].database_url).set(drivername="postgresql")
    return PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        min_size=1,
        max_size=CONCURRENT_JOBS + 2,
        timeout=10,
    )


# At INFO the library writes a line with its arguments for every job; failures are still told.
logging.getLogger("procrastinate").setLevel(logging.WARNING)
