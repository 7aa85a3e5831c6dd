"""While everybody watches: pledges and reads together, through nginx as docs/deploy.md recommends it.

SECONDS says for how long (300 for what is promised), PLEDGES and READS how many a second. Server, worker,
database, nginx and the load share the machine. At the end the site is killed, and what nginx still shows
is looked at.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from bench.crowd import Answered, Ask, Crowd, percentile, somebody
from bench.killed_site import status_of, what_still_shows
from bench.made_moment import kept, made_moment
from bench.memory import Memory, memory_watched
from bench.proxy import NAME, Proxy, ProxyMissingError, nginx_before, program
from bench.real_site import THREADS, WORKERS, RunningSite, running_site
from bench.report import machine, print_table
from bench.scratch import scratch_database

SECONDS = float(os.environ.get("SECONDS") or 30)
WARM_SECONDS = 5.0
# As long as an event’s page is kept.
SPREAD_SECONDS = 15
PLEDGES = float(os.environ.get("PLEDGES") or 350)
READS = float(os.environ.get("READS") or 2_000)
EVENTS = 500
READERS = 2
MOST_LINES = 400
AIMS = {"reads": 100, "pledges": 500}
MOST_MEGABYTES = 2048

COUNT, EVENT, HOME, MAP = "count", "event’s page", "home", "map’s data"
# Of a hundred reads. A page that is open asks for the count every ten seconds; the rest are people who come.
MIX = {COUNT: 45, EVENT: 30, HOME: 15, MAP: 10}
COUNT_PATH = "/api/v1/moments/benchmark/count.json?words=1"
MAP_PATH = "/api/v1/events.geojson?moment=benchmark&bbox="
# What a phone’s first view asks for, and towns and counties that people move it to.
WHOLE_COUNTRY = "-9,49.5,2.5,61"
BOXES = [
    f"{west / 10},{south / 10},{west / 10 + 1},{south / 10 + 0.5}"
    for west in range(-45, 10, 8)
    for south in range(505, 560, 8)
]
# As browsers send it, of whom not all know the newest.
ENCODINGS = ("gzip, deflate, br, zstd", "gzip, deflate, br")

NO_NGINX = (
    "This needs nginx, which is not here: install it with “sudo apt-get install nginx-light” (Debian,"
    " Ubuntu) or “brew install nginx” (macOS); it need not run as a service."
)


@dataclass
class Seen:
    """What was measured around the load."""

    answered: Answered = field(default_factory=Answered)
    statuses: Counter[str] = field(default_factory=Counter)
    memory: list[Memory] = field(default_factory=list)
    still_shown: str = ""
    kept: str = ""


def run() -> None:
    """Measure, and print what was promised beside it."""
    try:
        program()
    except ProxyMissingError:
        print(NO_NGINX)
        return
    with scratch_database() as made:
        engine = create_engine(made.owner_database_url)
        with Session(engine) as session:
            print(machine(session.connection()))
            _moment_id, events = made_moment(session, EVENTS)
        print(f"{WORKERS} workers of {THREADS} threads, {len(events)} events, {SECONDS:g} s")
        site_url = f"http://{NAME}"
        with (
            running_site(made, site_url=site_url, trusted_proxies=1) as site,
            nginx_before(site.port) as proxy,
        ):
            seen = _watched(site, proxy, engine, list(events.values()))
        engine.dispose()
    _print(seen)


def _watched(site: RunningSite, proxy: Proxy, engine: Engine, events: list[str]) -> Seen:
    seen = Seen()
    # On the day people have looked before: the first look at each page is no part of this.
    pages = [f"/events/{event}" for event in events] + [MAP_PATH + box for box in BOXES]
    for path in (*pages, MAP_PATH + WHOLE_COUNTRY, COUNT_PATH, "/"):
        status_of(proxy, path, ENCODINGS[0])
        # Not all within a moment: they would all be made anew at the same one ever after.
        time.sleep(SPREAD_SECONDS / len(pages))
    since = proxy.log_size
    site_pid, worker_pid = (site.processes[name].pid for name in ("site", "worker"))
    with memory_watched(site_pid, worker_pid, engine) as seen.memory:
        parts = [(_read, (proxy.port, events, READS / READERS, n)) for n in range(READERS)]
        for part in _at_once([*parts, (_pledge, (proxy.port, events, PLEDGES, READERS))]):
            seen.answered.add(part)
    seen.statuses = proxy.answers_by_cache_status(since)
    seen.kept = kept(engine, seen.answered.acknowledged["pledges"])
    paths = {
        COUNT: COUNT_PATH,
        HOME: "/",
        EVENT: f"/events/{events[0]}",
        MAP: MAP_PATH + WHOLE_COUNTRY,
    }
    seen.still_shown = what_still_shows(site, proxy, paths, ENCODINGS[0])
    return seen


def _at_once(parts: list[tuple[Callable[..., Answered], tuple[object, ...]]]) -> list[Answered]:
    with multiprocessing.get_context("spawn").Pool(len(parts)) as pool:
        running = [pool.apply_async(function, arguments) for function, arguments in parts]
        return [each.get() for each in running]


def _read(port: int, events: list[str], rate: float, seed: int) -> Answered:
    """Ask for pages at a rate; one process of several."""
    crowd = Crowd(port, NAME, MOST_LINES // READERS, WARM_SECONDS)
    return crowd.run(_reads(events, random.Random(seed)), rate, SECONDS, seed)


def _pledge(port: int, events: list[str], rate: float, seed: int) -> Answered:
    """Pledge at a rate, each with a nonce fetched at the tap."""
    crowd = Crowd(port, NAME, MOST_LINES, WARM_SECONDS)
    return crowd.run(_taps(events, random.Random(seed)), rate, SECONDS, seed)


def _reads(events: list[str], chance: random.Random) -> Iterator[Ask]:
    """Return what people look at, without end: of the events, a few much more than most."""
    popular = list(accumulate(1 / (rank + 10) for rank in range(len(events))))
    kinds, shares = list(MIX), list(accumulate(MIX.values()))
    while True:
        kind = chance.choices(kinds, cum_weights=shares)[0]
        if kind == EVENT:
            path = f"/events/{chance.choices(events, cum_weights=popular)[0]}"
        elif kind == MAP:
            path = MAP_PATH + (WHOLE_COUNTRY if chance.random() < 0.5 else chance.choice(BOXES))
        else:
            path = COUNT_PATH if kind == COUNT else "/"
        yield Ask(kind, _get(path, chance.choice(ENCODINGS)))


def _taps(events: list[str], chance: random.Random) -> Iterator[Ask]:
    while True:
        event = chance.choice(events)
        request = _get(f"/api/v1/pledges/nonce?event={event}", ENCODINGS[0])
        yield Ask("pledges", request, then=f"/events/{event}/pledge", person=somebody(chance))


def _get(path: str, encodings: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {NAME}\r\nAccept-Encoding: {encodings}\r\n\r\n".encode()


def _print(seen: Seen) -> None:
    answered = seen.answered
    every = {"reads": [each for kind in MIX for each in answered.milliseconds[kind]]}
    rows = [
        _row(name, times, AIMS.get(name))
        for name, times in (every | dict(answered.milliseconds)).items()
    ]
    print_table(
        "Reads and pledges together, through nginx",
        ["", "asked", "a second", "p50 ms", "p99 ms", "aim", "most ms"],
        rows,
    )
    failures = "".join(f"; {each} {n} times" for each, n in answered.failures.items())
    print(f"\n{answered.failures.total()} failed{failures}")
    print(worded_statuses(seen.statuses))
    busy = answered.cpu_seconds / (SECONDS + WARM_SECONDS) / (os.cpu_count() or 1)
    print(f"The load took {busy:.0%} of the machine’s processors")
    print(seen.kept)
    print(_worded_memory(seen.memory))
    print(f"{seen.still_shown}; load {os.getloadavg()[0]:.1f} at the end")


def worded_statuses(statuses: Counter[str]) -> str:
    """Say what part of the answers came from the cache; pledges and nonces are never kept."""
    kept = {status: number for status, number in statuses.items() if status != "-"}
    parts = sorted(kept.items(), key=lambda each: -each[1])
    words = (f"{status.lower()} {number / sum(kept.values()):.1%}" for status, number in parts)
    return f"Reads from the cache: {', '.join(words)}"


def _row(name: str, times: list[float], aim: int | None) -> list[str]:
    return [
        name, f"{len(times):,}", f"{len(times) / SECONDS:,.0f}", f"{percentile(times, 50):.1f}",
        f"{percentile(times, 99):.1f}", f"< {aim}" if aim else "", f"{max(times):.0f}",
    ]  # fmt: skip


def _worded_memory(seen: list[Memory]) -> str:
    if not seen:
        return "Memory: cannot be seen here"
    most = max(seen, key=lambda each: each.total)
    return (
        f"Memory at most {most.total:,.0f} MB of {MOST_MEGABYTES:,}: site {most.site:,.0f}, worker"
        f" {most.worker:,.0f}, database {most.database:,.0f} and {most.shared:,.0f} shared (once)"
    )
