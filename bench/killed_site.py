"""What nginx still shows when the site is killed, once what it kept is too old to be shown otherwise."""

import http.client
import os
import signal
import time

from bench.memory import children_of_all, family
from bench.proxy import NAME, Proxy
from bench.real_site import RunningSite

# Longer than the count, the home page and the map’s data may be kept.
OUTAGE_SECONDS = 31
PATIENCE_SECONDS = 10


def what_still_shows(site: RunningSite, proxy: Proxy, paths: dict[str, str], encodings: str) -> str:
    """Kill the site at once and for good; say what pages answer a while later, and from where."""
    for path in paths.values():
        status_of(proxy, path, encodings)
    for pid in family(site.processes["site"].pid, children_of_all()):
        os.kill(pid, signal.SIGKILL)
    time.sleep(OUTAGE_SECONDS)
    found = []
    for name, path in paths.items():
        since = proxy.log_size
        status = status_of(proxy, path, encodings)
        found.append(f"{name} {status} ({', '.join(proxy.answers_by_cache_status(since))})")
    return f"The site killed for {OUTAGE_SECONDS} s: {', '.join(found)}"


def status_of(proxy: Proxy, path: str, encodings: str) -> int:
    """Ask nginx for a page and return the status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=PATIENCE_SECONDS)
    connection.request("GET", path, headers={"Host": NAME, "Accept-Encoding": encodings})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
