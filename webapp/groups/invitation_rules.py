"""What invitations and requests have in common: limits, what hinders an answer, and the answer.

Everything here that changes something first holds the group, so that limits and answers are counted
one after another.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.accounts.addresses import keyed_hash
from webapp.accounts.models import User
from webapp.groups.invitations import Invitation, InvitationAnswer, InvitationKind
from webapp.groups.membership import lock_group
from webapp.groups.models import Group, MemberRole, Membership

GOOD_FOR = timedelta(days=14)
MOST_OPEN = 20  # invitations of one group, and requests to it
MOST_A_DAY = 30  # invitations and requests of one person
A_DAY = timedelta(days=1)
USER_LOCK = 20270605  # any number that no other lock of ours has


class InvitingFault(StrEnum):
    """Why nobody is invited, or asked."""

    MEMBER_ALREADY = "member already"
    INVITED_ALREADY = "invited already"
    TOO_MANY_OPEN = "too many open"
    TOO_MANY_TODAY = "too many today"
    REFUSED_LATELY = "refused lately"


class AnswerFault(StrEnum):
    """Why an invitation or a request cannot be answered."""

    NOT_YOURS = "not yours"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class InvitingError(Exception):
    """Nobody was invited, or asked."""

    def __init__(self, fault: InvitingFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class AnswerError(Exception):
    """It cannot be answered, or not by this person."""

    def __init__(self, fault: AnswerFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def fault_of(invitation: Invitation, user: User | None, now: datetime) -> AnswerFault | None:
    """Return why somebody cannot answer an invitation; `user` is None where nobody is signed in."""
    if invitation.answer is not None:
        return AnswerFault(invitation.answer.value)
    if not invitation.is_open(now):
        return AnswerFault.EXPIRED
    if user is not None and invitation.email != user.email:
        return AnswerFault.NOT_YOURS
    return None


def new_invitation(
    group: Group,
    kind: InvitationKind,
    role: MemberRole,
    by: User,
    secret_key: str,
    now: datetime,
) -> tuple[Invitation, str]:
    """Return an invitation that is not kept yet, and the token of its link."""
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        group=group,
        kind=kind,
        role=role,
        token_hash=keyed_hash(secret_key, "invitation", token),
        invited_by_id=by.id,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    return invitation, token


def hold(session: Session, invitation: Invitation) -> None:
    """Wait for whoever answers it at this moment; the group comes first, as everywhere."""
    lock_group(session, invitation.group_id)
    session.refresh(invitation, with_for_update=True)


def require_no_fault(invitation: Invitation, user: User | None, now: datetime) -> None:
    """Raise AnswerError where somebody cannot answer it."""
    fault = fault_of(invitation, user, now)
    if fault is not None:
        raise AnswerError(fault)


def settle(
    session: Session, invitation: Invitation, answer: InvitationAnswer, by: User, now: datetime
) -> None:
    """Write down what was answered, and forget the address."""
    invitation.answer = answer
    invitation.answered_at = now
    invitation.answered_by_id = by.id
    invitation.email = None
    session.flush()


def open_ones(group: Group, kind: InvitationKind, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of a group’s open invitations, or of the requests to it."""
    return (
        Invitation.group_id == group.id,
        Invitation.kind == kind,
        Invitation.answer.is_(None),
        Invitation.expires_at > now,
    )


def require_stranger(session: Session, group: Group, email: str) -> None:
    """Refuse for whom the group is their own already."""
    statement = (
        select(Membership.user_id)
        .join(Membership.user)
        .where(Membership.group_id == group.id, User.email == email)
    )
    if session.scalar(statement) is not None:
        raise InvitingError(InvitingFault.MEMBER_ALREADY)


def require_room(
    session: Session, group: Group, kind: InvitationKind, by: User, now: datetime
) -> None:
    """Refuse more than the limits allow; the group is held, and the person from here on."""
    waiting = select(func.count()).where(*open_ones(group, kind, now))
    if (session.scalar(waiting) or 0) >= MOST_OPEN:
        raise InvitingError(InvitingFault.TOO_MANY_OPEN)
    # One at a time for each person, whichever groups they invite into.
    session.execute(select(func.pg_advisory_xact_lock(USER_LOCK, by.id % 2**31)))
    today = select(func.count()).where(
        Invitation.invited_by_id == by.id,
        Invitation.kind != InvitationKind.CLAIM,
        Invitation.created_at > now - A_DAY,
    )
    if (session.scalar(today) or 0) >= MOST_A_DAY:
        raise InvitingError(InvitingFault.TOO_MANY_TODAY)
