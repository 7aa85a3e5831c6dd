"""Tell hosts that somebody asks, and those who asked that there is an answer: never who, never where.

Each mail that is due stands in a row that whoever sends it locks: of any number of workers one does.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from webapp.asked_places.models import AskedPlace, PlaceTelling
from webapp.asked_places.places import may_be_asked
from webapp.asked_places.queries import places_asked
from webapp.events.mail_details import mail_details
from webapp.events.models import Event
from webapp.groups.queries import addressees_of
from webapp.outbox import post_mail
from webapp.pledges.contact_models import PledgeContact
from webapp.pledges.contacts import about, link_subject
from webapp.pledges.nonces import NonceSigner, Receipt

AT_ONCE = 200
SENT_WITHIN = timedelta(days=3)


def tell_hosts(session: Session, now: datetime) -> int:
    """Post what hosts are to be told, of some events at a time; return of how many it was looked at."""
    due = session.scalars(
        select(PlaceTelling)
        .where(PlaceTelling.hosts_due_at <= now)
        .order_by(PlaceTelling.hosts_due_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    waiting = places_asked(session, [each.event_id for each in due], now)
    for telling in due:
        telling.hosts_due_at = None
        event = session.get_one(Event, telling.event_id)
        # Whoever has answered all, or called it off, has nothing to be told.
        if event.id in waiting and may_be_asked(event, now):
            telling.hosts_told_at = now
            _write_to_hosts(session, event, now)
    session.flush()
    return len(due)


def tell_askers(session: Session, now: datetime, secret_key: str) -> int:
    """Post to those who asked that there is an answer, to some at a time; return how many were due."""
    due = session.scalars(
        select(AskedPlace)
        .where(AskedPlace.mail_due_at <= now)
        .order_by(AskedPlace.mail_due_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    keys = [(each.moment_id, each.pledge) for each in due]
    contacts = session.scalars(
        select(PledgeContact).where(
            tuple_(PledgeContact.moment_id, PledgeContact.pledge).in_(keys),
            PledgeContact.confirmed_at.is_not(None),
        )
    )
    found = {(each.moment_id, each.pledge): each for each in contacts}
    for asked in due:
        asked.mail_due_at = None
        event, contact = session.get_one(Event, asked.event_id), found.get(_key(asked))
        if contact is not None and may_be_asked(event, now):
            _write_to_asker(session, contact, now, secret_key)
    session.flush()
    return len(due)


def _key(asked: AskedPlace) -> tuple[int, UUID]:
    return asked.moment_id, asked.pledge


def _write_to_hosts(session: Session, event: Event, now: datetime) -> None:
    for reader in addressees_of(session, event.group):
        post_mail(
            session,
            "place_asked",
            to=reader.email,
            language=reader.language,
            send_before=min(now + SENT_WITHIN, event.ends_at),
            **mail_details(event, reader.language),
        )


def _write_to_asker(
    session: Session, contact: PledgeContact, now: datetime, secret_key: str
) -> None:
    receipt = Receipt(contact.moment_id, contact.pledge)
    post_mail(
        session,
        "place_answered",
        to=contact.email,
        language=contact.language,
        send_before=now + SENT_WITHIN,
        contact=link_subject(contact, secret_key),
        receipt=NonceSigner(secret_key).sign_receipt(receipt),
        **about(session, contact),
    )
