"""What can be pledged to, remembered for half a minute, so that a nonce needs no look-up.

The ordinary way finds it and keeps it here. Somebody may so be given a nonce for what was hidden
just now, whose page caches keep for longer: it says nothing of the event, and posting it is judged
afresh.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from webapp.pledges.nonces import Nonce

# Where an application has its own.
OFFERS = "moment_map.offers"
KEPT_SECONDS = 30.0
MOST = 10_000


@dataclass(frozen=True)
class _Offer:
    moment_id: int
    event_id: int | None
    path: str
    until: float


class Offers:
    """The events and moments that were asked for just now, by what was asked: `event=…`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, _Offer] = {}

    def keep(self, asked: str, nonce: Nonce) -> None:
        """Remember what a nonce was given for."""
        if len(self._known) >= MOST:
            self._known.clear()
        until = self._clock() + KEPT_SECONDS
        self._known[asked] = _Offer(nonce.moment_id, nonce.event_id, nonce.path, until)

    def fresh_nonce(self, asked: str) -> Nonce | None:
        """Return a nonce for the same; None for what was not asked for just now."""
        offer = self._known.get(asked)
        if offer is None or offer.until < self._clock():
            return None
        return Nonce.fresh(offer.moment_id, offer.event_id, offer.path)
