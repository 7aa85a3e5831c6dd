"""What can be pledged to, as far as a nonce needs to know it: one small look-up, remembered a while.

Somebody may so be given a nonce for what was hidden just now, whose page caches keep for longer: it
says nothing of the event, and posting it is judged afresh.
"""

import re
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from webapp.events.models import PUBLIC_STATUSES, Event
from webapp.moments.models import Moment
from webapp.pledges.gathering import Gathering
from webapp.pledges.nonces import Nonce

KEPT_SECONDS = 30.0
MOST = 10_000
ASKED = re.compile(r"(event)=([0-9a-z]+)|(moment)=([0-9a-z-]+)")


def nonces_for_events(session: Session, public_ids: Collection[str]) -> dict[str, Nonce]:
    """Return a fresh nonce for each event, towards its first moment, by its address; none where none is.

    Of what was merged into another listing, one for that: where its form is sent leads there.
    """
    listed = aliased(Event)
    found = session.execute(
        select(listed.public_id, Moment.id, Event.id, Event.public_id)
        .select_from(listed)
        .join(Event, Event.id == func.coalesce(listed.merged_into_id, listed.id))
        .join(Event.moments)
        .where(listed.public_id.in_(public_ids), Event.status.in_(PUBLIC_STATUSES))
        .ext(distinct_on(listed.public_id))
        .order_by(listed.public_id, Moment.starts_on, Moment.id)
    )
    return {
        asked: Nonce.fresh(moment_id, event_id, f"/events/{public_id}/pledge")
        for asked, moment_id, event_id, public_id in found
    }


def nonce_for_event(session: Session, public_id: str) -> Nonce | None:
    """Return a fresh nonce for an event, towards its first moment; None if there is none such."""
    return nonces_for_events(session, [public_id]).get(public_id)


def nonce_for_home(session: Session, slug: str) -> Nonce | None:
    """Return a fresh nonce for a moment at home; None if there is none such."""
    moment_id = session.scalar(select(Moment.id).where(Moment.slug == slug))
    return None if moment_id is None else Nonce.fresh(moment_id, None, f"/moments/{slug}/pledge")


@dataclass(frozen=True)
class _Known:
    nonce: Nonce
    since: float


@dataclass
class _Wanted:
    """An event that somebody waits for a nonce of."""

    public_id: str
    nonce: Nonce | None = None


class Offers:
    """Gives nonces past the rest of the site, and remembers what it has found for them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, _Known] = {}
        self._gathering = Gathering(self._look_up)

    def fresh_nonce(self, asked: str) -> Nonce | None:
        """Return a nonce for what a query asks, `event=…` or `moment=…`.

        None for anything else and where none is found: the ordinary way says which.
        """
        known = self._known.get(asked)
        if known is not None and time.monotonic() < known.since + KEPT_SECONDS:
            before = known.nonce
            return Nonce.fresh(before.moment_id, before.event_id, before.path)
        found = self._found(asked)
        if found is not None:
            self._keep(asked, found)
        return found

    def _found(self, asked: str) -> Nonce | None:
        parts = ASKED.fullmatch(asked)
        if parts is None:
            return None
        try:
            if parts[1]:
                return self._of_event(parts[2])
            with Session(self._engine) as session:
                return nonce_for_home(session, parts[4])
        except SQLAlchemyError:
            return None  # the ordinary way meets the same fault, and says so

    def _of_event(self, public_id: str) -> Nonce | None:
        """Return a nonce for an event; those who wait together are looked up with one question."""
        wanted = _Wanted(public_id)
        self._gathering.wait_for(wanted)
        return wanted.nonce

    def _look_up(self, batch: Sequence[_Wanted]) -> None:
        with Session(self._engine) as session:
            found = nonces_for_events(session, {each.public_id for each in batch})
        for each in batch:
            if nonce := found.get(each.public_id):
                each.nonce = Nonce.fresh(nonce.moment_id, nonce.event_id, nonce.path)

    def _keep(self, asked: str, nonce: Nonce) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[asked] = _Known(nonce, time.monotonic())
