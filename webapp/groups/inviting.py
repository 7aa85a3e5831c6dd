"""Invite people into a group by e-mail, and answer an invitation.

It is good for one address, once, for two weeks; of its link a keyed hash is kept. Whether an address
has an account makes no difference to anything here. `secret_key` is the site’s own.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.groups.invitation_rules import (
    GOOD_FOR,
    InvitingError,
    InvitingFault,
    hold,
    new_invitation,
    open_ones,
    require_no_fault,
    require_room,
    require_stranger,
    settle,
)
from webapp.groups.invitations import Invitation, InvitationAnswer, InvitationKind
from webapp.groups.membership import add_member, lock_group
from webapp.groups.models import Group, MemberRole
from webapp.outbox import post_mail


def invite(
    session: Session,
    group: Group,
    email: str,
    role: MemberRole,
    *,
    by: User,
    secret_key: str,
    now: datetime,
) -> None:
    """Send an invitation to a normalised address; raises InvitingError."""
    lock_group(session, group.id)
    require_stranger(session, group, email)
    theirs = *open_ones(group, InvitationKind.MEMBER, now), Invitation.email == email
    if session.scalar(select(Invitation.id).where(*theirs)):
        raise InvitingError(InvitingFault.INVITED_ALREADY)
    require_room(session, group, InvitationKind.MEMBER, by, now)
    invitation, token = new_invitation(group, InvitationKind.MEMBER, role, by, secret_key, now)
    invitation.email = email
    session.add(invitation)
    session.flush()
    post_mail(
        session,
        "group_invitation",
        to=email,
        language=by.language,
        send_before=invitation.expires_at,
        group_name=group.name,
        role=role.value,
        invited_by=by.email,
        token=token,
    )


def accept(session: Session, invitation: Invitation, *, by: User, now: datetime) -> None:
    """Come in by an invitation to one’s own address; raises AnswerError."""
    hold(session, invitation)
    require_no_fault(invitation, by, now)
    add_member(session, invitation.group, by, invitation.role)
    settle(session, invitation, InvitationAnswer.ACCEPTED, by, now)


def refuse(session: Session, invitation: Invitation, *, by: User, now: datetime) -> None:
    """Say no to an invitation to one’s own address; raises AnswerError."""
    hold(session, invitation)
    require_no_fault(invitation, by, now)
    settle(session, invitation, InvitationAnswer.REFUSED, by, now)


def withdraw(session: Session, invitation: Invitation, *, by: User, now: datetime) -> None:
    """Take an invitation or a request back; raises AnswerError where it was answered before."""
    hold(session, invitation)
    require_no_fault(invitation, None, now)
    settle(session, invitation, InvitationAnswer.WITHDRAWN, by, now)


def invitation_answered(session: Session, invitation: Invitation, now: datetime) -> None:
    """Tell whoever sent an invitation what became of it, if they are still there."""
    sender = invitation.invited_by
    if sender is None or not sender.active:
        return
    post_mail(
        session,
        "group_invitation_answered",
        to=sender.email,
        language=sender.language,
        send_before=now + GOOD_FOR,
        group_name=invitation.group.name,
        slug=invitation.group.slug,
        answer=str(invitation.answer),
    )


def forget_expired(session: Session, now: datetime) -> None:
    """Forget the addresses of invitations that nobody answered in time."""
    late = Invitation.expires_at <= now, Invitation.email.is_not(None)
    session.execute(update(Invitation).where(*late).values(email=None))
