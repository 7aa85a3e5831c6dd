"""Ask to be let into a group, and answer whoever asks."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
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
from webapp.groups.queries import owners_of
from webapp.outbox import post_mail


def ask_to_join(
    session: Session, group: Group, *, by: User, secret_key: str, now: datetime
) -> Invitation:
    """Ask a group’s owners to be let in; raises InvitingError."""
    lock_group(session, group.id)
    require_stranger(session, group, by.email)
    mine = Invitation.invited_by_id == by.id
    still_open = *open_ones(group, InvitationKind.REQUEST, now), mine
    if session.scalar(select(Invitation.id).where(*still_open)):
        raise InvitingError(InvitingFault.INVITED_ALREADY)
    if session.scalar(select(Invitation.id).where(mine, *_refused_lately(group, now)).limit(1)):
        raise InvitingError(InvitingFault.REFUSED_LATELY)
    require_room(session, group, InvitationKind.REQUEST, by, now)
    request, _token = new_invitation(
        group, InvitationKind.REQUEST, MemberRole.EDITOR, by, secret_key, now
    )
    session.add(request)
    session.flush()
    _tell_owners(session, request, by)
    return request


def let_in(
    session: Session, request: Invitation, role: MemberRole, *, by: User, now: datetime
) -> None:
    """Say yes to somebody who asked to be let in; raises AnswerError."""
    hold(session, request)
    require_no_fault(request, None, now)
    asker = session.get_one(User, request.invited_by_id)
    add_member(session, request.group, asker, role)
    request.role = role
    settle(session, request, InvitationAnswer.ACCEPTED, by, now)
    _tell_asker(session, request, asker, now)


def turn_down(session: Session, request: Invitation, *, by: User, now: datetime) -> None:
    """Say no to somebody who asked to be let in; raises AnswerError."""
    hold(session, request)
    require_no_fault(request, None, now)
    settle(session, request, InvitationAnswer.REFUSED, by, now)
    _tell_asker(session, request, session.get_one(User, request.invited_by_id), now)


def _refused_lately(group: Group, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.group_id == group.id,
        Invitation.kind == InvitationKind.REQUEST,
        Invitation.answer == InvitationAnswer.REFUSED,
        Invitation.answered_at > now - GOOD_FOR,
    )


def _tell_owners(session: Session, request: Invitation, asker: User) -> None:
    for owner in owners_of(session, request.group):
        post_mail(
            session,
            "group_request",
            to=owner.email,
            language=owner.language,
            send_before=request.expires_at,
            group_name=request.group.name,
            slug=request.group.slug,
            number=str(request.id),
            asked_by=asker.email,
        )


def _tell_asker(session: Session, request: Invitation, asker: User, now: datetime) -> None:
    post_mail(
        session,
        "group_request_answered",
        to=asker.email,
        language=asker.language,
        send_before=now + GOOD_FOR,
        group_name=request.group.name,
        answer=str(request.answer),
    )
