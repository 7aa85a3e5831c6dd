"""People who pledge at a steady rate, keep what they were told, and try again until they are told."""

import asyncio
import json
import random
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from bench.pledge_load import END_OF_HEADERS, Connection
from webapp.config import Settings
from webapp.pledges.nonces import NonceSigner

CONNECTIONS = 48
# So many share a few tokens, as a family shares a tablet.
TOKENS, PART_WITH_TOKEN = 40, 0.3
PATIENCE_SECONDS, PAUSE_SECONDS = 15, 0.1
TICK_SECONDS = 0.02
END_SECONDS = 90


class WrongAnswerError(Exception):
    """The site answered what it should never answer, however ill it is."""


@dataclass(frozen=True)
class Promise:
    """What can be pledged for: where that is posted, and where its nonce is."""

    path: str
    nonce_path: str

    @classmethod
    def of(cls, public_id: str) -> Self:
        """Return that of coming to an event."""
        return cls(f"/events/{public_id}/pledge", f"/api/v1/pledges/nonce?event={public_id}")

    @classmethod
    def at_home(cls, slug: str) -> Self:
        """Return that of taking part at home."""
        return cls(f"/moments/{slug}/pledge", f"/api/v1/pledges/nonce?moment={slug}")


class Pledgers:
    """Them all; `acknowledged` has the party of each pledge that was answered with a receipt."""

    def __init__(self, settings: Settings, promises: list[Promise], a_second: float) -> None:
        self._host = urlsplit(settings.site_url).netloc
        self._signer = NonceSigner(settings.secret_key)
        self._promises, self._a_second = promises, a_second
        self._tokens = [uuid4() for _ in range(TOKENS)]
        self._random = random.Random(1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))
        self.acknowledged: dict[UUID, int] = {}
        self.tried_again = 0
        self.seconds = 0.0
        self.wrong: list[str] = []

    def __enter__(self) -> Self:
        """Let them come."""
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Let nobody else come, and wait until everybody has been answered."""
        self._stop.set()
        self._thread.join()

    def wait_for(self, more: int, seconds: float = 120) -> None:
        """Wait until so many more are acknowledged."""
        wanted, until = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < until, f"people are not answered any more; {self.wrong}"
            time.sleep(0.01)

    async def _all(self) -> None:
        begun = time.monotonic()
        due = asyncio.Semaphore(0)
        people = [asyncio.create_task(self._keep_pledging(due)) for _ in range(CONNECTIONS)]
        came = 0
        while not self._stop.is_set():
            await asyncio.sleep(TICK_SECONDS)
            while came < (time.monotonic() - begun) * self._a_second:
                due.release()
                came += 1
        for _ in people:
            due.release()
        _done, unanswered = await asyncio.wait(people, timeout=END_SECONDS)
        if unanswered:
            self.wrong.append(f"{len(unanswered)} people were never answered")
        for each in unanswered:
            each.cancel()
        self.seconds = time.monotonic() - begun

    async def _keep_pledging(self, due: asyncio.Semaphore) -> None:
        person = _Asking(self._host)
        while True:
            await due.acquire()
            if self._stop.is_set():
                break
            try:
                await self._pledge(person)
            except WrongAnswerError as error:
                self.wrong.append(str(error))
        person.close()

    async def _pledge(self, person: "_Asking") -> None:
        promise, party = self._random.choice(self._promises), self._random.randint(1, 12)
        fields = {"party": str(party)}
        if self._random.random() < PART_WITH_TOKEN:
            fields["participant"] = str(self._random.choice(self._tokens))
        token = await self._until_answered(lambda: person.nonce(promise))
        receipt = await self._until_answered(
            lambda: person.receipt(promise, fields | {"nonce": token})
        )
        key = self._signer.read_receipt(receipt).key
        if key in self.acknowledged:
            msg = "a receipt is about somebody else’s pledge"
            raise WrongAnswerError(msg)
        self.acknowledged[key] = party

    async def _until_answered(self, ask: Callable[[], Awaitable[str]]) -> str:
        while True:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    return await ask()
            except (OSError, TimeoutError):
                self.tried_again += 1
                await asyncio.sleep(PAUSE_SECONDS)


class _Asking:
    """One person’s browser, with a connection that is made anew where it breaks."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._connection: Connection | None = None

    def close(self) -> None:
        """Ask no more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def nonce(self, promise: Promise) -> str:
        """Ask for a nonce."""
        _head, body = await self._ask("GET", promise.nonce_path, "", "200")
        nonce: str = json.loads(body)["nonce"]
        return nonce

    async def receipt(self, promise: Promise, fields: dict[str, str]) -> str:
        """Pledge, and return the receipt."""
        head, _body = await self._ask("POST", promise.path, urlencode(fields), "303")
        where = next(line for line in head.splitlines() if line.lower().startswith("location:"))
        return where.partition("/pledges/")[2].partition("?")[0]

    async def _ask(self, method: str, path: str, body: str, wanted: str) -> tuple[str, str]:
        request = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\n"
        if body:
            request += (
                f"Origin: http://{self._host}\r\nContent-Length: {len(body)}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
            )
        try:
            answer = await (await self._connected()).ask(f"{request}\r\n{body}".encode())
        except BaseException:
            # What comes on it later would be taken for the answer to another question.
            self.close()
            raise
        head, _, rest = answer.decode().partition(END_OF_HEADERS.decode())
        return self._checked(head, wanted), rest

    def _checked(self, head: str, wanted: str) -> str:
        status = head.split(" ", 2)[1]
        if status == wanted:
            return head
        self.close()
        if status.startswith("5"):
            raise ConnectionError(status)
        raise WrongAnswerError(head.partition("\r\n")[0])

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.is_stale:
            host, _, port = self._host.partition(":")
            loop = asyncio.get_running_loop()
            self._connection = (await loop.create_connection(Connection, host, int(port)))[1]
        return self._connection
