"""A publisher's server on this machine, which misbehaves as a test tells it to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


class Publisher:
    """Gives each path its answers, one for each question; the last again and again."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Message]] = []
        self._answers: dict[str, list[Answer]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @contextmanager
    def open(self) -> Iterator["Publisher"]:
        """Answer until the end of the block."""
        thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def answers(self, path: str, *answers: Answer) -> str:
        """Set what a path answers; returns its address."""
        self._answers[path] = list(answers)
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    @property
    def questions(self) -> list[Message]:
        """The headers of what was asked so far."""
        return [headers for _path, headers in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                publisher.asked.append((self.path, self.headers))
                queue = publisher._answers.get(path, [status(404)])
                answer = queue.pop(0) if len(queue) > 1 else queue[0]
                self.close_connection = True
                answer(self)

            def log_message(self, *_about: object) -> None:
                """Stay silent."""

        return Handler


def _send(
    to: BaseHTTPRequestHandler, code: int, body: bytes, length: int | None = None, **headers: str
) -> None:
    to.send_response(code)
    to.send_header("Content-Length", str(len(body) if length is None else length))
    to.send_header("Connection", "close")
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)


def status(code: int, **headers: str) -> Answer:
    """Answer with a status and a page that says nothing."""
    return lambda to: _send(to, code, b"<html>sorry</html>", **headers)


def whole(body: bytes, **headers: str) -> Answer:
    """Answer with all of a file, whatever was asked for."""
    return lambda to: _send(to, 200, body, **headers)


def as_json(value: object) -> Answer:
    """Answer with JSON."""
    return whole(json.dumps(value).encode())


def broken_off(body: bytes, after: int, **headers: str) -> Answer:
    """Answer with the first bytes of a file, and hang up."""
    return lambda to: _send(to, 200, body[:after], length=len(body), **headers)


def resumable(body: bytes, etag: str) -> Answer:
    """Answer as a good server does: the rest, nothing, or all."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        if to.headers.get("If-None-Match") == etag:
            to.send_response(304)
            to.send_header("Connection", "close")
            to.end_headers()
        elif to.headers.get("If-Range") == etag:
            start = int(to.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            if start >= len(body):
                _send(to, 416, b"", ETag=etag)
                return
            span = f"bytes {start}-{len(body) - 1}/{len(body)}"
            _send(to, 206, body[start:], ETag=etag, Content_Range=span)
        else:
            _send(to, 200, body, ETag=etag)

    return answer


def slow(body: bytes, pause: Callable[[], object]) -> Answer:
    """Answer with the first half of a file, and with the other after a pause."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        half = len(body) // 2
        to.send_response(200)
        to.send_header("Content-Length", str(len(body)))
        to.send_header("Connection", "close")
        to.end_headers()
        to.wfile.write(body[:half])
        to.wfile.flush()
        pause()
        # The one who asked may have hung up.
        try:
            to.wfile.write(body[half:])
        except OSError:
            return

    return answer
