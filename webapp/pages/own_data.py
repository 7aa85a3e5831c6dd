"""All that the site knows of one person, for that person: from every feature, of nobody else."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.browsers import browsers_of
from webapp.accounts.models import User
from webapp.accounts.passkeys import passkeys_of
from webapp.drafts.models import EventDraft
from webapp.events.history import EventChange
from webapp.events.models import Event
from webapp.groups.invitations import Invitation
from webapp.groups.models import Group, Membership
from webapp.groups.networks import Network, network_coordinator
from webapp.moments.models import Moment
from webapp.pages.own_deeds import Rows, deeds_of, rows_of, written
from webapp.pledges.contact_models import PledgeContact


def data_of(session: Session, user: User, now: datetime) -> dict[str, Any]:
    """Return what is kept of somebody, in words that JSON knows; times are in UTC."""
    return {
        "made_at": now.isoformat(),
        "account": _account(user),
        "sessions": _sessions(session, user),
        "passkeys": _passkeys(session, user),
        "groups": _groups(session, user),
        "groups_helped": rows_of(session, select(Group.name).where(Group.helper_id == user.id)),
        "invitations_into_groups": _invitations(session, user),
        "networks": _networks(session, user),
        "events_listed": _events(session, user),
        "changes_to_events": _changes(session, user),
        "drafts": _drafts(session, user),
        "mails_about_pledges": _pledge_contacts(session, user),
        **deeds_of(session, user),
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "language": user.language.value,
        "made_at": user.created_at.isoformat(),
        "works_for_the_campaign": bool(user.roles),
        "has_authenticator_app": user.totp_secret is not None,
    }


def _sessions(session: Session, user: User) -> Rows:
    return [
        {
            "device": each.device,
            "signed_in_at": written(each.created_at),
            "last_seen_at": written(each.seen_at),
            "second_factor_given_at": written(each.proved_at),
        }
        for each in browsers_of(session, user)
    ]


def _passkeys(session: Session, user: User) -> Rows:
    return [
        {
            "name": each.name,
            "added_at": written(each.created_at),
            "last_used_at": written(each.last_used_at),
        }
        for each in passkeys_of(session, user)
    ]


def _groups(session: Session, user: User) -> Rows:
    statement = select(Group.name, Group.slug, Membership.role, Membership.created_at)
    mine = statement.join(Membership.group).where(Membership.user_id == user.id)
    return rows_of(session, mine.order_by(Group.name, Group.id))


def _invitations(session: Session, user: User) -> Rows:
    statement = select(Group.name, Invitation.role, Invitation.created_at)
    mine = statement.join(Invitation.group).where(Invitation.email == user.email)
    return rows_of(session, mine.order_by(Invitation.id))


def _networks(session: Session, user: User) -> Rows:
    statement = select(Network.name, Network.slug).join(network_coordinator)
    mine = statement.where(network_coordinator.c.user_id == user.id)
    return rows_of(session, mine.order_by(Network.name, Network.id))


def _events(session: Session, user: User) -> Rows:
    columns = (
        Event.public_id, Event.title, Event.description, Event.starts_at, Event.ends_at,
        Event.status, Event.venue_type, Event.venue_name, Event.created_at,
        Group.name.label("group"),
    )  # fmt: skip
    mine = select(*columns).join(Event.group).where(Event.listed_by_id == user.id)
    return rows_of(session, mine.order_by(Event.starts_at, Event.id))


def _changes(session: Session, user: User) -> Rows:
    columns = Event.public_id, EventChange.kind, EventChange.at, EventChange.explanation
    mine = select(*columns).join(Event, Event.id == EventChange.event_id)
    return rows_of(session, mine.where(EventChange.by_id == user.id).order_by(EventChange.id))


def _drafts(session: Session, user: User) -> Rows:
    columns = EventDraft.answers, EventDraft.created_at, EventDraft.changed_at
    mine = select(*columns).where(EventDraft.user_id == user.id)
    return rows_of(session, mine.order_by(EventDraft.created_at, EventDraft.id))


def _pledge_contacts(session: Session, user: User) -> Rows:
    """Return for which pledges somebody confirmed the same address; not whether they still stand."""
    columns = (
        Moment.slug.label("moment"), Event.public_id.label("event"), PledgeContact.language,
        PledgeContact.wants_reminder, PledgeContact.wants_news, PledgeContact.wants_place,
        PledgeContact.wording, PledgeContact.asked_at, PledgeContact.confirmed_at,
        PledgeContact.reminded_at,
    )  # fmt: skip
    found = select(*columns).join(Moment, Moment.id == PledgeContact.moment_id)
    mine = found.outerjoin(Event, Event.id == PledgeContact.event_id).where(
        PledgeContact.email == user.email, PledgeContact.confirmed_at.is_not(None)
    )
    return rows_of(session, mine.order_by(PledgeContact.asked_at, PledgeContact.pledge))
