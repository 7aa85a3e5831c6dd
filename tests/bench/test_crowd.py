"""The crowd asks when people do, and measures from when they wanted to ask."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise, repeat

import pytest

from bench.crowd import Answered, Ask, Crowd, due_times, is_whole, percentile


def test_people_come_at_a_rate_but_not_in_step():
    times = list(due_times(rate=100, seconds=20, seed=1))

    assert 1_800 < len(times) < 2_200
    assert times == sorted(times)
    gaps = {round(later - earlier, 4) for earlier, later in pairwise(times)}
    assert len(gaps) > 100


@pytest.mark.parametrize(
    ("head", "body", "is_all"),
    [
        (b"http/1.1 200 ok\r\ncontent-length: 5", b"12345", True),
        (b"http/1.1 200 ok\r\ncontent-length: 5\r\nvia: x", b"1234", False),
        (b"http/1.1 200 ok\r\ntransfer-encoding: chunked", b"1\r\nx\r\n", False),
        (b"http/1.1 200 ok\r\ntransfer-encoding: chunked", b"1\r\nx\r\n0\r\n\r\n", True),
        (b"http/1.1 204 no content", b"", True),
    ],
)
def test_an_answer_is_whole_when_its_head_says_so(head, body, is_all):
    assert is_whole(head, body) is is_all


def test_a_percentile():
    assert percentile([float(n) for n in range(1, 1001)], 99) == pytest.approx(991, abs=1)


def test_what_several_processes_measured_is_added_up():
    one, other = Answered(seconds=2, cpu_seconds=1), Answered(seconds=2, cpu_seconds=0.5)
    one.milliseconds["count"], other.milliseconds["count"] = [1.0], [2.0]
    other.failures["count: 500"] = 3

    one.add(other)

    assert (one.seconds, one.cpu_seconds) == (2, 1.5)
    assert one.milliseconds == {"count": [1.0, 2.0]}
    assert one.failures == {"count: 500": 3}


@contextmanager
def _server(pause: float, status: str = "200 OK") -> Iterator[int]:
    """Answer everybody after a pause, one after the other."""
    lock = asyncio.Lock()

    async def answer(reader, writer):
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                async with lock:
                    await asyncio.sleep(pause)
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok".encode())
        except asyncio.IncompleteReadError:
            writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(answer, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


ASK = Ask("page", b"GET / HTTP/1.1\r\n\r\n")


def test_who_waits_behind_a_slow_answer_has_waited_since_they_wanted_to_ask():
    # Ten a second can be answered, twenty are asked: each waits longer than the one before.
    with _server(pause=0.1) as port:
        crowd = Crowd(port, "localhost", most_lines=2, warm_seconds=0)
        answered = crowd.run(repeat(ASK), rate=20, seconds=1, seed=2)

    times = answered.milliseconds["page"]
    assert not answered.failures
    assert len(times) == answered.acknowledged["page"] > 12
    assert max(times) > 600


def test_what_is_not_as_wanted_is_a_failure():
    with _server(pause=0, status="503 Busy") as port:
        crowd = Crowd(port, "localhost", most_lines=2, warm_seconds=0)
        answered = crowd.run(repeat(ASK), rate=20, seconds=0.5, seed=2)

    assert answered.failures["page: 503"] == answered.failures.total() > 3
    assert not answered.milliseconds
