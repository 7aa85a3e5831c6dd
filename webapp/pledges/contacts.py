"""Where to write about a pledge: asked for, confirmed from the mailbox itself, and forgotten.

Anybody can type anybody’s address, so the one mail before a confirmation is limited, by address and
by whoever asks, and whoever asks sees the same page whatever becomes of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import case, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.addresses import keyed_hash
from webapp.events.keeping import KEPT_AFTERWARDS, long_over
from webapp.events.mail_details import mail_details
from webapp.events.models import Event
from webapp.events.queries import kept_of_id, merged_with
from webapp.filters import days, local
from webapp.jobs import enqueue
from webapp.language import Language, in_language
from webapp.moments.models import Moment
from webapp.outbox import post_mail
from webapp.pledges.contact_models import ContactTry, PledgeContact
from webapp.pledges.models import LedgerEntry, was_withdrawn
from webapp.pledges.nonces import Receipt

MAX_PER_ADDRESS, ADDRESS_WINDOW = 3, timedelta(days=1)
# A village hall or a mobile network shares one address.
MAX_PER_CLIENT, CLIENT_WINDOW = 60, timedelta(hours=1)
CONFIRMED_WITHIN = timedelta(days=2)
# What was done with an address; another one has to begin anew.
_OF_AN_ADDRESS = ("confirmed_at", "told", "reminded_at", "place_told_at")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which mails somebody would like, and where; `wording` is what they were asked with."""

    email: str
    language: Language
    reminder: bool
    news: bool
    wording: str
    place: bool = False


def ask_to_confirm(
    session: Session,
    entry: LedgerEntry,
    wish: Wish,
    *,
    client: str,
    secret_key: str,
    now: datetime,
) -> None:
    """Keep an address for a pledge and send it a link to confirm; beyond the limits do neither.

    An address that this pledge has confirmed before stays so, and is not written to again.
    """
    if not _counted(session, client, wish.email, secret_key, now):
        return
    contact = _kept(session, entry, wish, now)
    if contact.confirmed_at is None:
        _ask(session, contact, secret_key, now)


def contact_of(session: Session, signed: str, secret_key: str) -> PledgeContact | None:
    """Return what a link in a mail is about; None once it is erased, or has another address."""
    moment_id, pledge, digest = signed.split(".")
    contact = session.get(
        PledgeContact, (int(moment_id), UUID(hex=pledge)), with_for_update=True,
        populate_existing=True,
    )  # fmt: skip
    if contact is None or digest != _digest(contact, secret_key):
        return None
    return contact


def link_subject(contact: PledgeContact, secret_key: str) -> str:
    """Return what the links of a mail to an address name: the pledge, and that address alone."""
    return f"{contact.moment_id}.{contact.pledge.hex}.{_digest(contact, secret_key)}"


def confirm(session: Session, contact: PledgeContact, now: datetime) -> None:
    """Write to an address from now on; what the event’s page says now is no news."""
    if contact.confirmed_at is not None:
        return
    event = kept_of_id(session, contact.event_id) if contact.event_id else None
    contact.confirmed_at = now
    contact.told = said_by(event) if event else None


def stop(session: Session, contact: PledgeContact) -> None:
    """Erase an address."""
    session.delete(contact)


def forget_contact(session: Session, receipt: Receipt) -> None:
    """Erase the address of a pledge that is withdrawn."""
    session.execute(
        delete(PledgeContact).where(
            PledgeContact.moment_id == receipt.moment_id, PledgeContact.pledge == receipt.key
        )
    )


def forget_old_contacts(session: Session, now: datetime) -> None:
    """Erase addresses that were never confirmed, those of what is long over or withdrawn, and old hashes."""
    last_day = (local(now) - KEPT_AFTERWARDS).date()
    past = select(Moment.id).where(Moment.ends_on < last_day)
    for old in (
        was_withdrawn(PledgeContact.moment_id, PledgeContact.pledge),
        PledgeContact.event_id.in_(long_over(now)),
        PledgeContact.event_id.is_(None) & PledgeContact.moment_id.in_(past),
        PledgeContact.confirmed_at.is_(None) & (PledgeContact.asked_at < now - CONFIRMED_WITHIN),
    ):
        session.execute(delete(PledgeContact).where(old))
    session.execute(delete(ContactTry).where(ContactTry.tried_at < now - ADDRESS_WINDOW))


