"""What can be pledged to, as far as a nonce needs to know it: one small look-up, remembered a while.

Somebody may so be given a nonce for what was hidden just now, whose page caches keep for longer: it
says nothing of the event, and posting it is judged afresh.
"""

import re
import time
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from webapp.events.models import PUBLIC_STATUSES, Event
from webapp.moments.models import Moment
from webapp.pledges.nonces import Nonce

KEPT_SECONDS = 30.0
MOST = 10_000
ASKED = re.compile(r"(event)=([0-9a-z]+)|(moment)=([0-9a-z-]+)")


def nonce_for_event(session: Session, public_id: str) -> Nonce | None:
    """Return a fresh nonce for an event, towards its first moment; None if there is none such.

    Of what was merged into another listing, one for that: where its form is sent leads there.
    """
    listed = aliased(Event)
    kept = select(func.coalesce(listed.merged_into_id, listed.id)).where(
        listed.public_id == public_id
    )
    found = session.execute(
        select(Moment.id, Event.id, Event.public_id)
        .select_from(Event)
        .join(Event.moments)
        .where(Event.id == kept.scalar_subquery(), Event.status.in_(PUBLIC_STATUSES))
        .order_by(Moment.starts_on, Moment.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    return Nonce.fresh(found[0], found[1], f"/events/{found[2]}/pledge")


def nonce_for_home(session: Session, slug: str) -> Nonce | None:
    """Return a fresh nonce for a moment at home; None if there is none such."""
    moment_id = session.scalar(select(Moment.id).where(Moment.slug == slug))
    return None if moment_id is None else Nonce.fresh(moment_id, None, f"/moments/{slug}/pledge")


@dataclass(frozen=True)
class _Known:
    nonce: Nonce
    since: float


class Offers:
    """Gives nonces past the rest of the site, and remembers what it has found for them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, _Known] = {}

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
            with Session(self._engine) as session:
                if parts[1]:
                    return nonce_for_event(session, parts[2])
                return nonce_for_home(session, parts[4])
        except SQLAlchemyError:
            return None  # the ordinary way meets the same fault, and says so

    def _keep(self, asked: str, nonce: Nonce) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[asked] = _Known(nonce, time.monotonic())
