"""Neither what people type nor links of receipts stand in the server’s log: the real one, every log turned on."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dev.production import gunicorn_options
from tests.live import ROOT, environment, free_port
from webapp.config import Settings

START_SECONDS = 30


@dataclass
class Server:
    """A server that writes its logs into a file."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def send(self, request: str) -> bytes:
        """Send a request as it stands, and return the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request.encode())
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    def get(self, address: str, *headers: str) -> bytes:
        """Ask for an address as it stands."""
        lines = [f"GET {address} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
        return self.send("\r\n".join(lines) + "\r\n\r\n")

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(START_SECONDS * 10):
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        pytest.fail("the server did not start")

    def written(self) -> str:
        """End the server and return all that it wrote."""
        self.process.terminate()
        self.process.wait(timeout=30)
        return self.log.read_text()


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    port, log = free_port(), tmp_path / "server.log"
    everything = {
        "GUNICORN_CMD_ARGS": "--access-logfile - --log-level debug --access-logformat %(r)s"
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *gunicorn_options(f"127.0.0.1:{port}", 1, 2)],
            cwd=ROOT,
            env=os.environ | environment(settings) | everything,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(port, log, process)
    try:
        server.wait()
        yield server
    finally:
        process.kill()
        process.wait(timeout=30)


def test_no_query_and_no_receipt_is_written_down_even_of_requests_that_fail(server: Server) -> None:
    answers = [
        server.get("/places/suggest?q=OL16%201ZX"),
        server.get("/cy/places/suggest?q=ol161zx"),
        server.get("/places/suggest?q=OL16 1ZX"),
        server.get("/nowhere?q=OL16+1ZX", "Referer: http://localhost/events?postcode=OL16+1ZX"),
        server.get("/pledges/Kx7"),
    ]
    statuses = [answer.split(b" ", 2)[1] for answer in answers]
    assert statuses == [b"200", b"200", b"400", b"404", b"404"]
    assert b"no-store" in answers[0]
    written = server.written()
    assert '"GET /places/suggest" 200' in written
    assert '"GET /pledges/…" 404' in written
    assert "Kx7" not in written
    assert "Invalid request from ip=127.0.0.1" in written
    assert "1ZX" not in written.upper().replace("%20", " ")
    assert "OL16" not in written.upper()
