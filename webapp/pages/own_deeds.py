"""What somebody has asked, answered and decided: whom they asked or answered is not told."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.asked_places.models import AskedPlace
from webapp.corrections.models import PledgeDecision
from webapp.events.co_hosts import CoHost
from webapp.events.models import Event
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.models import Group
from webapp.groups.network_invitations import NetworkInvitation
from webapp.groups.networks import Network
from webapp.moderation.models import Concern, StandingChange
from webapp.questions.models import Question
from webapp.vouching.models import CallerPledge

Rows = list[dict[str, Any]]


def deeds_of(session: Session, user: User) -> dict[str, Rows]:
    """Return what a person did with invitations, questions and, as staff, with groups and reports."""
    statements = {
        "requests_to_groups": _requests(user),
        "invitations_sent": _sent(user),
        "invitations_answered": _answered(user),
        "co_hosting": _co_hosting(user),
        "invitations_into_networks": _network_invitations(user),
        "questions_answered": _questions(user),
        "places_answered": _places(user),
        "callers_pledges": _calls(user),
        "decisions_about_groups": _decisions(user),
        "decisions_about_pledges": _pledge_decisions(user),
        "reports_settled": _settled(user),
    }
    return {name: rows_of(session, statement) for name, statement in statements.items()}


def rows_of(session: Session, statement: Select[*tuple[Any, ...]]) -> Rows:
    """Return what a statement finds, in words that JSON knows."""
    found = session.execute(statement).mappings()
    return [{name: written(value) for name, value in row.items()} for row in found]


def written(value: Any) -> Any:
    """Return a value as JSON knows it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _invitations() -> Select[*tuple[Any, ...]]:
    columns = (
        Group.name.label("group"), Invitation.kind, Invitation.role, Invitation.created_at,
        Invitation.answer, Invitation.answered_at,
    )  # fmt: skip
    return select(*columns).join(Invitation.group).order_by(Invitation.id)


def _requests(user: User) -> Select[*tuple[Any, ...]]:
    is_request = Invitation.kind == InvitationKind.REQUEST
    return _invitations().where(Invitation.invited_by_id == user.id, is_request)


def _sent(user: User) -> Select[*tuple[Any, ...]]:
    is_request = Invitation.kind == InvitationKind.REQUEST
    return _invitations().where(Invitation.invited_by_id == user.id, ~is_request)


def _answered(user: User) -> Select[*tuple[Any, ...]]:
    return _invitations().where(Invitation.answered_by_id == user.id)


def _co_hosting(user: User) -> Select[*tuple[Any, ...]]:
    columns = (
        Event.public_id, Group.name.label("group"), CoHost.answer, CoHost.invited_at,
        (CoHost.invited_by_id == user.id).label("asked_by_you"), CoHost.answered_at,
        (CoHost.answered_by_id == user.id).label("answered_by_you"),
    )  # fmt: skip
    mine = or_(CoHost.invited_by_id == user.id, CoHost.answered_by_id == user.id)
    joined = select(*columns).join(CoHost.event).join(Group, Group.id == CoHost.group_id)
    return joined.where(mine).order_by(CoHost.invited_at, Event.id, Group.id)


def _network_invitations(user: User) -> Select[*tuple[Any, ...]]:
    asked = NetworkInvitation.invited_by_id == user.id
    answered = NetworkInvitation.answered_by_id == user.id
    columns = (
        Network.name.label("network"), Group.name.label("group"), NetworkInvitation.answer,
        NetworkInvitation.invited_at, asked.label("asked_by_you"),
        NetworkInvitation.answered_at, answered.label("answered_by_you"),
    )  # fmt: skip
    joined = select(*columns).join(NetworkInvitation.network).join(NetworkInvitation.group)
    return joined.where(or_(asked, answered)).order_by(
        NetworkInvitation.invited_at, Network.id, Group.id
    )


def _questions(user: User) -> Select[*tuple[Any, ...]]:
    answered = select(Event.public_id, Question.answered_at).join(Question.event)
    return answered.where(Question.answered_by_id == user.id).order_by(Question.id)


def _places(user: User) -> Select[*tuple[Any, ...]]:
    columns = Event.public_id, AskedPlace.answer, AskedPlace.answered_at
    answered = select(*columns).join(Event, Event.id == AskedPlace.event_id)
    return answered.where(AskedPlace.answered_by_id == user.id).order_by(AskedPlace.id)


def _calls(user: User) -> Select[*tuple[Any, ...]]:
    taken = select(CallerPledge.taken_at).where(CallerPledge.user_id == user.id)
    return taken.order_by(CallerPledge.taken_at, CallerPledge.code)


def _decisions(user: User) -> Select[*tuple[Any, ...]]:
    columns = (
        Group.name.label("group"), StandingChange.standing, StandingChange.reason,
        StandingChange.at,
    )  # fmt: skip
    joined = select(*columns).join(Group, Group.id == StandingChange.group_id)
    return joined.where(StandingChange.by_id == user.id).order_by(StandingChange.id)


def _pledge_decisions(user: User) -> Select[*tuple[Any, ...]]:
    deeds = (
        PledgeDecision.asked_by_id,
        PledgeDecision.confirmed_by_id,
        PledgeDecision.ended_by_id,
    )
    asked, confirmed, ended = (each == user.id for each in deeds)
    return (
        select(
            PledgeDecision.id.label("number"),
            PledgeDecision.kind,
            PledgeDecision.reason,
            PledgeDecision.state,
            PledgeDecision.asked_at,
            asked.label("asked_by_you"),
            confirmed.label("confirmed_by_you"),
            ended.label("ended_by_you"),
        )
        .where(or_(asked, confirmed, ended))
        .order_by(PledgeDecision.id)
    )


def _settled(user: User) -> Select[*tuple[Any, ...]]:
    settled = select(Event.public_id, Concern.kind, Concern.settled_at).join(Concern.event)
    return settled.where(Concern.settled_by_id == user.id).order_by(Concern.id)
