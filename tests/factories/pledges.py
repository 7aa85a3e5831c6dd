"""Pledges for tests."""

from typing import Any

from sqlalchemy.orm import Session

from webapp.database import utc_now
from webapp.events.models import Event
from webapp.language import Language
from webapp.pledges.actions import pledge
from webapp.pledges.contact_models import PledgeContact
from webapp.pledges.contacts import said_by
from webapp.pledges.nonces import Nonce, Receipt


def make_pledge(session: Session, event: Event, party: int = 2) -> Receipt:
    """Pledge for an event, towards its first moment."""
    return pledge(session, Nonce.fresh(event.moments[0].id, event.id), party=party)


def make_contact(
    session: Session, receipt: Receipt, event: Event | None, **values: Any
) -> PledgeContact:
    """Leave an address with a pledge, confirmed, for all there is."""
    contact = PledgeContact(
        moment_id=receipt.moment_id,
        pledge=receipt.key,
        event_id=event.id if event else None,
        **{
            "email": "reader@example.org",
            "language": Language.ENGLISH,
            "wants_reminder": True,
            "wants_news": event is not None,
            "wording": "1",
            "asked_at": utc_now(),
            "confirmed_at": utc_now(),
            "told": said_by(event) if event else None,
            **values,
        },
    )
    session.add(contact)
    session.flush()
    return contact
