"""The site as it runs for real, for as long as a benchmark needs it: server and worker, on loopback."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dev.production import gunicorn_options, workers_and_threads
from tests.live import ROOT, environment, free_port
from webapp.config import Environment, Settings

START_SECONDS, STOP_SECONDS = 30, 40
WORKERS, THREADS = workers_and_threads()


@dataclass(frozen=True)
class RunningSite:
    """A site that runs: its settings, where its server listens, and its processes by their names."""

    settings: Settings
    port: int
    processes: dict[str, subprocess.Popen[bytes]]


@contextmanager
def real_site(made: Settings) -> Iterator[Settings]:
    """Serve a database’s site at a free port, with a worker; its settings name the address."""
    with running_site(made) as site:
        yield site.settings


@contextmanager
def running_site(
    made: Settings, *, has_worker: bool = True, web_workers: int = WORKERS, **changes: object
) -> Iterator[RunningSite]:
    """Serve a database’s site at a free port, with some of its settings changed."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        usual = {
            "environment": Environment.PRODUCTION,
            "site_url": f"http://127.0.0.1:{port}",
            "local_folder": Path(folder),
            "takes_pledges_together": True,
        }
        settings = made.model_copy(update=usual | changes)
        site = RunningSite(settings, port, {})
        commands = {"site": _server(port, web_workers)} | ({"worker": WORKER} if has_worker else {})
        try:
            for name, command in commands.items():
                site.processes[name] = _start(settings, *command)
            _wait(site)
            yield site
        finally:
            for process in site.processes.values():
                process.terminate()
            for process in site.processes.values():
                process.wait(timeout=STOP_SECONDS)


def port_of(settings: Settings) -> int:
    """Return the port that a site is served at."""
    return urlsplit(settings.site_url).port or 80


WORKER = ["flask", "--app", "webapp.app", "worker"]


def _server(port: int, web_workers: int) -> list[str]:
    options = gunicorn_options(f"127.0.0.1:{port}", web_workers, THREADS)
    return ["gunicorn", "--log-level=error", *options]


def _start(settings: Settings, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment(settings),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _wait(site: RunningSite) -> None:
    # By the name that it knows itself by, whatever port it has.
    named = {"Host": urlsplit(site.settings.site_url).netloc}
    asked = urllib.request.Request(f"http://127.0.0.1:{site.port}/healthz", headers=named)
    for _ in range(START_SECONDS * 10):
        try:
            with urllib.request.urlopen(asked, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    msg = "the site did not start"
    raise RuntimeError(msg)
