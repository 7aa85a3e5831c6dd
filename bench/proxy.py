"""nginx as docs/deploy.md recommends it, on loopback: its very configuration, with other paths and ports.

The configuration is read out of the document, so that what is measured is what people are told to use.
"""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.live import ROOT, free_port

DOCUMENT = ROOT / "docs" / "deploy.md"
START_SECONDS, STOP_SECONDS = 10, 10
# The name that the site answers to: nginx hands on the name without a port.
NAME = "localhost"
USUAL_CONNECTIONS = 768

# What Debian’s nginx.conf has around the files in sites-enabled, with the connections of the document.
AROUND = """
{user}
daemon off;
worker_processes auto;
worker_rlimit_nofile 65536;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections {connections}; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    default_type application/octet-stream;
    gzip on;
    # People’s addresses, for all of a load comes from this machine.
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


class ProxyMissingError(Exception):
    """There is no nginx on this machine."""


class DocumentChangedError(Exception):
    """The document’s configuration has not what a benchmark has to replace in it."""


@dataclass(frozen=True)
class Proxy:
    """An nginx that runs: where it listens, its process, and the folder with its cache and log."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def log_size(self) -> int:
        """How many bytes of access log there are."""
        return (self.folder / "access.log").stat().st_size

    def answers_by_cache_status(self, since: int) -> Counter[str]:
        """Return how many answers were hits, misses and so on, from so many bytes of log on."""
        with (self.folder / "access.log").open(encoding="utf-8") as log:
            log.seek(since)
            return Counter(line.rsplit(maxsplit=1)[-1] for line in log)


def program() -> str:
    """Return the path of nginx; raises ProxyMissingError."""
    # Not on everybody’s path on Debian.
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ProxyMissingError
    return found


def documented(text: str) -> str:
    """Return the configuration of nginx that stands in a document."""
    return text.partition("```nginx\n")[2].partition("```")[0]


def documented_connections(text: str) -> int:
    """Return how many connections the document gives each process of nginx."""
    number = text.rpartition("worker_connections ")[2].partition(";")[0]
    return int(number) if number.isdigit() else USUAL_CONNECTIONS


def on_loopback(configuration: str, folder: Path, port: int, site_port: int) -> str:
    """Return it with paths, ports and the name replaced, and nothing else.

    Raises DocumentChangedError where one of them is not there.
    """
    for old, new in {
        "/var/cache/nginx/moment-map": f"{folder}/cache",
        "/var/log/nginx/access.log": f"{folder}/access.log",
        "    listen [::]:80;\n": "",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server_name moment.example.org;": f"server_name {NAME};",
        "127.0.0.1:8000": f"127.0.0.1:{site_port}",
    }.items():
        if old not in configuration:
            raise DocumentChangedError(old)
        configuration = configuration.replace(old, new)
    return configuration


@contextmanager
def nginx_before(site_port: int) -> Iterator[Proxy]:
    """Run nginx before a site. Raises ProxyMissingError, DocumentChangedError."""
    nginx, port, text = program(), free_port(), DOCUMENT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "nginx.conf").write_text(
            AROUND.format(
                # As root it would become somebody who may not enter the folder.
                user=f"user {getpass.getuser()};" if os.geteuid() == 0 else "",
                folder=folder,
                connections=documented_connections(text),
                site=on_loopback(documented(text), folder, port, site_port),
            ),
            encoding="utf-8",
        )
        process = subprocess.Popen(
            [nginx, "-p", made, "-e", f"{made}/error.log", "-c", f"{made}/nginx.conf"]
        )
        try:
            _wait(process, port)
            yield Proxy(port, process, folder)
        finally:
            process.terminate()
            process.wait(timeout=STOP_SECONDS)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    msg = "nginx did not start"
    raise RuntimeError(msg)
