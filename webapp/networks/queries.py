"""Finding networks, and what groups and people have to do with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.accounts.models import User
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.models import Group
from webapp.groups.network_invitations import NetworkInvitation
from webapp.groups.networks import Network, network_coordinator, network_group


@dataclass(frozen=True)
class NetworkRow:
    """A network as staff see it in their list."""

    slug: str
    name: str
    coordinators: int
    groups: int


def network_of_slug(session: Session, slug: str) -> Network | None:
    """Return the network with an address, with its coordinators."""
    statement = select(Network).where(Network.slug == slug)
    return session.scalar(statement.options(selectinload(Network.coordinators)))


def networks_of(session: Session, user: User) -> list[Network]:
    """Return the networks that somebody coordinates, by name."""
    statement = (
        select(Network)
        .join(network_coordinator, network_coordinator.c.network_id == Network.id)
        .where(network_coordinator.c.user_id == user.id)
        .order_by(Network.name, Network.id)
    )
    return list(session.scalars(statement))


def all_networks(session: Session) -> list[NetworkRow]:
    """Return all networks by name, each with how many belong to it."""
    coordinators, groups = (
        select(func.count())
        .select_from(table)
        .where(table.c.network_id == Network.id)
        .correlate(Network)
        .scalar_subquery()
        for table in (network_coordinator, network_group)
    )
    statement = select(Network.slug, Network.name, coordinators, groups)
    ordered = statement.order_by(Network.name, Network.id)
    return [NetworkRow(*found) for found in session.execute(ordered)]


def networks_holding(session: Session, group_id: int) -> list[Network]:
    """Return the networks that a group belongs to, by name."""
    statement = (
        select(Network)
        .join(network_group, network_group.c.network_id == Network.id)
        .where(network_group.c.group_id == group_id)
        .order_by(Network.name, Network.id)
    )
    return list(session.scalars(statement))


def holds(session: Session, network: Network, group_id: int) -> bool:
    """Tell whether a group belongs to a network."""
    statement = select(network_group.c.group_id).where(
        network_group.c.network_id == network.id, network_group.c.group_id == group_id
    )
    return session.scalar(statement) is not None


def group_held(session: Session, network: Network, slug: str) -> Group | None:
    """Return the group with an address if it belongs to the network, with its place and members."""
    statement = (
        select(Group)
        .join(network_group, network_group.c.group_id == Group.id)
        .where(network_group.c.network_id == network.id, Group.slug == slug)
        .options(joinedload(Group.place), selectinload(Group.memberships))
    )
    return session.scalar(statement)


def invitation_of(session: Session, network: Network, group: Group) -> NetworkInvitation | None:
    """Return a group’s invitation into a network, answered or not."""
    return session.get(NetworkInvitation, (network.id, group.id))


def invitations_open(session: Session, network: Network) -> list[NetworkInvitation]:
    """Return whom a network has invited and who has not answered, by name."""
    statement = (
        select(NetworkInvitation)
        .join(NetworkInvitation.group)
        .where(NetworkInvitation.network_id == network.id, NetworkInvitation.answer.is_(None))
        .options(joinedload(NetworkInvitation.group))
        .order_by(Group.name, Group.id)
    )
    return list(session.scalars(statement))


def invitations_to(session: Session, group_id: int) -> list[NetworkInvitation]:
    """Return the invitations into networks that a group has not answered, oldest first."""
    statement = (
        select(NetworkInvitation)
        .where(NetworkInvitation.group_id == group_id, NetworkInvitation.answer.is_(None))
        .options(joinedload(NetworkInvitation.network))
        .order_by(NetworkInvitation.invited_at, NetworkInvitation.network_id)
    )
    return list(session.scalars(statement))


def open_claim_of(session: Session, group_id: int, now: datetime) -> Invitation | None:
    """Return the claim link of a group that can still be used."""
    statement = select(Invitation).where(
        Invitation.group_id == group_id,
        Invitation.kind == InvitationKind.CLAIM,
        Invitation.answer.is_(None),
        Invitation.expires_at > now,
    )
    return session.scalars(statement.order_by(Invitation.id.desc()).limit(1)).first()
