"""What staff decide about an event that waits: it acts once, however many look at the same item.

A decision settles the concerns that whoever decided had before their eyes, and no later ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.models import User
from webapp.events import life
from webapp.events.history import EventChange
from webapp.events.mail_details import mail_details
from webapp.events.models import PUBLIC_STATUSES, Event, EventStatus
from webapp.groups.models import Standing
from webapp.groups.queries import Addressee, addressees_of
from webapp.moderation.actions import set_standing
from webapp.moderation.models import Concern
from webapp.outbox import post_mail
from webapp.pledges.news import note_news
from webapp.pledges.places import let_in

SENT_WITHIN = timedelta(days=3)


class Decision(StrEnum):
    """What staff can decide about an event."""

    APPROVE = "approve"
    TRUST = "approve-and-trust"
    RETURN = "return"
    HIDE = "hide"
    SHOW = "show"
    SETTLE = "settle"


NEED_REASON = frozenset({Decision.RETURN, Decision.HIDE})


@dataclass(frozen=True)
class Seen:
    """What whoever decides had before their eyes: the event’s version, and the newest concern’s id."""

    version: int
    concern: int = 0


class DecidedError(Exception):
    """The event was changed or decided by somebody else; `change` is how, None for concerns."""

    def __init__(self, change: EventChange | None) -> None:
        super().__init__()
        self.change = change


def decisions_about(event: Event, *, has_concerns: bool) -> tuple[Decision, ...]:
    """Return what can be decided about an event as it is now."""
    if event.status is EventStatus.HIDDEN:
        settle = (Decision.SETTLE,) if has_concerns else ()
        return (*settle, Decision.SHOW)
    if event.status is EventStatus.DRAFT:
        return (Decision.SETTLE,) if has_concerns else ()
    trust = () if event.group.is_trusted else (Decision.TRUST,)
    back = (Decision.RETURN,) if event.status is not EventStatus.CANCELLED else ()
    return (Decision.APPROVE, *trust, *back, Decision.HIDE)


def decide(
    session: Session,
    event: Event,
    decision: Decision,
    *,
    seen: Seen,
    by: User,
    reason: str,
    now: datetime,
) -> None:
    """Do what staff decided, once, and tell the host.

    Raises DecidedError where the event is not as it was seen, LifeError where its state forbids it.
    """
    life.lock_event(session, event)
    if event.version != seen.version:
        raise DecidedError(_latest_change(session, event))
    settled = _settle(session, event, seen, by, now)
    if decision is Decision.SETTLE:
        if not settled:
            raise DecidedError(None)
        return
    was_public = event.status in PUBLIC_STATUSES
    _act(session, event, decision, by, reason, now)
    let_in(session, event, now)
    note_news(session, event, now)
    news = _news(event, decision, reason, was_public=was_public)
    if news:
        _tell_hosts(session, event, *news, now)


def _act(
    session: Session, event: Event, decision: Decision, by: User, reason: str, now: datetime
) -> None:
    if decision is Decision.RETURN:
        life.give_back(session, event, by, reason, now)
    elif decision is Decision.HIDE:
        life.hide(session, event, by, now, reason)
    elif decision is Decision.SHOW:
        life.show_again(session, event, by, now)
    else:
        life.approve(session, event, by, now)
    if decision is Decision.TRUST:
        set_standing(session, event.group, Standing.TRUSTED, by=by, reason=reason, now=now)


def _settle(session: Session, event: Event, seen: Seen, by: User, now: datetime) -> int:
    """Settle the concerns that were seen; return how many were still open."""
    settled = session.execute(
        update(Concern)
        .where(
            Concern.event_id == event.id,
            Concern.id <= seen.concern,
            Concern.settled_at.is_(None),
        )
        .values(settled_at=now, settled_by_id=by.id)
        .returning(Concern.id)
    )
    return len(settled.all())


def _latest_change(session: Session, event: Event) -> EventChange | None:
    statement = (
        select(EventChange)
        .where(EventChange.event_id == event.id)
        .options(joinedload(EventChange.by))
        .order_by(EventChange.id.desc())
        .limit(1)
    )
    return session.execute(statement).unique().scalar_one_or_none()


def _news(
    event: Event, decision: Decision, reason: str, *, was_public: bool
) -> tuple[str, dict[str, str]] | None:
    """Return the mail that hosts get and what it says; that staff looked at a change is no news."""
    if decision is Decision.RETURN:
        return "event_returned", {"reason": reason}
    if decision is Decision.HIDE:
        return "event_hidden_by_staff", {"reason": reason}
    if event.is_public and not was_public:
        return "event_approved", {"is_trusted": "yes" if decision is Decision.TRUST else ""}
    return None


def _tell_hosts(
    session: Session, event: Event, template: str, told: dict[str, str], now: datetime
) -> None:
    for reader in _hosts(session, event):
        post_mail(
            session,
            template,
            to=reader.email,
            language=reader.language,
            send_before=now + SENT_WITHIN,
            **mail_details(event, reader.language),
            **told,
        )


def _hosts(session: Session, event: Event) -> list[Addressee]:
    """Return the group’s addressees and whoever listed the event, each address once."""
    readers = {each.email.lower(): each for each in addressees_of(session, event.group)}
    lister = session.get(User, event.listed_by_id) if event.listed_by_id else None
    if lister is not None and lister.active:
        readers.setdefault(lister.email, Addressee(lister.email, lister.language))
    return list(readers.values())