def note_moved_up(session: Session, receipts: Iterable[Receipt]) -> None:
    """Have those of some pledges told who wanted to know when there is room for them, once it is so."""
    pledges = {(each.moment_id, each.key) for each in receipts}
    if not pledges:
        return
    wanted = select(PledgeContact.moment_id, PledgeContact.pledge).where(
        tuple_(PledgeContact.moment_id, PledgeContact.pledge).in_(pledges),
        PledgeContact.wants_place,
        PledgeContact.confirmed_at.is_not(None),
    )
    for moment_id, pledge in session.execute(wanted).all():
        enqueue(session, "tell_moved_up", moment_id=moment_id, pledge=pledge.hex)


def is_told_of_place(session: Session, receipt: Receipt) -> bool:
    """Tell whether somebody who waits is written to when there is room for them."""
    contact = session.get(PledgeContact, (receipt.moment_id, receipt.key))
    return contact is not None and contact.wants_place and contact.confirmed_at is not None


def readers_of_news(session: Session, event_id: int) -> int:
    """Return how many would be told if an event changed: a number, never who."""
    found = select(func.count()).where(
        PledgeContact.event_id.in_(merged_with(event_id)),
        PledgeContact.wants_news,
        PledgeContact.confirmed_at.is_not(None),
    )
    return session.execute(found).scalar_one()


def said_by(event: Event) -> str:
    """Return what stands for the state, time and place that an event’s page tells."""
    if not event.is_public:
        return "hidden"
    told = (
        event.status, event.starts_at.timestamp(), event.ends_at.timestamp(), event.venue_type,
        event.venue_name, event.notice_at and event.notice_at.timestamp(),
    )  # fmt: skip
    return sha256(repr([str(each) for each in told]).encode()).hexdigest()


def about(session: Session, contact: PledgeContact) -> dict[str, str]:
    """Return what emails/_pledged is told of what was promised, in the reader’s language."""
    if contact.event_id is not None:
        event = kept_of_id(session, contact.event_id)
        return {**mail_details(event, contact.language), "slug": ""}
    moment = session.get_one(Moment, contact.moment_id)
    with in_language(contact.language):
        return {
            "public_id": "",
            "slug": moment.slug,
            "title": moment.name(contact.language),
            "when": days(moment.starts_on, moment.ends_on),
        }


def _kept(session: Session, entry: LedgerEntry, wish: Wish, now: datetime) -> PledgeContact:
    """Write an address down; another one takes the place of an earlier one, and is not confirmed."""
    values = {
        "event_id": entry.event_id,
        "email": wish.email,
        "language": wish.language,
        "wants_reminder": wish.reminder,
        "wants_news": wish.news,
        "wants_place": wish.place,
        "wording": wish.wording,
        "asked_at": now,
    }
    is_same = PledgeContact.email == wish.email
    kept = {name: case((is_same, getattr(PledgeContact, name))) for name in _OF_AN_ADDRESS}
    statement = (
        insert(PledgeContact)
        .values(moment_id=entry.moment_id, pledge=entry.pledge, **values)
        .on_conflict_do_update(index_elements=["moment_id", "pledge"], set_=values | kept)
        .returning(PledgeContact)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one()


def _ask(session: Session, contact: PledgeContact, secret_key: str, now: datetime) -> None:
    post_mail(
        session,
        "pledge_confirm_address",
        to=contact.email,
        language=contact.language,
        send_before=now + CONFIRMED_WITHIN,
        contact=link_subject(contact, secret_key),
        **about(session, contact),
    )


def _digest(contact: PledgeContact, secret_key: str) -> str:
    return keyed_hash(secret_key, "pledge-contact", contact.email).hex()[:16]


def _counted(session: Session, client: str, email: str, secret_key: str, now: datetime) -> bool:
    """Count one more mail asked for; False where the limits leave no room, and nothing is counted."""
    client_hash = keyed_hash(secret_key, "contact-client", client)
    address_hash = keyed_hash(secret_key, "contact-address", email)
    # Those that come together are counted together; always in the same order.
    for each in (client_hash, address_hash):
        key = int.from_bytes(each[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))
    by_client = select(func.count()).where(
        ContactTry.client_hash == client_hash, ContactTry.tried_at > now - CLIENT_WINDOW
    )
    to_address = select(func.count()).where(
        ContactTry.address_hash == address_hash, ContactTry.tried_at > now - ADDRESS_WINDOW
    )
    if (
        session.execute(by_client).scalar_one() >= MAX_PER_CLIENT
        or session.execute(to_address).scalar_one() >= MAX_PER_ADDRESS
    ):
        return False
    session.add(ContactTry(client_hash=client_hash, address_hash=address_hash, tried_at=now))
    return True
