import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dev.project import Project
from dev.site import _wait_until_it_answers, is_healthy
from dev.stop import Stop

Serve = Callable[[int, dict], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Let something answer at a port as a site would."""
    servers = []

    def start(status: int, said: dict) -> int:
        class Site(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())

            def log_message(self, *_arguments: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Site)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_port

    yield start
    for each in servers:
        each.shutdown()
        each.server_close()


def test_a_site_that_is_well_is_healthy(serve: Serve, project: Project):
    port = serve(200, {"status": "ok"})

    assert is_healthy(port)
    _wait_until_it_answers(project, {}, port)


def test_a_site_that_is_not_ready_is_not_waited_for(serve: Serve, project: Project):
    port = serve(
        503, {"status": "not ready", "reasons": ["PostgreSQL’s setting fsync is off: why."]}
    )

    assert not is_healthy(port)
    with pytest.raises(Stop, match="PostgreSQL’s setting fsync is off: why"):
        _wait_until_it_answers(project, {}, port)


def test_a_port_where_nobody_answers_is_no_site():
    assert not is_healthy(1)
