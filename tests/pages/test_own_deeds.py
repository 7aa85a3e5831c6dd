"""What somebody asked, answered and decided is among the data that they take along."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.asked_places import make_asked
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moderation import make_concern
from tests.factories.networks import make_network
from tests.factories.questions import make_question
from webapp.accounts.models import User
from webapp.asked_places.models import Answer
from webapp.database import Base
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import Event
from webapp.groups.invitations import Invitation, InvitationAnswer, InvitationKind
from webapp.groups.models import MemberRole, Standing
from webapp.groups.network_invitations import NetworkInvitation
from webapp.moderation.models import StandingChange

SignIn = Callable[..., User]
# Every place where the database names a person, and the part of the file that tells of it.
TOLD = {
    "asked_place.answered_by_id": "places_answered",
    "caller_pledge.user_id": "callers_pledges",
    "community_group.helper_id": "groups_helped",
    "concern.settled_by_id": "reports_settled",
    "event.listed_by_id": "events_listed",
    "event_change.by_id": "changes_to_events",
    "event_co_host.answered_by_id": "co_hosting",
    "event_co_host.invited_by_id": "co_hosting",
    "event_draft.user_id": "drafts",
    "invitation.answered_by_id": "invitations_answered",
    "invitation.invited_by_id": "invitations_sent",
    "membership.user_id": "groups",
    "network_coordinator.user_id": "networks",
    "network_invitation.answered_by_id": "invitations_into_networks",
    "network_invitation.invited_by_id": "invitations_into_networks",
    "passkey.user_id": "passkeys",
    "question.answered_by_id": "questions_answered",
    "signed_in.user_id": "sessions",
    "standing_change.by_id": "decisions_about_groups",
    "pledge_decision.asked_by_id": "decisions_about_pledges",
    "pledge_decision.confirmed_by_id": "decisions_about_pledges",
    "pledge_decision.ended_by_id": "decisions_about_pledges",
    "user_role.user_id": "account",
}


def make_invitation(session: Session, kind: InvitationKind, **values: object) -> None:
    invitation = Invitation(
        kind=kind, role=MemberRole.EDITOR, token_hash=kind.encode(), expires_at=NOW, **values
    )
    session.add(invitation)
    session.flush()


def test_every_place_that_names_somebody_is_told_of(client: PageClient, sign_in: SignIn) -> None:
    sign_in()
    named = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "user_account"
    }
    assert named == set(TOLD)
    assert set(TOLD.values()) <= set(client.page("/account/data.json").json)


@pytest.fixture
def other(session: Session) -> User:
    return make_user(session, email="other@example.org")


@pytest.fixture
def event(session: Session, other: User) -> Event:
    return make_event(session, group=make_group(session, by=other, name="Elm Road"))


def test_invitations_are_in_the_file_without_those_whom_they_concern(
    session: Session, client: PageClient, sign_in: SignIn, other: User, event: Event
) -> None:
    user, group = make_user(session), event.group
    make_invitation(session, InvitationKind.REQUEST, group=group, invited_by=user)
    make_invitation(
        session, InvitationKind.MEMBER, group=group, invited_by=user, email="third@example.org"
    )
    make_invitation(
        session, InvitationKind.CLAIM, group=group, invited_by=other, answered_by_id=user.id,
        answer=InvitationAnswer.ACCEPTED, answered_at=NOW,
    )  # fmt: skip
    sign_in(user)

    page = client.page("/account/data.json")

    assert [each["group"] for each in page.json["requests_to_groups"]] == ["Elm Road"]
    assert [each["kind"] for each in page.json["invitations_sent"]] == ["member"]
    assert [each["kind"] for each in page.json["invitations_answered"]] == ["claim"]
    assert "other@" not in page.response.text
    assert "third@" not in page.response.text


def test_who_asked_and_who_answered_groups_is_told_apart(
    session: Session, client: PageClient, sign_in: SignIn, other: User, event: Event
) -> None:
    user, network = make_user(session), make_network(session, name="Scouts")
    session.add(
        CoHost(
            event=event, group=make_group(session), invited_at=NOW, invited_by_id=user.id,
            answer=CoHostAnswer.ACCEPTED, answered_at=NOW, answered_by_id=other.id,
        )
    )  # fmt: skip
    invited = {"network": network, "group": event.group, "invited_at": NOW}
    session.add(NetworkInvitation(**invited, invited_by_id=user.id))
    sign_in(user)

    data = client.page("/account/data.json").json

    (asked,) = data["co_hosting"]
    assert (asked["asked_by_you"], asked["answered_by_you"]) == (True, False)
    assert [each["network"] for each in data["invitations_into_networks"]] == ["Scouts"]


def test_what_staff_and_hosts_settled_is_in_the_file(
    session: Session, client: PageClient, sign_in: SignIn, event: Event
) -> None:
    user = make_user(session)
    make_question(session, event, NOW, answered_at=NOW, answered_by_id=user.id)
    answer = {"answer": Answer.DECLINED, "answered_at": NOW}
    make_asked(session, event, NOW, **answer, answered_by_id=user.id)
    make_asked(session, event, NOW, **answer, answered_by_id=make_user(session).id)
    make_concern(session, event, NOW, settled_at=NOW, settled_by_id=user.id)
    trusted = {"group_id": event.group_id, "standing": Standing.TRUSTED, "reason": "Met them"}
    session.add(StandingChange(**trusted, at=NOW, by_id=user.id))
    sign_in(user)

    page = client.page("/account/data.json")

    assert [each["public_id"] for each in page.json["questions_answered"]] == [event.public_id]
    assert [each["answer"] for each in page.json["places_answered"]] == ["declined"]
    assert "Sam" not in page.response.text
    assert [each["kind"] for each in page.json["reports_settled"]] == ["not-real"]
    assert [each["reason"] for each in page.json["decisions_about_groups"]] == ["Met them"]
    assert "asker@" not in page.response.text


def test_what_others_asked_answered_and_decided_is_not_in_the_file(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user, other = make_user(session), make_user(session)
    group = make_group(session, by=user)
    event = make_event(session, group=group)
    make_invitation(session, InvitationKind.REQUEST, group=group, invited_by=other)
    make_question(session, event, NOW, answered_at=NOW, answered_by_id=other.id)
    make_concern(session, event, NOW, settled_at=NOW, settled_by_id=other.id)
    sign_in(user)
    data = client.page("/account/data.json").json
    parts = "requests_to_groups", "invitations_answered", "questions_answered", "reports_settled"
    assert [data[part] for part in parts] == [[], [], [], []]
