"""Load on the pledges: one process with many kept connections, and as little work as it can have.

It shares the machine with the server and the database, so the figures are what those give that share.
"""

import asyncio
import json
import random
import statistics
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from bench.crowd import from_person, somebody

END_OF_HEADERS = b"\r\n\r\n"
LENGTH = b"content-length:"
TAKEN = b"HTTP/1.1 303"
GIVEN = b"HTTP/1.1 200"
PATIENCE_SECONDS = 30
# Less than the server keeps a connection that is not used.
KEPT_SECONDS = 1.0
CHANCE = random.Random(5)


@dataclass
class Measured:
    """What came of it: how many pledges were acknowledged, in what time, and how long each took."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def pledges(self) -> int:
        """How many were acknowledged."""
        return len(self.milliseconds)

    @property
    def a_second(self) -> float:
        """How many were acknowledged in a second."""
        return self.pledges / self.seconds

    def percentile(self, percent: int) -> float:
        """Return the time in milliseconds within which so many of a hundred were answered."""
        return statistics.quantiles(self.milliseconds, n=100)[percent - 1]


@dataclass(frozen=True)
class Tap:
    """One press of “I’m in”: where it is posted, and its nonce or where that is fetched."""

    path: str
    nonce: str = ""
    nonce_path: str = ""


class Connection(asyncio.Protocol):
    """A kept connection that asks one question at a time."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[bytes] | None = None
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self.used_at = time.perf_counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Gather an answer until it is whole."""
        self._received += data
        head, end, body = self._received.partition(END_OF_HEADERS)
        if end and len(body) >= _length(head) and self._answer and not self._answer.done():
            self.used_at = time.perf_counter()
            self._answer.set_result(self._received)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that nothing will come."""
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server closed the connection"))

    @property
    def is_open(self) -> bool:
        """Whether more can be asked."""
        return self._transport is not None

    @property
    def is_stale(self) -> bool:
        """Whether it lay idle for so long that the server may close it just now; then it is closed."""
        if self.is_open and time.perf_counter() < self.used_at + KEPT_SECONDS:
            return False
        self.close()
        return True

    async def ask(self, request: bytes) -> bytes:
        """Send a request and return the whole answer."""
        if self._transport is None:
            msg = "the server closed the connection"
            raise ConnectionError(msg)
        self._received = b""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Ask no more."""
        if self._transport is not None:
            self._transport.close()


def saturate(port: int, taps: Iterable[Tap], connections: int, seconds: float) -> Measured:
    """Send the next pledge on each connection as soon as the one before is answered."""

    async def run(measured: Measured) -> None:
        rest, end = iter(taps), time.perf_counter() + seconds

        async def keep_asking() -> None:
            connection = await _connected(port)
            for tap in rest:
                if time.perf_counter() >= end:
                    break
                connection = await _measure(measured, port, connection, tap, time.perf_counter())
            connection.close()

        await asyncio.gather(*(keep_asking() for _ in range(connections)))

    return _measured(run)


def at_rate(
    port: int, taps: Iterable[Tap], rate: float, connections: int, seconds: float
) -> Measured:
    """Send so many pledges a second, whether or not those before were answered.

    What has to wait for a connection waits as people would: its time counts from when it was due.
    """

    async def run(measured: Measured) -> None:
        # Made when needed: a server gives each new connection a thread until it has said something.
        free: list[Connection | None] = [None] * connections
        due: deque[tuple[Tap, float]] = deque()
        asking: set[asyncio.Task[None]] = set()

        async def ask(connection: Connection | None) -> None:
            while due:
                tap, start = due.popleft()
                if connection is None or connection.is_stale:
                    connection = await _connected(port)
                connection = await _measure(measured, port, connection, tap, start)
            free.append(connection)

        async for tap, start in _paced(taps, rate, seconds):
            due.append((tap, start))
            if free:
                task = asyncio.create_task(ask(free.pop()))
                asking.add(task)
                task.add_done_callback(asking.discard)
        await asyncio.gather(*asking)
        for connection in filter(None, free):
            connection.close()

    return _measured(run)


async def _paced(
    taps: Iterable[Tap], rate: float, seconds: float
) -> AsyncIterator[tuple[Tap, float]]:
    begin = time.perf_counter()
    for number, tap in enumerate(taps):
        start = begin + number / rate
        if start - begin >= seconds:
            break
        if (early := start - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        yield tap, start


def _measured(run: Callable[[Measured], Awaitable[None]]) -> Measured:
    measured = Measured()

    async def timed() -> None:
        start = time.perf_counter()
        await run(measured)
        measured.seconds = time.perf_counter() - start

    asyncio.run(timed())
    return measured


async def _measure(
    measured: Measured, port: int, connection: Connection, tap: Tap, start: float
) -> Connection:
    """Send one pledge and note what came of it; return the connection for the next one."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await _pledge(port, connection, tap)
    except (OSError, TimeoutError, RuntimeError) as error:
        measured.failures.append(str(error) or type(error).__name__)
        connection.close()
    else:
        measured.milliseconds.append((time.perf_counter() - start) * 1000)
    return connection if connection.is_open else await _connected(port)


async def _pledge(port: int, connection: Connection, tap: Tap) -> None:
    nonce = tap.nonce
    if not nonce:
        asked = f"GET {tap.nonce_path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        nonce = json.loads(_body(await connection.ask(asked.encode()), GIVEN))["nonce"]
    body = f"nonce={nonce}&party=2"
    request = (
        f"POST {tap.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Origin: http://127.0.0.1:{port}\r\n{from_person(somebody(CHANCE))}"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    _body(await connection.ask(request.encode()), TAKEN)


def _body(answer: bytes, wanted: bytes) -> bytes:
    if not answer.startswith(wanted):
        raise RuntimeError(answer.partition(b"\r\n")[0].decode())
    return answer.partition(END_OF_HEADERS)[2]


async def _connected(port: int) -> Connection:
    loop = asyncio.get_running_loop()
    return (await loop.create_connection(Connection, "127.0.0.1", port))[1]


def _length(head: bytes) -> int:
    found = head.lower().partition(LENGTH)[2].partition(b"\r\n")[0]
    return int(found or 0)
