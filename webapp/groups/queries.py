"""Finding groups, somebody’s own, those alike, and who is written to about one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Float, Select, func, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from geo.distance import within_metres
from geo.names import folded
from geo.points import Point
from webapp.accounts.models import User
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.models import Group, MemberRole, Membership
from webapp.groups.networks import network_coordinator, network_group
from webapp.language import Language
from webapp.places.models import Place

# Names that share so much of their trigrams are alike where both groups are in one
# neighbourhood; where nobody said where, they have to be nearly the same.
SIMILARITY = "pg_trgm.similarity_threshold"
ALIKE_NEARBY, ALIKE_ANYWHERE = 0.35, 0.6
NEARBY_METRES = 15_000
SHORTEST_COMPARED = 3
LARGEST_ID = 2**63  # what the database’s bigint holds


@dataclass(frozen=True)
class Addressee:
    """An address that is written to about a group, and the language in which."""

    email: str
    language: Language


def group_of_slug(session: Session, slug: str) -> Group | None:
    """Return the group with an address, with its place."""
    statement = select(Group).where(Group.slug == slug).options(joinedload(Group.place))
    return session.execute(statement).scalar_one_or_none()


def group_to_change(session: Session, slug: str) -> Group | None:
    """Return the group with an address, as it is now; until the end nobody else changes it."""
    statement = select(Group).where(Group.slug == slug).with_for_update()
    options = {"populate_existing": True}
    return session.execute(statement, execution_options=options).scalar_one_or_none()


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


def members_of(session: Session, group: Group) -> list[Membership]:
    """Return who belongs to a group, with their accounts: owners first, then the longest there."""
    is_owner = Membership.role == MemberRole.OWNER
    statement = (
        select(Membership)
        .join(Membership.user)
        .where(Membership.group_id == group.id)
        .options(contains_eager(Membership.user))
        .order_by(is_owner.desc(), Membership.created_at, Membership.user_id)
    )
    return list(session.execute(statement).unique().scalars())


def owners_of(session: Session, group: Group) -> list[User]:
    """Return who manages a group, the longest there first; closed accounts are left out."""
    members = members_of(session, group)
    return [each.user for each in members if each.role is MemberRole.OWNER and each.user.active]


def waiting_at(session: Session, group: Group, now: datetime) -> list[Invitation]:
    """Return a group’s open invitations and requests, with whoever sent them, the oldest first."""
    statement = (
        select(Invitation)
        .where(
            Invitation.group_id == group.id,
            Invitation.kind != InvitationKind.CLAIM,
            # Whoever asked and deleted their account since asks no more.
            (Invitation.kind == InvitationKind.MEMBER) | Invitation.invited_by_id.is_not(None),
            Invitation.answer.is_(None),
            Invitation.expires_at > now,
        )
        .options(joinedload(Invitation.invited_by))
        .order_by(Invitation.created_at, Invitation.id)
    )
    return list(session.execute(statement).unique().scalars())


def invitation_of_group(session: Session, group: Group, number: int) -> Invitation | None:
    """Return one of a group’s invitations or requests; a network’s claims are not among them."""
    found = session.get(Invitation, number) if 0 < number < LARGEST_ID else None
    if found is None or found.group_id != group.id or found.kind is InvitationKind.CLAIM:
        return None
    return found


def invitation_of_token(session: Session, token_hash: bytes) -> Invitation | None:
    """Return the invitation by e-mail whose link was followed."""
    statement = select(Invitation).where(
        Invitation.token_hash == token_hash, Invitation.kind == InvitationKind.MEMBER
    )
    return session.execute(statement).scalar_one_or_none()


def requests_without_owner(session: Session, now: datetime) -> list[Invitation]:
    """Return open requests that no owner can answer, the oldest first: staff have to."""
    owned = (
        select(Membership.group_id)
        .join(Membership.user)
        .where(Membership.role == MemberRole.OWNER, User.active)
    )
    statement = (
        select(Invitation)
        .where(
            Invitation.kind == InvitationKind.REQUEST,
            Invitation.invited_by_id.is_not(None),
            Invitation.answer.is_(None),
            Invitation.expires_at > now,
            Invitation.group_id.not_in(owned),
        )
        .options(joinedload(Invitation.group), joinedload(Invitation.invited_by))
        .order_by(Invitation.created_at, Invitation.id)
    )
    return list(session.execute(statement).unique().scalars())


def addressees_of(session: Session, group: Group) -> list[Addressee]:
    """Return who is written to about a group: its contact address, else its members, else its helper.

    About a group that nobody has taken over yet, those who coordinate its networks are written to.
    The contact address is written to in the language of whoever has been an owner longest.
    """
    people = [each.user for each in members_of(session, group) if each.user.active]
    if group.contact_email:
        return [Addressee(group.contact_email, people[0].language if people else Language.ENGLISH)]
    if not people and group.helper_id:
        helper = session.get_one(User, group.helper_id)
        people = [helper] if helper.active else []
    if not people:
        people = _coordinators_of(session, group)
    return [Addressee(each.email, each.language) for each in people]


def _coordinators_of(session: Session, group: Group) -> list[User]:
    statement = (
        select(User)
        .join(network_coordinator, network_coordinator.c.user_id == User.id)
        .join(network_group, network_group.c.network_id == network_coordinator.c.network_id)
        .where(network_group.c.group_id == group.id, User.active)
        .order_by(User.id)
    )
    return list(session.scalars(statement).unique())


def similar_groups(
    session: Session, name: str, where: Place | Point | None, limit: int = 5
) -> list[Group]:
    """Return groups with much the same name, with their places: in the neighbourhood of a place.

    Where it is not known, of either, the names have to be more alike. The likest come first.
    """
    wanted = folded(name)
    if len(wanted) < SHORTEST_COMPARED:
        return []
    # What the index is asked for, by names alone.
    session.execute(select(func.set_config(SIMILARITY, str(ALIKE_ANYWHERE), True)))
    point = where.position if isinstance(where, Place) else where
    alike: ColumnElement[float] = func.similarity(Group.folded_name, wanted, type_=Float)
    statement = (
        select(Group)
        .where(Group.id.in_(_alike(wanted, point)))
        .options(joinedload(Group.place))
        .order_by(alike.desc(), Group.id)
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def _alike(wanted: str, point: Point | None) -> Select[int] | CompoundSelect[int]:
    """Return the ids of groups alike: nearby by the place’s index, elsewhere by the names’."""
    same = select(Group.id).where(Group.folded_name.op("%", is_comparison=True)(wanted))
    if point is None:
        return same
    nearby = (
        select(Group.id)
        .join(Group.place)
        .where(
            within_metres(Place.point, point, NEARBY_METRES),
            func.similarity(Group.folded_name, wanted, type_=Float) >= ALIKE_NEARBY,
        )
    )
    return union_all(nearby, same.where(Group.place_id.is_(None)))
