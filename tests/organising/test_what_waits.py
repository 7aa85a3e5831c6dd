"""“What needs you now”: each thing that waits, who is told of it, and where it leads."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.networks import make_network
from tests.factories.questions import make_question
from webapp.accounts.models import User
from webapp.drafts.models import EventDraft
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import Event, EventStatus
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.models import Group, MemberRole
from webapp.groups.network_invitations import NetworkInvitation
from webapp.headcounts.models import Headcount

SignIn = Callable[..., User]


@pytest.fixture
def host(sign_in: SignIn) -> User:
    return sign_in()


@pytest.fixture
def group(session: Session, host: User) -> Group:
    return make_group(session, by=host, name="Elm Road Neighbours")


@pytest.fixture
def event(session: Session, group: Group) -> Event:
    event = make_event(session, group=group)
    session.commit()
    return event


@pytest.fixture
def past(session: Session, event: Event, group: Group) -> Event:
    """An event of last week."""
    start = NOW - timedelta(days=7)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    past = make_event(session, group=group, moment=event.moments[0], title="Soup", **times)
    session.commit()
    return past


def test_a_question_waits_until_it_is_answered(
    client: PageClient, session: Session, event: Event
) -> None:
    question = make_question(session, event, NOW)
    session.commit()
    page = client.page("/your-events")
    assert "Answer 1 question Tea on Elm Road" in page.text
    assert f"/events/{event.public_id}/questions" in page.links

    question.answered_at = NOW
    session.commit()
    assert "Answer 1 question" not in client.page("/your-events").text


def test_a_number_waits_until_it_is_told(client: PageClient, session: Session, past: Event) -> None:
    page = client.page("/your-events")
    assert "Say about how many came Soup" in page.text
    assert f"/events/{past.public_id}/how-many" in page.links

    session.add(Headcount(event_id=past.id, people=42, reported_at=NOW))
    session.commit()
    page = client.page("/your-events")
    assert "Say about how many came" not in page.text
    assert "0 pledged · 42 reported" in page.text


def test_a_draft_is_found_again(client: PageClient, session: Session, host: User) -> None:
    draft = EventDraft(user_id=host.id, answers={"title": "Litter pick"}, changed_at=NOW)
    session.add(draft)
    session.commit()

    page = client.page("/your-events")

    assert "Go on writing Litter pick" in page.text
    assert f"/host/{draft.id}/what" in page.links


def test_an_invitation_to_co_host_waits(client: PageClient, session: Session, group: Group) -> None:
    theirs = make_event(session, title="Iftar in the park", group=make_group(session))
    session.add(CoHost(event=theirs, group=group, invited_at=NOW))
    session.commit()

    page = client.page("/your-events")

    assert "Say whether you host it together Iftar in the park" in page.text
    assert f"/events/{theirs.public_id}/co-hosts/{group.slug}" in page.links


def test_what_a_group_co_hosts_is_found_until_it_is_over(
    client: PageClient, session: Session, group: Group
) -> None:
    theirs = make_event(session, group=make_group(session, name="The mosque"), title="Iftar")
    hidden = make_event(session, group=theirs.group, moment=theirs.moments[0], title="Not public")
    hidden.status = EventStatus.HIDDEN
    said = {"group_id": group.id, "answer": CoHostAnswer.ACCEPTED, "invited_at": NOW}
    for each in (theirs, hidden):
        session.add(CoHost(event_id=each.id, **said))
    session.commit()

    page = client.page("/your-events")

    assert "With other groups Iftar" in page.text
    assert f"/events/{theirs.public_id}" in page.links
    assert f"/events/{theirs.public_id}/co-hosts/{group.slug}" in page.links
    assert "Not public" not in page.text
    theirs.starts_at, theirs.ends_at = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    session.commit()
    assert "With other groups" not in client.page("/your-events").text


@pytest.mark.parametrize("is_owner", [True, False])
def test_what_concerns_the_whole_group_waits_for_its_owners(
    client: PageClient, session: Session, group: Group, sign_in: SignIn, is_owner: bool
) -> None:
    asking = make_user(session)
    wanted = Invitation(
        group_id=group.id,
        kind=InvitationKind.REQUEST,
        role=MemberRole.EDITOR,
        token_hash=b"x" * 32,
        invited_by_id=asking.id,
        expires_at=NOW + timedelta(days=7),
    )
    network = make_network(session, name="Scouts of Rochdale")
    invited = NetworkInvitation(network_id=network.id, group_id=group.id, invited_at=NOW)
    session.add_all([wanted, invited])
    session.commit()
    if not is_owner:
        sign_in(make_member(session, group))

    page = client.page("/your-events")

    assert ("Somebody asks to join your group" in page.text) is is_owner
    assert (f"/groups/{group.slug}/requests/{wanted.id}" in page.links) is is_owner
    assert ("A network invites your group" in page.text) is is_owner
    assert (f"/networks/{network.slug}/invitations/{group.slug}" in page.links) is is_owner
    assert asking.email not in page.html


def test_whoever_coordinates_a_network_finds_it(
    client: PageClient, session: Session, host: User
) -> None:
    network = make_network(session, name="Scouts of Rochdale", coordinator=host)
    session.commit()

    assert f"/networks/{network.slug}" in client.page("/your-events").links


def test_nothing_of_another_group_is_told(
    client: PageClient, session: Session, event: Event, past: Event, sign_in: SignIn
) -> None:
    make_question(session, event, NOW)
    session.commit()
    other = sign_in(make_user(session))
    make_group(session, by=other)
    session.commit()

    text = client.page("/your-events").text

    assert "What needs you now" not in text
    assert "Elm Road" not in text
