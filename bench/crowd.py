"""A crowd of people who ask when they please: questions at given times, whether or not others are answered.

Each time counts from when a question was due, so that a slow answer makes those behind it slow as well,
as it does for people (no coordinated omission). One process with kept connections, and as
little work as it can have.
"""

import asyncio
import random
import resource
import statistics
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

END_OF_HEADERS = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length: "
CLOSES = b"\r\nconnection: close"
LAST_CHUNK = b"0\r\n\r\n"
# What is not answered so long after the last question was due has failed.
PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: its kind, its bytes, the status it wants.

    Of a pledge they ask for its nonce; `then` says where that is posted, and `person` from what address.
    """

    kind: str
    request: bytes
    wanted: bytes = b"200"
    then: str = ""
    person: str = ""


@dataclass
class Answered:
    """What came of it: milliseconds by kind, failures, and the part of a core that the asking took."""

    seconds: float = 0.0
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[str] = field(default_factory=Counter)
    cpu_seconds: float = 0.0
    # Acknowledged in all, those of the first seconds included, which are not measured.
    acknowledged: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Answered") -> None:
        """Add what came of what another process asked at the same time."""
        self.seconds = max(self.seconds, other.seconds)
        self.failures += other.failures
        self.acknowledged += other.acknowledged
        self.cpu_seconds += other.cpu_seconds
        for kind, times in other.milliseconds.items():
            self.milliseconds[kind] += times


def percentile(milliseconds: list[float], percent: int) -> float:
    """Return the time within which so many of a hundred were answered."""
    return statistics.quantiles(milliseconds, n=100)[percent - 1]


def somebody(chance: random.Random) -> str:
    """Return an address of the internet: so many pledges from one would be held."""
    return f"81.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"


def from_person(address: str) -> str:
    """Return the header by which a proxy or a site on loopback knows who asks."""
    return f"X-Forwarded-For: {address}\r\n" if address else ""


def due_times(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """Return when to ask: so often a second on average, as people do who know nothing of one another."""
    gaps = random.Random(seed)
    at = gaps.expovariate(rate)
    while at < seconds:
        yield at
        at += gaps.expovariate(rate)


class Line(asyncio.Protocol):
    """A kept connection that asks one question at a time."""

    def __init__(self, crowd: "Crowd") -> None:
        self._crowd = crowd
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self.ask: Ask | None = None
        self.due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, ask: Ask, due: float) -> None:
        """Send a question that was due at a time."""
        assert self._transport is not None
        self.ask, self.due = ask, due
        self._transport.write(ask.request)

    def data_received(self, data: bytes) -> None:
        """Gather an answer until it is whole."""
        self._received += data
        head, end, body = self._received.partition(END_OF_HEADERS)
        if not end or self.ask is None:
            return
        head = head.lower()
        if is_whole(head, body):
            ask, self.ask = self.ask, None
            self._received = bytearray()
            if CLOSES in head and self._transport is not None:
                self._transport.close()
                self._transport = None
            self._crowd.answered(self, ask, bytes(head[9:12]), body)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the crowd what will not be answered."""
        self._transport = None
        if self.ask is not None:
            self._crowd.failed(self.ask, str(exc or "the connection was closed"))
        self._crowd.lost(self)

    @property
    def is_open(self) -> bool:
        """Whether more can be asked."""
        return self._transport is not None

    def close(self) -> None:
        """Ask no more."""
        self.ask = None
        if self._transport is not None:
            self._transport.close()


def is_whole(head: bytes | bytearray, body: bytes | bytearray) -> bool:
    """Tell whether all of an answer is there; its head is in small letters."""
    before, found, rest = head.partition(LENGTH)
    if found:
        return len(body) >= int(rest.partition(b"\r\n")[0])
    return body.endswith(LAST_CHUNK) if b"chunked" in before else True


