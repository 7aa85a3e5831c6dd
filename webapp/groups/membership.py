"""Who belongs to a group as what. A group that has an owner never loses its last one.

Each change waits for others of the same group, so that two owners who leave at once do not both go.
"""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.groups.models import Group, MemberRole, Membership
from webapp.groups.queries import LARGEST_ID


class LastOwnerError(Exception):
    """Nobody would look after the group any more."""


class NotAMemberError(LookupError):
    """The person does not belong to the group, or no longer."""


def lock_group(session: Session, group_id: int) -> None:
    """Wait until nobody else changes who belongs to a group, and keep it so until the end."""
    session.execute(select(Group.id).where(Group.id == group_id).with_for_update())


def membership_of(session: Session, group: Group, user_id: int) -> Membership:
    """Return somebody’s place in a group as it is now; raises NotAMemberError."""
    if not 0 < user_id < LARGEST_ID:
        raise NotAMemberError
    statement = select(Membership).where(
        Membership.group_id == group.id, Membership.user_id == user_id
    )
    options = {"populate_existing": True}
    found = session.execute(statement, execution_options=options).unique().scalar_one_or_none()
    if found is None:
        raise NotAMemberError
    return found


def add_member(session: Session, group: Group, user: User, role: MemberRole) -> None:
    """Let somebody belong to a group; who does already keeps the larger role."""
    lock_group(session, group.id)
    try:
        held = membership_of(session, group, user.id)
    except NotAMemberError:
        session.add(Membership(user_id=user.id, group_id=group.id, role=role))
    else:
        held.role = MemberRole.OWNER if MemberRole.OWNER in {role, held.role} else role
    session.flush()
    session.expire(group, ["memberships"])


def give_role(session: Session, group: Group, user_id: int, role: MemberRole) -> None:
    """Make a member owner or editor; raises LastOwnerError and NotAMemberError."""
    lock_group(session, group.id)
    member = membership_of(session, group, user_id)
    if role is not MemberRole.OWNER:
        _require_another_owner(session, member)
    member.role = role
    session.flush()


def remove_member(session: Session, group: Group, user_id: int) -> None:
    """Let somebody belong to a group no more, or leave; raises LastOwnerError and NotAMemberError."""
    lock_group(session, group.id)
    member = membership_of(session, group, user_id)
    _require_another_owner(session, member)
    session.delete(member)
    session.flush()
    session.expire(group, ["memberships"])


def hand_over(session: Session, group: Group, *, by: User, to: int, stays: bool) -> User:
    """Make another member the owner in place of `by`, who stays as an editor or leaves.

    Returns the new owner; raises NotAMemberError.
    """
    lock_group(session, group.id)
    heir = membership_of(session, group, to)
    heir.role = MemberRole.OWNER
    session.flush()
    if stays:
        give_role(session, group, by.id, MemberRole.EDITOR)
    else:
        remove_member(session, group, by.id)
    return heir.user


def is_last_owner(session: Session, group: Group, user: User) -> bool:
    """Tell whether a group would be without an owner if this person were none."""
    try:
        _require_another_owner(session, membership_of(session, group, user.id))
    except LastOwnerError:
        return True
    except NotAMemberError:
        return False
    return False


def _require_another_owner(session: Session, member: Membership) -> None:
    if member.role is not MemberRole.OWNER:
        return
    another = exists().where(
        Membership.group_id == member.group_id,
        Membership.role == MemberRole.OWNER,
        Membership.user_id != member.user_id,
        Membership.user_id == User.id,
        User.active,
    )
    if not session.scalar(select(another)):
        raise LastOwnerError
