"""Those who ask for an exact place, for tests."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.pledges import make_pledge
from webapp.asked_places.models import AskedPlace
from webapp.events.models import Event
from webapp.pledges.nonces import Receipt


def make_asked(
    session: Session,
    event: Event,
    at: datetime,
    *,
    receipt: Receipt | None = None,
    **changes: Any,
) -> AskedPlace:
    """Let somebody who pledged ask for the place of an event; without an answer they wait."""
    receipt = receipt or make_pledge(session, event)
    values: dict[str, Any] = {"name": "Sam", "note": "We met at the library.", "asked_at": at}
    asked = AskedPlace(
        moment_id=receipt.moment_id,
        pledge=receipt.key,
        event_id=event.id,
        **{**values, **changes},
    )
    session.add(asked)
    session.flush()
    return asked
