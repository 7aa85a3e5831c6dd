"""Deleting an account: what goes with it, and what must be handed over first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import User
from webapp.accounts.notices import post_account_deleted
from webapp.events.models import Event, EventStatus
from webapp.groups.invitations import Invitation
from webapp.groups.models import Group, MemberRole, Membership
from webapp.pledges.contact_models import PledgeContact

OVER_ANYWAY = (EventStatus.CANCELLED, EventStatus.HIDDEN)


class StillNeededError(Exception):
    """Groups that have members or coming events would have nobody who manages them."""


@dataclass(frozen=True)
class OwnedGroup:
    """A group of which somebody is the only owner."""

    slug: str
    name: str
    others: int  # who belong to it, too
    coming: int  # events that are still to come

    @property
    def must_be_handed_over(self) -> bool:
        """Whether somebody counts on the group having an owner."""
        return self.others > 0 or self.coming > 0


def groups_owned_alone(session: Session, user: User, now: datetime) -> list[OwnedGroup]:
    """Return the groups that nobody else owns, by name."""
    own, other = aliased(Membership), aliased(Membership)
    others = other.group_id == Group.id, other.user_id != user.id
    another_owner = exists().where(
        *others, other.role == MemberRole.OWNER, User.id == other.user_id, User.active
    )
    still_to_come = (
        Event.group_id == Group.id, Event.ends_at > now, Event.status.not_in(OVER_ANYWAY),
    )  # fmt: skip
    statement = (
        select(
            Group.slug,
            Group.name,
            select(func.count(other.user_id)).where(*others).scalar_subquery(),
            select(func.count(Event.id)).where(*still_to_come).scalar_subquery(),
        )
        .join(own, own.group_id == Group.id)
        .where(own.user_id == user.id, own.role == MemberRole.OWNER, ~another_owner)
        .order_by(Group.name, Group.id)
    )
    return [OwnedGroup(*found) for found in session.execute(statement)]


def delete_account(session: Session, user: User, now: datetime) -> None:
    """Delete somebody’s account with all that is theirs alone; raises StillNeededError.

    Events and groups stay. Where nobody belongs to a group any more, how to reach it goes.
    """
    mine = select(Membership.group_id).where(Membership.user_id == user.id)
    # Two owners who leave at the same moment do so one after the other.
    session.execute(select(Group.id).where(Group.id.in_(mine)).order_by(Group.id).with_for_update())
    alone = groups_owned_alone(session, user, now)
    if any(group.must_be_handed_over for group in alone):
        raise StillNeededError
    slugs = [group.slug for group in alone]
    _forget_contacts(session, user, slugs)
    session.execute(delete(Invitation).where(Invitation.email == user.email))
    # Whoever confirmed it, or typed it for them: nothing is written to it any more. The pledges stay.
    session.execute(delete(PledgeContact).where(PledgeContact.email == user.email))
    post_account_deleted(session, user, now)
    session.delete(user)
    session.flush()


def _forget_contacts(session: Session, user: User, slugs: list[str]) -> None:
    unreachable = {"contact_email": None, "contact_phone": None}
    session.execute(update(Group).where(Group.slug.in_(slugs)).values(unreachable))
    theirs = Group.contact_email == user.email
    session.execute(update(Group).where(theirs).values(contact_email=None))
