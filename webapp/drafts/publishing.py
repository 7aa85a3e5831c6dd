"""Make a draft the event that it was written for, all at once or not at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.drafts.models import EventDraft
from webapp.drafts.written import Written
from webapp.events.actions import list_event
from webapp.events.co_hosts import copy_invitations
from webapp.events.life import submit
from webapp.events.mail_details import mail_details
from webapp.events.models import Event, EventStatus
from webapp.events.pictures import copy_picture
from webapp.groups.actions import create_group, record_helper
from webapp.groups.models import Group, Sector
from webapp.outbox import post_mail
from webapp.places.models import Place

MAIL_WAITS = timedelta(days=2)
# What a copy says as the event did that it was copied from.
COPIED = (
    "capacity", "cost", "food", "children", "bring",
    "access_facts", "access_notes", "languages", "takes_questions",
)  # fmt: skip


@dataclass(frozen=True)
class NewGroup:
    """A group that is made with its first event; `phone` only where a helper acts for it."""

    name: str
    sector: Sector
    place: Place | None
    for_somebody: bool = False
    phone: str | None = None


def publish(
    session: Session,
    draft: EventDraft,
    written: Written,
    host: Group | NewGroup,
    *,
    by: User,
    now: datetime,
) -> Event:
    """List what was written and erase the draft; a trusted group’s event is public at once.

    Raises NoPlacesError while the gazetteer is empty.
    """
    group = host if isinstance(host, Group) else _made(session, host, by)
    event = list_event(
        session,
        written.as_new_event(),
        group=group,
        moments=[written.moment],
        by=by,
        import_key=_key(draft.id),
        status=EventStatus.DRAFT,
    )
    event.joining_link = written.where.online_link
    _copy_from(session, draft.copied_from_id, event, by, now)
    submit(session, event, by, now)
    session.delete(draft)
    _tell(session, event, by, now)
    session.flush()
    return event


def event_of_draft(session: Session, draft_id: UUID) -> Event | None:
    """Return the event that a draft has become: sent twice, it is one event."""
    statement = select(Event).where(Event.import_key == _key(draft_id))
    return session.execute(statement).scalar_one_or_none()


def _key(draft_id: UUID) -> str:
    return f"draft-{draft_id}"


def _made(session: Session, new: NewGroup, by: User) -> Group:
    group = create_group(session, by=by, name=new.name, sector=new.sector, place=new.place)
    if new.for_somebody:
        record_helper(session, group, by, new.phone)
    return group


def _copy_from(
    session: Session, from_id: int | None, event: Event, by: User, now: datetime
) -> None:
    earlier = session.get(Event, from_id) if from_id is not None else None
    if earlier is None:
        return
    for name in COPIED:
        setattr(event, name, getattr(earlier, name))
    copy_picture(session, earlier.id, event.id)
    copy_invitations(session, earlier.id, event.id, by, now)


def _tell(session: Session, event: Event, by: User, now: datetime) -> None:
    """Write to whoever listed it: that it is looked at, or that it is on the map."""
    template = "event_published" if event.is_public else "event_sent"
    post_mail(
        session,
        template,
        to=by.email,
        language=by.language,
        send_before=now + MAIL_WAITS,
        **mail_details(event, by.language),
    )
