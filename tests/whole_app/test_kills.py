"""Web and worker processes are killed while people pledge: each pledge is there exactly once."""

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text

from tests.live import LiveSite, live_site
from webapp.moments.models import Moment

KILLS = 10 if os.environ.get("SOAK") else 2
PLEDGERS = 4
CATCH_UP_SECONDS = 20


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leave a redirect unfollowed: it is the answer."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


opener = urllib.request.build_opener(NoRedirect)


@pytest.fixture
def clock() -> None:
    """Leave the clock alone: the site is other processes, with the real time."""


class Pledgers:
    """People who pledge at home until told to stop, and try again until they are answered."""

    def __init__(self, site: LiveSite, slug: str) -> None:
        self.site, self.slug = site, slug
        self.stop = threading.Event()
        self.acknowledged = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.keep_pledging) for _ in range(PLEDGERS)]

    def keep_pledging(self) -> None:
        while not self.stop.is_set():
            nonce = self.until_answered(self.fetch_nonce)
            self.until_answered(lambda nonce=nonce: self.pledge(nonce))
            with self.lock:
                self.acknowledged += 1

    def until_answered(self, ask: object) -> str:
        while True:
            try:
                return ask()  # type: ignore[operator]  # something to ask
            except (OSError, HTTPException):
                time.sleep(0.05)

    def fetch_nonce(self) -> str:
        url = f"{self.site.url}/api/v1/pledges/nonce?moment={self.slug}"
        with opener.open(url, timeout=5) as answer:
            nonce: str = json.load(answer)["nonce"]
            return nonce

    def pledge(self, nonce: str) -> str:
        body = urllib.parse.urlencode({"nonce": nonce, "party": "1"}).encode()
        url = f"{self.site.url}/moments/{self.slug}/pledge"
        try:
            opener.open(urllib.request.Request(url, body), timeout=5).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            if answer.code == 303:
                return answer.headers["Location"]
            raise
        message = "a pledge was answered without a receipt"
        raise AssertionError(message)


def children(process: int) -> list[int]:
    return [
        int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def kill_in_turn(site: LiveSite) -> None:
    for _ in range(KILLS):
        time.sleep(1)
        for web in children(site.processes["web"].pid):
            os.kill(web, signal.SIGKILL)
        time.sleep(1)
        site.processes["worker"].kill()
        site.processes["worker"].wait()
        site.start("worker")


def tallied(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(
            text("SELECT coalesce(sum(heads), 0) FROM moment_tally")
        ).scalar_one()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the processes in /proc")
def test_killed_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    with live_site(f"moment_map_test_kills_{os.getpid()}", tmp_path) as site:
        engine = create_engine(site.settings.database_url)
        with engine.connect() as connection:
            upcoming = select(Moment.slug).order_by(Moment.starts_on.desc()).limit(1)
            pledgers = Pledgers(site, connection.execute(upcoming).scalar_one())
        for thread in pledgers.threads:
            thread.start()
        kill_in_turn(site)
        pledgers.stop.set()
        for thread in pledgers.threads:
            thread.join()

        with engine.connect() as connection:
            written = connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar_one()
        assert pledgers.acknowledged > KILLS
        assert written == pledgers.acknowledged
        for _ in range(CATCH_UP_SECONDS * 10):
            if tallied(engine) == written:
                break
            time.sleep(0.1)
        assert tallied(engine) == written
        engine.dispose()
