"""Community groups, for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.accounts import make_user
from webapp.accounts.models import User
from webapp.groups.actions import create_group
from webapp.groups.models import Group, MemberRole, Membership, Sector

_numbers = count(1)


def make_group(session: Session, *, by: User | None = None, **kw: Any) -> Group:
    """Return a group; without `by`, somebody new owns it."""
    values = {"name": f"Neighbours {next(_numbers)}", "sector": Sector.CHARITY} | kw
    return create_group(session, by=by or make_user(session), **values)


def make_member(session: Session, group: Group, *, role: MemberRole = MemberRole.EDITOR) -> User:
    """Return somebody new who belongs to the group."""
    user = make_user(session)
    session.add(Membership(user_id=user.id, group_id=group.id, role=role))
    session.flush()
    session.expire(group, ["memberships"])
    return user
