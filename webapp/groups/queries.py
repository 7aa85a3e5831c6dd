"""Finding groups, and somebody’s own."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.accounts.models import User
from webapp.groups.models import Group, Membership


def group_of_slug(session: Session, slug: str) -> Group | None:
    """Return the group with an address, with its place."""
    statement = select(Group).where(Group.slug == slug).options(joinedload(Group.place))
    return session.execute(statement).scalar_one_or_none()


def groups_of(session: Session, user: User) -> list[Group]:
    """Return the groups that somebody belongs to, by name, with their members."""
    statement = (
        select(Group)
        .join(Group.memberships)
        .where(Membership.user_id == user.id)
        .options(selectinload(Group.memberships))
        .order_by(Group.name, Group.id)
    )
    return list(session.execute(statement).scalars())
