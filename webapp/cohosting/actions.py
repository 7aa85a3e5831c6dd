"""Asking a group to host an event together, taking that back, and answering.

An event’s co-hosts change one at a time, so that never more than ten come of two who ask at once.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.events.co_hosts import CoHost, CoHostAnswer, send_waiting_invitations
from webapp.events.life import lock_event
from webapp.events.mail_details import mail_details
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Group
from webapp.groups.queries import addressees_of
from webapp.outbox import post_mail

MOST_CO_HOSTS = 10
# Whoever was asked gets a mail; so many groups may be asked in all, those who said no included.
MOST_ASKED = 30
NOT_ASKED_FOR = (EventStatus.CANCELLED, EventStatus.HIDDEN)


class CannotBeAskedError(Exception):
    """Nobody can be asked to host this event any more: it is over, cancelled or hidden."""


class TooManyError(Exception):
    """The event has ten co-hosts, or thirty groups were asked."""


class AskedAlreadyError(Exception):
    """The group hosts the event, or was asked already and has not been taken back."""


class NobodyToAskError(Exception):
    """There is nobody who could answer for the group."""


class InvitationClosedError(Exception):
    """The invitation can no longer be answered: the host took it back, or the event is over."""


def invite(session: Session, event: Event, group: Group, *, by: User, now: datetime) -> None:
    """Ask a group to host an event together; it hears of it once the event is published.

    Raises one of the errors above.
    """
    lock_event(session, event)
    if not can_be_asked_for(event, now):
        raise CannotBeAskedError
    asked = session.get(CoHost, (event.id, group.id))
    if group.id == event.group_id or (asked and asked.answer is not CoHostAnswer.WITHDRAWN):
        raise AskedAlreadyError
    if not addressees_of(session, group):
        raise NobodyToAskError
    _require_room(session, event, is_new=asked is None)
    asked = asked or CoHost(event_id=event.id, group_id=group.id)
    asked.answer, asked.invited_by_id, asked.invited_at = CoHostAnswer.INVITED, by.id, now
    asked.answered_at = asked.answered_by_id = None
    session.add(asked)
    session.flush()
    send_waiting_invitations(session, event, now)


def withdraw(session: Session, co_host: CoHost, *, by: User, now: datetime) -> None:
    """Take an invitation back, or part from a group that hosts the event together; tell that group."""
    lock_event(session, co_host.event)
    session.refresh(co_host, ["answer"])
    was_hosting = co_host.answer is CoHostAnswer.ACCEPTED
    _note(co_host, CoHostAnswer.WITHDRAWN, by=by, now=now)
    if was_hosting and co_host.event.is_public:
        _tell(session, co_host, co_host.group, "co_host_ended")


def answer(session: Session, co_host: CoHost, *, accepts: bool, by: User, now: datetime) -> None:
    """Say whether a group hosts an event together, or steps back later; tell the host.

    Raises InvitationClosedError, or TooManyError where others have been faster.
    """
    event = co_host.event
    lock_event(session, event)
    session.refresh(co_host, ["answer"])
    given = CoHostAnswer.ACCEPTED if accepts else CoHostAnswer.REFUSED
    if co_host.answer is given:
        return
    if not is_open(co_host, now):
        raise InvitationClosedError
    if accepts and co_host.answer is CoHostAnswer.REFUSED:
        _require_room(session, event, is_new=False)
    _note(co_host, given, by=by, now=now)
    _tell(session, co_host, event.group, "co_host_answered")


def is_open(co_host: CoHost, now: datetime) -> bool:
    """Tell whether a group may answer, or change its answer."""
    is_asked = co_host.answer is not CoHostAnswer.WITHDRAWN
    return is_asked and can_be_asked_for(co_host.event, now)


def can_be_asked_for(event: Event, now: datetime) -> bool:
    """Tell whether groups may still be asked to host an event together."""
    return event.status not in NOT_ASKED_FOR and not event.is_over(now)


def _note(co_host: CoHost, answer: CoHostAnswer, *, by: User, now: datetime) -> None:
    co_host.answer, co_host.answered_by_id, co_host.answered_at = answer, by.id, now


def _require_room(session: Session, event: Event, *, is_new: bool) -> None:
    holds = CoHost.answer.in_((CoHostAnswer.INVITED, CoHostAnswer.ACCEPTED))
    counted = select(func.count(), func.count().filter(holds)).where(CoHost.event_id == event.id)
    asked, hosting = session.execute(counted).one()
    if hosting >= MOST_CO_HOSTS or (is_new and asked >= MOST_ASKED):
        raise TooManyError


def _tell(session: Session, co_host: CoHost, readers: Group, template: str) -> None:
    event = co_host.event
    for reader in addressees_of(session, readers):
        post_mail(
            session,
            template,
            to=reader.email,
            language=reader.language,
            send_before=event.ends_at,
            **mail_details(event, reader.language),
            group_name=co_host.group.name,
            host_name=event.group.name,
            answer=co_host.answer.value,
        )
