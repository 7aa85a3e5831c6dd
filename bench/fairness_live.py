"""Senders that pledge over HTTP, each from its own address as a trusted proxy would tell it."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench.crowd import from_person
from bench.pledge_load import Connection
from bench.real_site import running_site
from bench.senders import HOUR, Sent
from webapp.config import Settings
from webapp.database import utc_now
from webapp.pledges.forms import TRAP_FIELD
from webapp.pledges.nonces import Nonce, NonceSigner
from webapp.pledges.sides import Signal

CONNECTIONS = 32
TAKEN = b"HTTP/1.1 303"
# The worker releases every two minutes; after so long nothing more happens by itself.
REST_SECONDS = 300
FOLDED = text("""
    SELECT (SELECT count(*) FROM ledger_entry WHERE kind = 'pledged'), (SELECT count(*) FROM
        pledge_standing), (SELECT max(recorded_at) FROM ledger_entry)
""")

Kept = dict[UUID, tuple[str, Sent]]


def pledge_over_http(
    made: Settings,
    engine: Engine,
    moment_id: int,
    events: dict[int, str],
    sent: Mapping[str, list[Sent]],
    seconds: float,
) -> Kept:
    """Send all within some seconds to a site with a worker; return who sent each pledge, by its key."""
    with running_site(made, trusted_proxies=1) as site:
        sender = _Sender(site.settings, moment_id, events)
        asyncio.run(sender.send(sent, seconds))
        print(f"over HTTP: {len(sender.kept):,} answered with a receipt, {sender.failed:,} not")
        _rest(engine)
    return sender.kept


class _Sender:
    def __init__(self, settings: Settings, moment_id: int, events: dict[int, str]) -> None:
        self._host = settings.site_origin.partition("://")[2]
        self._port = int(self._host.partition(":")[2])
        self._signer = NonceSigner(settings.secret_key)
        self._moment_id, self._events = moment_id, sorted(events.items())
        self.kept: Kept = {}
        self.failed = 0

    async def send(self, sent: Mapping[str, list[Sent]], seconds: float) -> None:
        """Send all of it, an hour as so many seconds."""
        due = asyncio.Queue[tuple[float, str, Sent]]()
        pairs = [(each.second * seconds / HOUR, name, each) for name in sent for each in sent[name]]
        for pair in sorted(pairs, key=lambda pair: pair[0]):
            due.put_nowait(pair)
        begin = time.perf_counter()
        await asyncio.gather(*(self._keep_sending(due, begin) for _ in range(CONNECTIONS)))

    async def _keep_sending(
        self, due: asyncio.Queue[tuple[float, str, Sent]], begin: float
    ) -> None:
        loop = asyncio.get_running_loop()
        connection = None
        while not due.empty():
            at, name, each = due.get_nowait()
            await asyncio.sleep(max(0.0, begin + at - time.perf_counter()))
            nonce, request = self._request(each)
            if connection is None or connection.is_stale:
                made = await loop.create_connection(Connection, "127.0.0.1", self._port)
                connection = made[1]
            if (await connection.ask(request)).startswith(TAKEN):
                self.kept[nonce.key] = name, each
            else:
                self.failed += 1

    def _request(self, each: Sent) -> tuple[Nonce, bytes]:
        # A postcode would say where those at home are; that they are somewhere is enough here.
        event_id, public_id = (None, "") if each.event is None else self._events[each.event]
        path = f"/events/{public_id}/pledge" if event_id else "/moments/benchmark/pledge"
        nonce = Nonce.fresh(self._moment_id, event_id, path)
        fields = {"nonce": self._signer.sign(nonce), "party": each.party, "participant": uuid4()}
        if each.signals & Signal.TRAPPED:
            fields[TRAP_FIELD] = "https://example.com"
        body = urlencode(fields)
        # What a forger wrote stands before what the proxy saw.
        seen = from_person(f"198.18.0.1, {each.address}")
        return nonce, (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nOrigin: http://{self._host}\r\n{seen}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def _rest(engine: Engine) -> None:
    """Wait until all is folded and the worker has released what it would."""
    end = time.perf_counter() + REST_SECONDS
    while time.perf_counter() < end:
        with Session(engine) as session:
            taken, standing, latest = session.execute(FOLDED).one()
        if taken == standing and utc_now() - latest > timedelta(minutes=3):
            return
        time.sleep(1)
