"""Pledges for tests."""

from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.pledges.actions import pledge
from webapp.pledges.nonces import Nonce, Receipt


def make_pledge(session: Session, event: Event, party: int = 2) -> Receipt:
    """Pledge for an event, towards its first moment."""
    return pledge(session, Nonce.fresh(event.moments[0].id, event.id), party=party)