class Crowd:
    """Asks over a number of connections, the longest unused first, and measures the answers."""

    def __init__(self, port: int, host: str, most_lines: int, warm_seconds: float) -> None:
        self._port, self._host, self._most = port, host, most_lines
        self._warm = warm_seconds
        self._free: deque[Line] = deque()
        self._waiting: deque[tuple[Ask, float]] = deque()
        self._lines: set[Line] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._begin = 0.0
        self._answered = Answered()

    def run(self, asks: Iterator[Ask], rate: float, seconds: float, seed: int) -> Answered:
        """Ask at a rate for some seconds after those that are not measured; return what came of it."""
        asyncio.run(self._run(asks, rate, seconds, seed))
        used = resource.getrusage(resource.RUSAGE_SELF)
        self._answered.cpu_seconds = used.ru_utime + used.ru_stime
        self._answered.seconds = seconds
        return self._answered

    async def _run(self, asks: Iterator[Ask], rate: float, seconds: float, seed: int) -> None:
        # Each person has a connection; a few shared ones would wait for what nginx does behind an answer.
        await asyncio.gather(*(self._open() for _ in range(self._most)))
        begin = self._begin = time.perf_counter()
        for at in due_times(rate, self._warm + seconds, seed):
            if (early := begin + at - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            self._waiting.append((next(asks), begin + at))
            self._send_waiting()
        await self._settle()
        for line in self._lines.copy():
            line.close()

    async def _settle(self) -> None:
        """Wait until all is answered, or patience ends."""
        end = time.perf_counter() + PATIENCE_SECONDS
        while self._waiting or any(line.ask for line in self._lines):
            if time.perf_counter() > end:
                for ask, _due in self._waiting:
                    self.failed(ask, "not sent in time")
                for line in self._lines:
                    if line.ask:
                        self.failed(line.ask, "not answered in time")
                break
            await asyncio.sleep(0.05)

    def answered(self, line: Line, ask: Ask, status: bytes, body: bytearray) -> None:
        """Note an answer; a nonce goes back at once, as a pledge."""
        if status != ask.wanted:
            self.failed(ask, status.decode(errors="replace"))
        elif ask.then:
            line_is_open = line.is_open
            pledge = self._pledge(ask, body)
            if line_is_open:
                line.send(pledge, line.due)
                return
            self._waiting.appendleft((pledge, line.due))
        else:
            self._answered.acknowledged[ask.kind] += 1
            if line.due >= self._begin + self._warm:
                spent = time.perf_counter() - line.due
                self._answered.milliseconds[ask.kind].append(spent * 1000)
        if line.is_open:
            self._free.append(line)
        self._send_waiting()

    def _pledge(self, ask: Ask, answer: bytearray) -> Ask:
        nonce = answer.partition(b'"nonce":')[2].partition(b'"')[2].partition(b'"')[0].decode()
        body = f"nonce={nonce}&party=2"
        request = (
            f"POST {ask.then} HTTP/1.1\r\nHost: {self._host}\r\nOrigin: http://{self._host}\r\n"
            f"{from_person(ask.person)}Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        return Ask(ask.kind, request.encode(), wanted=b"303")

    def failed(self, ask: Ask, why: str) -> None:
        """Note what was not answered as it should have been."""
        self._answered.failures[f"{ask.kind}: {why}"] += 1

    def lost(self, line: Line) -> None:
        """Forget a connection that is closed."""
        self._lines.discard(line)
        if line in self._free:
            self._free.remove(line)
        self._send_waiting()

    def _send_waiting(self) -> None:
        while self._waiting and self._free:
            self._free.popleft().send(*self._waiting.popleft())
        lacking = len(self._waiting) - len(self._opening)
        room = self._most - len(self._lines) - len(self._opening)
        for _ in range(min(lacking, room)):
            task = asyncio.create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            made = await loop.create_connection(lambda: Line(self), "127.0.0.1", self._port)
        except OSError as error:
            if self._waiting:
                self.failed(self._waiting.popleft()[0], str(error))
            return
        self._lines.add(made[1])
        self._free.append(made[1])
        self._send_waiting()
