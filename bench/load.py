"""A load generator: processes that each ask over one kept connection, one question at a time.

It runs on the machine of the server and takes processor time from it, so the figures are what a
server gives that has to share; with a connection for each process, no more are asked at once.
"""

import multiprocessing
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

ENOUGH_BYTES = 65_536
END_OF_HEADERS = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass(frozen=True)
class Load:
    """What a server did under load: answers a second and how long they took."""

    answers: int
    seconds: float
    milliseconds: list[float]

    @property
    def answers_a_second(self) -> float:
        """How many were answered in a second, over all connections."""
        return self.answers / self.seconds

    def percentile(self, percent: int) -> float:
        """Return the time in milliseconds within which so many of a hundred were answered."""
        return statistics.quantiles(self.milliseconds, n=100)[percent - 1]


def load(port: int, paths: Sequence[str], processes: int) -> Load:
    """Ask for every path once, divided between processes; each answer has to be a 200."""
    shares = [paths[number::processes] for number in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_warm_up, [port] * processes)
        start = time.perf_counter()
        times = pool.starmap(_ask_all, [(port, share) for share in shares], chunksize=1)
        seconds = time.perf_counter() - start
    every = [each for share in times for each in share]
    return Load(len(every), seconds, every)


def _warm_up(port: int) -> None:
    _ask_all(port, ["/healthz"] * 20)


def _ask_all(port: int, paths: Sequence[str]) -> list[float]:
    times = []
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for path in paths:
            start = time.perf_counter()
            connection.sendall(_request(path))
            _read_answer(connection, path)
            times.append((time.perf_counter() - start) * 1000)
    return times


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n\r\n".encode()


def _read_answer(connection: socket.socket, path: str) -> None:
    received = b""
    while END_OF_HEADERS not in received:
        received += _more(connection)
    head, _, body = received.partition(END_OF_HEADERS)
    if not head.startswith(b"HTTP/1.1 200"):
        status = head.partition(b"\r\n")[0].decode()
        msg = f"{path}: {status}"
        raise RuntimeError(msg)
    length = int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(ENOUGH_BYTES)
    if not part:
        msg = "the server closed the connection"
        raise ConnectionError(msg)
    return part
