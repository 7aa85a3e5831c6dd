"""Claim links: who has one takes a group over, once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.networks import make_network
from webapp.accounts.models import User
from webapp.groups.actions import create_group
from webapp.groups.invitations import Invitation, InvitationAnswer
from webapp.groups.models import Group, MemberRole, Sector
from webapp.groups.networks import Network
from webapp.language import Language
from webapp.networks.claims import Issue, make_claim_link, token_of, withdraw_claim_links

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
def group(session: Session, network: Network) -> Group:
    """A group that nobody has taken over."""
    group = create_group(session, by=None, name="1st Rochdale", sector=Sector.OTHER)
    group.networks.append(network)
    session.commit()
    return group


@pytest.fixture
def token(client: PageClient, session: Session, group: Group, coordinator: User) -> str:
    """The token of its link."""
    secret_key = str(client.application.secret_key)
    issue = Issue(by=coordinator, now=NOW, language=Language.ENGLISH, secret_key=secret_key)
    make_claim_link(session, group, issue, "akela@example.org")
    session.commit()
    return token_of(secret_key, issue.batch, group.id)


def test_whoever_has_the_link_becomes_the_owner(
    session: Session, client: PageClient, sign_in: Callable[..., User], group: Group, token: str
) -> None:
    user = sign_in()
    page = client.page(f"/claim/{token}")
    assert page.h1 == "1st Rochdale"
    assert "Network: Scouts" in page.text
    page = client.send(f"/claim/{token}")
    assert (page.status, page.location) == (303, "/your-events")
    session.expire_all()
    assert group.role_of(user) is MemberRole.OWNER
    assert "This group is yours now." in client.page("/your-events").text
    assert "This group is yours" in client.page(f"/claim/{token}").text


def test_looking_at_it_takes_nothing_over(
    session: Session, client: PageClient, sign_in: Callable[..., User], group: Group, token: str
) -> None:
    assert client.page(f"/claim/{token}").status == 200
    sign_in()
    assert client.page(f"/claim/{token}").headers["Cache-Control"] == "no-store"
    assert group.memberships == []


def test_somebody_who_is_not_signed_in_is_led_there_and_back(
    session: Session, client: PageClient, group: Group, token: str
) -> None:
    page = client.page(f"/claim/{token}")
    assert "You need only an e-mail address." in page.text
    assert any(f"next=/claim/{token}" in link for link in page.links)


def test_of_the_link_only_a_hash_is_kept_and_the_address_is_forgotten(
    session: Session, client: PageClient, sign_in: Callable[..., User], group: Group, token: str
) -> None:
    claim = session.scalars(select(Invitation)).one()
    assert token.encode() not in claim.token_hash
    assert claim.email == "akela@example.org"
    sign_in()
    client.send(f"/claim/{token}")
    session.expire_all()
    assert claim.email is None
    assert claim.answer is InvitationAnswer.ACCEPTED


def test_a_link_that_somebody_else_used_says_so(
    session: Session, client: PageClient, sign_in: Callable[..., User], group: Group, token: str
) -> None:
    sign_in()
    client.send(f"/claim/{token}")
    other = sign_in()
    assert "This link has been used" in client.page(f"/claim/{token}").text
    csrf = client.page("/groups/new").value("csrf_token")
    page = client.send(f"/claim/{token}", {"csrf_token": csrf}, csrf=False)
    assert (page.status, page.location) == (303, f"/claim/{token}")
    session.expire_all()
    assert group.role_of(other) is None


def test_a_link_that_was_withdrawn_says_so(
    session: Session, client: PageClient, sign_in: Callable[..., User], group: Group, token: str
) -> None:
    withdraw_claim_links(session, group.id, NOW)
    user = sign_in()
    assert "This link no longer works" in client.page(f"/claim/{token}").text
    csrf = client.page("/groups/new").value("csrf_token")
    client.send(f"/claim/{token}", {"csrf_token": csrf}, csrf=False)
    session.expire_all()
    assert group.role_of(user) is None


def test_a_link_that_is_too_old_says_so(
    session: Session, client: PageClient, group: Group, token: str
) -> None:
    session.scalars(select(Invitation)).one().expires_at = NOW - timedelta(seconds=1)
    session.commit()
    assert "This link is too old" in client.page(f"/claim/{token}").text


@pytest.mark.parametrize("odd", ["x", "🎉", "a" * 5000, "%00", "null"])
def test_a_link_that_is_cut_or_made_up_says_so(
    session: Session, client: PageClient, odd: str
) -> None:
    page = client.page(f"/claim/{odd}")
    assert page.status == 404


def test_an_editor_who_claims_becomes_an_owner(
    session: Session, client: PageClient, sign_in: Callable[..., User], group: Group, token: str
) -> None:
    user = sign_in()
    client.send(f"/claim/{token}")
    session.expire_all()
    group.memberships[0].role = MemberRole.EDITOR
    claim = session.scalars(select(Invitation)).one()
    claim.answer = claim.answered_at = None
    session.commit()
    client.send(f"/claim/{token}")
    session.expire_all()
    assert [(each.user_id, each.role) for each in group.memberships] == [
        (user.id, MemberRole.OWNER)
    ]


def test_a_new_link_ends_the_one_before(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    coordinator: User,
    group: Group,
    token: str,
) -> None:
    sign_in(coordinator)
    path = "/networks/scouts/groups/1st-rochdale"
    assert "A link is on its way" in client.page(path).text
    csrf = client.page(path).value("csrf_token")
    page = client.send(f"{path}/link", {"csrf_token": csrf}, csrf=False)
    assert page.location == "/networks/scouts/links"
    new = client.page("/networks/scouts/links").text.split("/claim/")[1].split()[0]
    assert new != token
    assert "This link no longer works" in client.page(f"/claim/{token}").text
    assert "made by its network" in client.page(f"/claim/{new}").text


def test_a_link_is_stopped_by_its_coordinator(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    coordinator: User,
    group: Group,
    token: str,
) -> None:
    sign_in(coordinator)
    path = "/networks/scouts/groups/1st-rochdale"
    csrf = client.page(path).value("csrf_token")
    assert client.send(f"{path}/withdraw-link", {"csrf_token": csrf}, csrf=False).status == 303
    assert "Nobody can take it over yet" in client.page(path).text


def test_an_empty_group_that_is_taken_out_is_gone(
    session: Session,
    client: PageClient,
    sign_in: Callable[..., User],
    coordinator: User,
    group: Group,
    token: str,
) -> None:
    sign_in(coordinator)
    path = "/networks/scouts/groups/1st-rochdale/remove"
    assert "It is deleted altogether" in client.page(path).text
    client.send(path)
    assert session.scalars(select(Group)).all() == []
    assert client.page(f"/claim/{token}").status == 404


def test_a_group_with_events_that_is_taken_out_stays(
    session: Session, client: PageClient, sign_in: Callable[..., User], coordinator: User
) -> None:
    group = make_group(session, name="Cubs")
    make_network(session, name="Guides", coordinator=coordinator, groups=[group])
    make_event(session, group=group)
    sign_in(coordinator)
    path = "/networks/guides/groups/cubs/remove"
    assert "stay on the site" in client.page(path).text
    client.send(path)
    session.expire_all()
    assert group.networks == []
    assert client.page("/groups/cubs").status == 200
