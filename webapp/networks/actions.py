"""What staff, coordinators and groups do with networks. The adding of groups stands in `adding.py`."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.accounts.actions import user_with_email
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.groups.invitations import InvitationAnswer
from webapp.groups.models import Group, Membership
from webapp.groups.network_invitations import NetworkInvitation
from webapp.groups.networks import Network, network_coordinator, network_group
from webapp.groups.queries import owners_of
from webapp.groups.slugs import first_free, slug_of
from webapp.language import Language
from webapp.networks.claims import withdraw_claim_links
from webapp.networks.queries import holds
from webapp.outbox import post_mail

# A mail that says what was done, or asks, is of no use later than this.
MAIL_LIFETIME = timedelta(days=14)


class AlreadyThereError(Exception):
    """The group belongs to the network already, or is asked already."""


class HasRefusedError(Exception):
    """The group has said no to the network, or has left it."""


class NobodyToAskError(Exception):
    """The group has no owner who could answer."""


class WithdrawnError(Exception):
    """The network has taken its invitation back."""


def make_network(session: Session, name: str) -> Network:
    """Make a network; several may have one name."""
    slug = slug_of(name)
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"network {slug}", 0))))
    alike = select(Network.slug).where(Network.slug.startswith(slug, autoescape=True))
    network = Network(slug=first_free(slug, set(session.scalars(alike))), name=name)
    session.add(network)
    session.flush()
    return network


def add_coordinator(
    session: Session, network: Network, email: str, *, language: Language, now: datetime
) -> None:
    """Let somebody coordinate a network and tell them; an account is made for a new address."""
    user = user_with_email(session, email, language=language)
    statement = insert(network_coordinator).values(network_id=network.id, user_id=user.id)
    added = session.execute(
        statement.on_conflict_do_nothing().returning(network_coordinator.c.user_id)
    )
    if added.first() is None:
        return
    session.expire(network, ["coordinators"])
    post_mail(
        session,
        "coordinator_added",
        to=user.email,
        language=user.language,
        send_before=now + MAIL_LIFETIME,
        network_name=network.name,
        network_slug=network.slug,
    )


def remove_coordinator(session: Session, network: Network, user_id: int) -> None:
    """Let somebody coordinate a network no longer."""
    session.execute(
        delete(network_coordinator).where(
            network_coordinator.c.network_id == network.id,
            network_coordinator.c.user_id == user_id,
        )
    )
    session.expire(network, ["coordinators"])


def put_group_in(session: Session, network: Network, group: Group) -> None:
    """Let a network hold a group; it may do so already."""
    row = {"network_id": network.id, "group_id": group.id}
    session.execute(insert(network_group).values(row).on_conflict_do_nothing())
    session.expire(group, ["networks"])


def invite_group(
    session: Session, network: Network, group: Group, *, by: User, now: datetime
) -> None:
    """Ask the owners of a group that exists whether it joins a network.

    Raises AlreadyThereError, HasRefusedError or NobodyToAskError.
    """
    invitation = session.get(NetworkInvitation, (network.id, group.id), with_for_update=True)
    _require_askable(session, network, group, invitation)
    invitation = invitation or NetworkInvitation(network_id=network.id, group_id=group.id)
    invitation.invited_by_id, invitation.invited_at = by.id, now
    invitation.answer = invitation.answered_at = invitation.answered_by_id = None
    session.add(invitation)
    session.flush()
    for owner in owners_of(session, group):
        post_mail(
            session,
            "network_invitation",
            to=owner.email,
            language=owner.language,
            send_before=now + MAIL_LIFETIME,
            network_name=network.name,
            network_slug=network.slug,
            group_name=group.name,
            group_slug=group.slug,
        )


def withdraw_invitation(invitation: NetworkInvitation, *, now: datetime) -> None:
    """Take back an invitation that is not answered."""
    if invitation.answer is None:
        invitation.answer, invitation.answered_at = InvitationAnswer.WITHDRAWN, now


def answer_invitation(
    session: Session, invitation: NetworkInvitation, *, accepts: bool, by: User, now: datetime
) -> None:
    """Say whether a group joins; whoever said no may still say yes. Raises WithdrawnError."""
    session.refresh(invitation, with_for_update={"of": NetworkInvitation})
    if invitation.answer is InvitationAnswer.WITHDRAWN:
        raise WithdrawnError
    answer = InvitationAnswer.ACCEPTED if accepts else InvitationAnswer.REFUSED
    invitation.answer, invitation.answered_at, invitation.answered_by_id = answer, now, by.id
    if accepts:
        put_group_in(session, invitation.network, invitation.group)
    else:
        _take_out(session, invitation.network_id, invitation.group)


def leave_network(
    session: Session, network: Network, group: Group, *, by: User, now: datetime
) -> None:
    """Take a group out of a network, as its owners wish; the network cannot ask it again."""
    _take_out(session, network.id, group)
    said = {
        "invited_at": now,
        "answer": InvitationAnswer.REFUSED,
        "answered_at": now,
        "answered_by_id": by.id,
    }
    row = {"network_id": network.id, "group_id": group.id, **said}
    statement = insert(NetworkInvitation).values(row)
    session.execute(
        statement.on_conflict_do_update(index_elements=["network_id", "group_id"], set_=said)
    )


def remove_group(session: Session, network: Network, group: Group, *, now: datetime) -> None:
    """Take a group out of a network, as its coordinators wish.

    One that nobody has taken over and that lists nothing is gone with it.
    """
    vanishes = would_vanish(session, network, group)
    _take_out(session, network.id, group)
    if vanishes:
        session.delete(group)
    elif not group.memberships:
        withdraw_claim_links(session, group.id, now)
    session.flush()


def would_vanish(session: Session, network: Network, group: Group) -> bool:
    """Tell whether a group is no more than a name in this network: nobody’s, and without an event."""
    elsewhere = network_group.c.network_id != network.id
    uses = (
        select(Membership.user_id).where(Membership.group_id == group.id),
        select(Event.id).where(Event.group_id == group.id),
        select(network_group.c.group_id).where(network_group.c.group_id == group.id, elsewhere),
    )
    is_used = (session.execute(use.limit(1)).first() is not None for use in uses)
    return group.helper_id is None and not any(is_used)


def _require_askable(
    session: Session, network: Network, group: Group, invitation: NetworkInvitation | None
) -> None:
    if holds(session, network, group.id):
        raise AlreadyThereError
    if invitation is not None:
        if invitation.answer is None:
            raise AlreadyThereError
        if invitation.answer is InvitationAnswer.REFUSED:
            raise HasRefusedError
    if not owners_of(session, group):
        raise NobodyToAskError


def _take_out(session: Session, network_id: int, group: Group) -> None:
    session.execute(
        delete(network_group).where(
            network_group.c.network_id == network_id, network_group.c.group_id == group.id
        )
    )
    session.expire(group, ["networks"])
