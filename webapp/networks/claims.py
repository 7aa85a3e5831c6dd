"""Claim links: whoever has one, and signs in, becomes the owner of a group that a network made.

Of a link only a keyed hash is kept. Its token is derived from a random batch that the coordinator’s
browser alone keeps for an hour, so that two hundred new links can be shown and none is stored.
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.addresses import keyed_hash
from webapp.accounts.models import User
from webapp.groups.invitations import Invitation, InvitationAnswer, InvitationKind
from webapp.groups.models import Group, MemberRole, Membership
from webapp.language import Language
from webapp.outbox import post_mail

CLAIM_LIFETIME = timedelta(days=60)
LONGEST_TOKEN = 64


class ClaimState(StrEnum):
    """What can be done with a claim link."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ClaimClosedError(Exception):
    """A claim link can no longer be used."""


@dataclass(frozen=True, kw_only=True)
class Issue:
    """Who makes claim links, and when; `batch` is what their tokens are derived from."""

    by: User
    now: datetime
    language: Language
    secret_key: str
    batch: str = field(default_factory=lambda: secrets.token_urlsafe(16))


def token_of(secret_key: str, batch: str, group_id: int) -> str:
    """Return the token of a group’s link."""
    digest = keyed_hash(secret_key, "claim-token", batch, str(group_id))
    return urlsafe_b64encode(digest[:18]).decode()


def make_claim_link(session: Session, group: Group, issue: Issue, email: str | None = None) -> None:
    """Make a group’s one claim link, which ends those before it; mail it where an address is known."""
    withdraw_claim_links(session, group.id, issue.now)
    token = token_of(issue.secret_key, issue.batch, group.id)
    session.add(
        Invitation(
            group_id=group.id,
            kind=InvitationKind.CLAIM,
            role=MemberRole.OWNER,
            email=email,
            token_hash=_hash(issue.secret_key, token),
            invited_by_id=issue.by.id,
            expires_at=issue.now + CLAIM_LIFETIME,
        )
    )
    if email:
        _mail(session, group, email, token, issue)


def withdraw_claim_links(session: Session, group_id: int, now: datetime) -> None:
    """End a group’s claim links that nobody has used."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.group_id == group_id,
            Invitation.kind == InvitationKind.CLAIM,
            Invitation.answer.is_(None),
        )
        .values(answer=InvitationAnswer.WITHDRAWN, answered_at=now, email=None)
    )


def claim_of(session: Session, secret_key: str, token: str) -> Invitation | None:
    """Return what a link leads to, used up or not, with its group and the group’s networks."""
    if len(token) > LONGEST_TOKEN:
        return None
    statement = (
        select(Invitation)
        .where(
            Invitation.token_hash == _hash(secret_key, token),
            Invitation.kind == InvitationKind.CLAIM,
        )
        .options(joinedload(Invitation.group).selectinload(Group.networks))
        .options(joinedload(Invitation.group).selectinload(Group.memberships))
    )
    return session.scalar(statement)


def state_of(claim: Invitation, now: datetime) -> ClaimState:
    """Return what can be done with a claim link."""
    if claim.answer is InvitationAnswer.ACCEPTED:
        return ClaimState.ACCEPTED
    if claim.answer is not None:
        return ClaimState.WITHDRAWN
    return ClaimState.OPEN if claim.is_open(now) else ClaimState.EXPIRED


def accept_claim(session: Session, claim: Invitation, *, by: User, now: datetime) -> None:
    """Make whoever has the link an owner of the group; raises ClaimClosedError where it is used up.

    Two who send it at the same time wait for each other here, so that one of them gets the group.
    """
    session.refresh(claim, with_for_update={"of": Invitation})
    if state_of(claim, now) is not ClaimState.OPEN:
        raise ClaimClosedError
    claim.answer, claim.answered_at, claim.answered_by_id = InvitationAnswer.ACCEPTED, now, by.id
    claim.email = None
    membership = session.get(Membership, (by.id, claim.group_id))
    if membership is None:
        owner = Membership(user_id=by.id, group_id=claim.group_id, role=MemberRole.OWNER)
        session.add(owner)
    else:
        membership.role = MemberRole.OWNER


def is_of(claim: Invitation, secret_key: str, token: str) -> bool:
    """Tell whether a token is that of a link; a later link of the same group has another."""
    return claim.token_hash == _hash(secret_key, token)


def _hash(secret_key: str, token: str) -> bytes:
    return keyed_hash(secret_key, "claim", token)


def _mail(session: Session, group: Group, email: str, token: str, issue: Issue) -> None:
    post_mail(
        session,
        "claim",
        to=email,
        language=issue.language,
        send_before=issue.now + CLAIM_LIFETIME,
        token=token,
        group_name=group.name,
        network_name=", ".join(network.name for network in group.networks),
    )
