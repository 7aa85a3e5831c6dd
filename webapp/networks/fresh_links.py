"""Claim links that a coordinator has just made: in their own browser’s session, for an hour.

Only what tokens are derived from is kept, so that two hundred links fit into a cookie.
"""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.models import Group
from webapp.groups.networks import Network
from webapp.networks.claims import Issue, is_of, token_of

SHOWN_FOR = timedelta(hours=1)
KEY = "claim_links"


@dataclass(frozen=True)
class FreshLink:
    """A link that can be passed on; `is_mailed` where it has been sent as well."""

    group_name: str
    group_slug: str
    token: str
    is_mailed: bool


def keep(
    cookie: MutableMapping[str, Any], network: Network, issue: Issue, groups: Sequence[Group]
) -> None:
    """Remember links that were made just now, instead of those before them."""
    first = min(group.id for group in groups)
    cookie[KEY] = {
        "network": network.id,
        "batch": issue.batch,
        "first": first,
        "further": [group.id - first for group in groups],
        "until": int((issue.now + SHOWN_FOR).timestamp()),
    }


def kept_links(
    session: Session,
    cookie: MutableMapping[str, Any],
    network: Network,
    secret_key: str,
    now: datetime,
) -> list[FreshLink]:
    """Return the links that can still be shown and used, by the groups’ names."""
    kept = cookie.get(KEY)
    if not kept or kept["network"] != network.id:
        return []
    if datetime.fromtimestamp(kept["until"], UTC) < now:
        del cookie[KEY]
        return []
    group_ids = [kept["first"] + each for each in kept["further"]]
    links = []
    for claim in _open_claims(session, group_ids, now):
        token = token_of(secret_key, kept["batch"], claim.group_id)
        if is_of(claim, secret_key, token):
            group = claim.group
            links.append(FreshLink(group.name, group.slug, token, claim.email is not None))
    return links


def _open_claims(session: Session, group_ids: Sequence[int], now: datetime) -> Sequence[Invitation]:
    statement = (
        select(Invitation)
        .join(Invitation.group)
        .where(
            Invitation.group_id.in_(group_ids),
            Invitation.kind == InvitationKind.CLAIM,
            Invitation.answer.is_(None),
            Invitation.expires_at > now,
        )
        .options(joinedload(Invitation.group))
        .order_by(Group.name, Group.id)
    )
    return session.scalars(statement).all()
