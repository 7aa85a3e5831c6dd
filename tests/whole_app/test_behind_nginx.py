"""What nginx, set up as docs/deploy.md says, shows of a page that has gone, and what it writes down."""

import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, abort
from werkzeug.serving import BaseWSGIServer, make_server

from bench.proxy import NAME, Proxy, ProxyMissingError, nginx_before, program
from webapp.config import Settings
from webapp.security import init_security, public

# Kept for one second, nginx calls a page stale once two have begun.
STALE_AFTER = 2.1
PATIENCE_SECONDS = 10


def has_nginx() -> bool:
    """Tell whether there is an nginx to try."""
    try:
        program()
    except ProxyMissingError:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_nginx(), reason="there is no nginx here")


@dataclass
class Behind:
    """A site of pages that can go, and the nginx before it."""

    server: BaseWSGIServer
    proxy: Proxy
    gone: set[str] = field(default_factory=set)

    def status(self, name: str) -> int:
        """Ask nginx for an event; return the answer’s status."""
        return self.ask(f"events/{name}")

    def ask(self, path: str) -> int:
        """Ask nginx for a page; return the answer’s status."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.proxy.port}/{path}", headers={"Host": NAME}
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self) -> None:
        """End the site; nginx stays."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def behind(settings: Settings) -> Iterator[Behind]:
    app = Flask("pages")
    app.config.update(SETTINGS=settings, CONTENT_SECURITY_POLICY="default-src 'none'")
    init_security(app)
    gone: set[str] = set()

    @app.get("/events/<name>")
    @public(max_age=1)
    def show(name: str) -> str:
        return abort(404) if name in gone else name

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with nginx_before(server.port) as proxy:
        made = Behind(server, proxy, gone)
        yield made
        made.stop()
    thread.join()


def test_an_event_that_is_hidden_is_soon_gone_for_everybody_and_comes_back_for_nobody(
    behind: Behind,
) -> None:
    assert behind.status("elm") == 200
    behind.gone.add("elm")
    time.sleep(STALE_AFTER)
    behind.status("elm")  # who comes first may be shown the old one, while a newer one is made

    end = time.monotonic() + PATIENCE_SECONDS
    while behind.status("elm") != 404:
        assert time.monotonic() < end
        time.sleep(0.1)
    behind.stop()
    assert behind.status("elm") == 404


def test_what_nobody_has_asked_for_in_a_while_is_made_anew_and_shown_while_the_site_is_down(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.security.STALE_SECONDS", 1)
    assert [behind.status(name) for name in ("elm", "oak")] == [200, 200]
    behind.gone.add("elm")
    time.sleep(STALE_AFTER + 1)

    assert behind.status("elm") == 404
    behind.stop()
    assert behind.status("oak") == 200


def test_nginx_writes_down_no_link_that_is_somebodys_alone_and_no_query(behind: Behind) -> None:
    for path in ("pledges/Kx7", "cy/hide/Kx7?via=Kx7", "in/Kx7/Kx7", "events/elm?postcode=Kx7"):
        behind.ask(path)
    behind.stop()
    # Nor what fails.
    behind.ask("reminders/Kx7/stop")
    behind.proxy.process.terminate()
    behind.proxy.process.wait()

    logs = "".join(path.read_text() for path in behind.proxy.folder.glob("*.log"))
    assert "Kx7" not in logs
    told = re.findall(r'"(GET .+?)" (\d+)', logs)
    assert told == [
        ("GET /pledges/...", "404"), ("GET /cy/hide/...", "404"), ("GET /in/...", "404"),
        ("GET /events/elm", "200"), ("GET /reminders/...", "502"),
    ]  # fmt: skip
