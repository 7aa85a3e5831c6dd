"""Groups that exist are invited into networks, join, refuse and leave; staff say who coordinates."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_group, make_member
from tests.factories.networks import make_network
from tests.sentences import said
from webapp.accounts.models import User
from webapp.groups.actions import create_group
from webapp.groups.models import Group, Sector
from webapp.groups.networks import Network
from webapp.networks.actions import invite_group
from webapp.outbox import OutgoingMail
from webapp.security import Act, may

NOW = datetime(2027, 5, 20, 12, tzinfo=UTC)


@pytest.fixture
def coordinator(session: Session) -> User:
    """Somebody who coordinates a network."""
    return make_user(session)


@pytest.fixture
def network(session: Session, coordinator: User) -> Network:
    """Their network."""
    return make_network(session, name="Scouts", coordinator=coordinator)


@pytest.fixture
def owner(session: Session) -> User:
    """Somebody who runs a group."""
    return make_user(session, email="owner@example.org")


@pytest.fixture
def group(session: Session, owner: User) -> Group:
    """Their group."""
    return make_group(session, by=owner, name="Cubs")


@pytest.fixture
def invited(session: Session, network: Network, group: Group, coordinator: User) -> str:
    """The page on which the group answers an invitation."""
    invite_group(session, network, group, by=coordinator, now=NOW)
    session.commit()
    return "/networks/scouts/invitations/cubs"


def mails(session: Session) -> list[tuple[str, str]]:
    """Return who is written to, and what."""
    found = session.scalars(select(OutgoingMail).order_by(OutgoingMail.recipient))
    return [(mail.recipient, mail.template) for mail in found]


def test_a_group_is_invited_by_the_address_of_its_page(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    network: Network,
    group: Group,
    coordinator: User,
) -> None:
    make_member(session, group)
    sign_in(coordinator)
    page = client.send("/networks/scouts/invite", {"address": "http://localhost/groups/cubs"})
    assert (page.status, page.location) == (303, "/networks/scouts")
    assert mails(session) == [("owner@example.org", "network_invitation")]
    assert group.networks == []


def test_its_owner_joins(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    owner: User,
    group: Group,
    invited: str,
) -> None:
    sign_in(owner)
    assert "You are invited" in client.page("/groups/cubs/networks").text
    assert "Scouts" in client.page(invited).text
    assert client.send(invited, {"answer": "yes"}).location == "/groups/cubs/networks"
    session.expire_all()
    assert [network.name for network in group.networks] == ["Scouts"]
    assert "Your group has joined" in client.page(invited).text


def test_its_owner_refuses_and_may_change_their_mind(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    owner: User,
    group: Group,
    coordinator: User,
    invited: str,
) -> None:
    sign_in(coordinator)
    csrf = client.page("/networks/scouts/invite").value("csrf_token")
    sign_in(owner)
    client.send(invited, {"answer": "no"})
    assert group.networks == []
    assert "You can still change your mind" in client.page(invited).text
    sign_in(coordinator)
    page = client.send("/networks/scouts/invite", {"address": "cubs", "csrf_token": csrf})
    assert said(page) == [
        "This group has said no to your network, or has left it. It can join by itself."
    ]
    sign_in(owner)
    client.send(invited, {"answer": "yes"})
    session.expire_all()
    assert len(group.networks) == 1


def test_an_invitation_that_was_taken_back_cannot_be_answered(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    owner: User,
    group: Group,
    coordinator: User,
    invited: str,
) -> None:
    sign_in(owner)
    csrf = client.page(invited).value("csrf_token")
    sign_in(coordinator)
    own = client.page("/networks/scouts/invite").value("csrf_token")
    client.send(f"{invited}/withdraw", {"csrf_token": own}, csrf=False)
    sign_in(owner)
    assert "This invitation was taken back" in client.page(invited).text
    page = client.send(invited, {"answer": "yes", "csrf_token": csrf}, csrf=False)
    assert page.status == 303
    assert group.networks == []


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "Paste the address of the group’s page."),
        ("groups/nothing", "There is no group at this address. Copy it from the group’s page."),
        (
            "https://evil.example/",
            "There is no group at this address. Copy it from the group’s page.",
        ),
        ("groups/nobodys", "Nobody runs this group on the site, so nobody could answer."),
        ("groups/held", "This group is in your network already, or is invited."),
        ("groups/cubs", "This group is in your network already, or is invited."),
    ],
)
def test_who_cannot_be_invited(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    network: Network,
    coordinator: User,
    invited: str,
    address: str,
    sentence: str,
) -> None:
    network.groups.append(make_group(session, name="Held"))
    create_group(session, by=None, name="Nobodys", sector=Sector.OTHER)
    sign_in(coordinator)
    page = client.send("/networks/scouts/invite", {"address": address})
    assert page.status == 422
    assert said(page) == [sentence]
    assert page.value("address") == address
    assert len(mails(session)) == 1


def test_the_answer_is_the_owners_alone(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    group: Group,
    coordinator: User,
    invited: str,
) -> None:
    for person in (coordinator, make_member(session, group), make_user(session)):
        sign_in(person)
        assert client.page(invited).status == 403
        assert client.page("/groups/cubs/networks").status == 403


def test_an_owner_leaves_and_the_coordinator_may_do_nothing_any_more(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    network: Network,
    owner: User,
    group: Group,
    coordinator: User,
) -> None:
    group.networks.append(network)
    session.commit()
    assert may(coordinator, Act.EDIT, group)
    sign_in(owner)
    page = client.page("/networks/scouts/leave/cubs")
    assert "can no longer list or change events for you" in page.text
    assert client.send("/networks/scouts/leave/cubs").location == "/groups/cubs/networks"
    session.expire_all()
    assert not may(coordinator, Act.EDIT, group)
    assert client.page("/networks/scouts/leave/cubs").status == 404


def test_a_coordinator_edits_the_groups_but_does_not_manage_them(
    session: Session, network: Network, group: Group, coordinator: User
) -> None:
    group.networks.append(network)
    session.flush()
    assert may(coordinator, Act.EDIT, group)
    assert not may(coordinator, Act.MANAGE, group)


def test_staff_make_a_network_and_say_who_coordinates_it(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    sign_in(make_user(session, staff=True))
    page = client.send("/staff/networks", {"name": "Allotments"})
    assert page.location == "/staff/networks/allotments"
    for _ in range(2):
        page = client.send("/staff/networks/allotments", {"email": "New@Example.org"})
        assert page.status == 303, page.text
    network = session.scalars(select(Network)).one()
    assert [person.email for person in network.coordinators] == ["new@example.org"]
    assert mails(session) == [("new@example.org", "coordinator_added")]
    assert "Allotments" in client.page("/staff/networks").text
    number = network.coordinators[0].id
    path = f"/staff/networks/allotments/coordinators/{number}/remove"
    assert "You can add them again." in client.page(path).text
    client.send(path)
    session.expire_all()
    assert network.coordinators == []
    assert client.page(path).status == 404


@pytest.mark.parametrize(
    ("path", "field", "typed"),
    [
        ("/staff/networks", "name", ""),
        ("/staff/networks", "name", "x" * 5000),
        ("/staff/networks/scouts", "email", "nobody"),
        ("/staff/networks/scouts", "email", ""),
    ],
)
def test_staff_are_told_what_is_wrong(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    network: Network,
    path: str,
    field: str,
    typed: str,
) -> None:
    sign_in(make_user(session, staff=True))
    page = client.send(path, {field: typed})
    assert page.status == 422
    assert page.value(field) == typed


def test_two_networks_of_one_name_have_two_addresses(session: Session) -> None:
    assert [make_network(session, name="Scouts").slug for _ in range(2)] == ["scouts", "scouts-2"]


def test_staff_s_pages_do_not_exist_for_coordinators(
    client: PageClient, sign_in: Callable[..., User], network: Network, coordinator: User
) -> None:
    sign_in(coordinator)
    assert client.page("/staff/networks").status == 404
    assert client.page("/staff/networks/scouts").status == 404


def test_a_group_s_page_names_its_networks(
    session: Session, client: PageClient, network: Network, group: Group
) -> None:
    assert "Belongs to" not in client.page("/groups/cubs").text
    group.networks.append(network)
    session.commit()
    assert "Belongs to Scouts" in client.page("/groups/cubs").text
