"""The real thing: gunicorn and a worker as their own processes, on a database of their own."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.production import gunicorn_options
from dev.programs import end_process
from tests.database import empty_database
from webapp.config import Settings

ROOT = Path(__file__).parents[1]
START_SECONDS = 90
MAIL_SECONDS = 15
WORKERS, THREADS = 2, 16


@dataclass(frozen=True)
class LiveSite:
    """A site that runs; its moment is the seeds’ coming Neighbours’ Day."""

    url: str
    settings: Settings
    processes: dict[str, subprocess.Popen[bytes]]

    def code_for(self, address: str) -> str:
        """Return the six digits of the newest mail to an address, waiting for it."""
        folder = self.settings.local_folder / "mail"
        for _ in range(MAIL_SECONDS * 10):
            for path in sorted(folder.glob("*"), reverse=True):
                text = path.read_text()
                if address in text and (found := re.search(r"^(\d{6})\s*$", text, re.MULTILINE)):
                    return found[1]
            time.sleep(0.1)
        message = f"no mail with a code came for {address}"
        raise AssertionError(message)

    def start(self, name: str, **environ: str) -> None:
        """Start one of its processes, or start it again: “web”, “worker”, or “worker-2” and so on."""
        address = self.url.removeprefix("http://")
        arguments = {
            "web": ["gunicorn", "--log-level=error", *gunicorn_options(address, WORKERS, THREADS)],
            "worker": ["flask", "--app", "webapp.app", "worker"],
        }
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", *arguments[name.partition("-")[0]]],
            cwd=ROOT,
            env=environment(self.settings) | environ,
            # Of its own, so that all of it can be ended together.
            start_new_session=True,
        )

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(START_SECONDS * 10):
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except urllib.error.HTTPError as answer:
                # A server for tests may be quick rather than safe.
                if b"not ready" in answer.read():
                    return
                time.sleep(0.1)
            except OSError:
                time.sleep(0.1)
        message = "the site did not start"
        raise AssertionError(message)


@contextmanager
def live_site(name: str, folder: Path) -> Iterator[LiveSite]:
    """Run a site with the real moments and the whole gazetteer; end it afterwards."""
    with empty_database(name) as made:
        for command in (["database", "upgrade"], ["seed"]):
            _flask(made.model_copy(update={"local_folder": folder}), *command)
        with served(made, folder) as site:
            yield site


@contextmanager
def served(made: Settings, folder: Path) -> Iterator[LiveSite]:
    """Run the site of a database at a free port, as a real one runs; end it afterwards."""
    url = f"http://127.0.0.1:{free_port()}"
    changes = {"site_url": url, "local_folder": folder, "takes_pledges_together": True}
    site = LiveSite(url, made.model_copy(update=changes), {})
    try:
        site.start("web")
        site.start("worker")
        site.wait()
        yield site
    finally:
        for process in site.processes.values():
            end_process(process, seconds=30)


def _flask(settings: Settings, *command: str) -> None:
    # In a process of its own: Flask’s contexts do not go with the loop of a browser’s driver.
    line = [sys.executable, "-m", "flask", "--app", "webapp.app", *command]
    subprocess.run(line, cwd=ROOT, env=environment(settings), check=True, capture_output=True)


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings as a process reads them."""
    values = {key.upper(): str(value) for key, value in settings.model_dump().items()}
    return {**os.environ, **values}


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
