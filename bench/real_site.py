"""The site as it runs for real, for as long as a benchmark needs it: server and worker, on loopback."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from dev.production import gunicorn_options, workers_and_threads
from tests.live import ROOT, environment, free_port
from webapp.config import Environment, Settings

START_SECONDS, STOP_SECONDS = 30, 40
WORKERS, THREADS = workers_and_threads()


@contextmanager
def real_site(made: Settings) -> Iterator[Settings]:
    """Serve a database’s site at a free port, with a worker; its settings name the address."""
    with tempfile.TemporaryDirectory() as folder:
        changes = {
            "environment": Environment.PRODUCTION,
            "site_url": f"http://127.0.0.1:{free_port()}",
            "local_folder": Path(folder),
            "takes_pledges_together": True,
        }
        settings = made.model_copy(update=changes)
        started: list[subprocess.Popen[bytes]] = []
        try:
            started += [_start(settings, *command) for command in _commands(settings)]
            _wait(settings)
            yield settings
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=STOP_SECONDS)


def port_of(settings: Settings) -> int:
    """Return the port that a site is served at."""
    return urlsplit(settings.site_url).port or 80


def _commands(settings: Settings) -> list[list[str]]:
    bind = f"127.0.0.1:{port_of(settings)}"
    return [
        ["gunicorn", "--log-level=error", *gunicorn_options(bind, WORKERS, THREADS)],
        ["flask", "--app", "webapp.app", "worker"],
    ]


def _start(settings: Settings, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment(settings),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _wait(settings: Settings) -> None:
    for _ in range(START_SECONDS * 10):
        try:
            with urllib.request.urlopen(f"{settings.site_url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    msg = "the site did not start"
    raise RuntimeError(msg)
