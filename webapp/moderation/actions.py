"""Tell staff that something is wrong; trust a group, or no longer.

Nobody who tells us learns whether a limit was reached, or what others told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.actions import all_staff
from webapp.accounts.addresses import keyed_hash
from webapp.accounts.models import User
from webapp.events.mail_details import mail_details
from webapp.events.models import Event
from webapp.groups.models import Group, Standing
from webapp.moderation.models import Concern, ConcernKind, StandingChange
from webapp.outbox import post_mail

MAX_PER_CLIENT, CLIENT_WINDOW = 10, timedelta(hours=1)
MAX_OPEN_PER_EVENT = 50
CLIENT_KEPT_FOR = timedelta(days=1)
# So many clients that tell of a home address within the window make staff look up from elsewhere.
ALARMING_CLIENTS, ALARM_WINDOW = 3, timedelta(hours=1)
ALARM_SENT_WITHIN = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class NewConcern:
    """What somebody tells of an event; `client` is the address bucket that it comes from."""

    nonce: UUID
    kind: ConcernKind
    text: str
    client: str


def raise_concern(
    session: Session, event: Event, new: NewConcern, *, secret_key: str, now: datetime
) -> None:
    """Keep what somebody tells of an event, unless a limit is reached; the same nonce counts once.

    Nothing happens to the event: that is for staff to decide.
    """
    client_hash = keyed_hash(secret_key, "concern", new.client)
    # Those of one client wait for each other here, then those about one event: limits count all.
    for line in (f"concern {client_hash.hex()}", f"concern about {event.id}"):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(line, 0))))
    if not _has_room(session, event, client_hash, now):
        return
    session.execute(
        insert(Concern)
        .values(
            nonce=new.nonce,
            event_id=event.id,
            kind=new.kind,
            text=new.text,
            client_hash=client_hash,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["nonce"])
    )
    if new.kind is ConcernKind.HOME_ADDRESS:
        _alarm(session, event, now)


def set_standing(
    session: Session, group: Group, standing: Standing, *, by: User, reason: str, now: datetime
) -> None:
    """Trust a group or no longer, and note who did it and why; the same standing again is no change."""
    session.refresh(group, ["standing"], with_for_update=True)
    if group.standing is standing:
        return
    group.standing = standing
    change = StandingChange(
        group_id=group.id, standing=standing, reason=reason, at=now, by_id=by.id
    )
    session.add(change)
    session.flush()


def forget_clients(session: Session, now: datetime) -> None:
    """Erase after a day what limits how often somebody may tell us something."""
    session.execute(
        update(Concern)
        .where(Concern.created_at < now - CLIENT_KEPT_FOR, Concern.client_hash.is_not(None))
        .values(client_hash=None)
    )


def _has_room(session: Session, event: Event, client_hash: bytes, now: datetime) -> bool:
    by_client = select(func.count()).where(
        Concern.client_hash == client_hash, Concern.created_at > now - CLIENT_WINDOW
    )
    is_open = select(func.count()).where(Concern.event_id == event.id, Concern.settled_at.is_(None))
    of_client, of_event = session.execute(
        select(by_client.scalar_subquery(), is_open.scalar_subquery())
    ).one()
    return bool(of_client < MAX_PER_CLIENT and of_event < MAX_OPEN_PER_EVENT)


def _alarm(session: Session, event: Event, now: datetime) -> None:
    """Write to all staff, once until they have settled it, where several clients tell of an address."""
    of_event = (
        Concern.event_id == event.id,
        Concern.kind == ConcernKind.HOME_ADDRESS,
        Concern.settled_at.is_(None),
    )
    told = session.scalar(select(func.count()).where(*of_event, Concern.staff_told))
    clients = session.scalar(
        select(func.count(Concern.client_hash.distinct())).where(
            *of_event, Concern.created_at > now - ALARM_WINDOW
        )
    )
    if told or (clients or 0) < ALARMING_CLIENTS:
        return
    newest = select(func.max(Concern.id)).where(*of_event).scalar_subquery()
    session.execute(update(Concern).where(Concern.id == newest).values(staff_told=True))
    for person in all_staff(session):
        details = mail_details(event, person.language)
        post_mail(
            session,
            "home_address_told",
            to=person.email,
            language=person.language,
            send_before=now + ALARM_SENT_WITHIN,
            **details,
        )
