"""Asking to be let into a group, and the owners’ answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.groups import make_group, make_member
from tests.sentences import said
from webapp.accounts.models import User
from webapp.groups.asking import ask_to_join
from webapp.groups.invitation_rules import MOST_OPEN, InvitingError
from webapp.groups.invitations import Invitation
from webapp.groups.models import Group, MemberRole
from webapp.groups.queries import requests_without_owner
from webapp.outbox import OutgoingMail

SignIn = Callable[..., User]
Mails = Callable[[str], list[OutgoingMail]]
ASK = "/groups/elm-road/ask"
KEY = "a-secret-that-only-this-test-knows"


@pytest.fixture
def elm_road(session: Session) -> Group:
    """A group of somebody else’s."""
    return make_group(session, name="Elm Road")


def ask(client: PageClient) -> str:
    """Ask, and return the address of the request’s page."""
    assert client.send(ASK).location == "/groups/elm-road/asked"
    return ASK


def number_of(session: Session) -> int:
    return session.scalars(select(Invitation.id).order_by(Invitation.id.desc())).first() or 0


def test_the_groups_page_offers_it_to_everybody(client: PageClient, elm_road: Group) -> None:
    assert ASK in client.page("/groups/elm-road").links


def test_asking_writes_to_every_owner_and_says_what_happens_now(
    session: Session, client: PageClient, elm_road: Group, sign_in: SignIn, mails: Mails
) -> None:
    owners = {elm_road.memberships[0].user.email}
    owners.add(make_member(session, elm_road, role=MemberRole.OWNER).email)
    make_member(session, elm_road)
    asker = sign_in()
    assert asker.email in client.page(ASK).text
    ask(client)
    assert "We write to you as soon as they answer" in client.page("/groups/elm-road/asked").text
    sent = mails("group_request")
    assert {each.recipient for each in sent} == owners
    assert {each.details["asked_by"] for each in sent} == {asker.email}


@pytest.mark.parametrize(
    ("becomes", "role", "answer"),
    [
        ("editor", MemberRole.EDITOR, "accepted"),
        ("owner", MemberRole.OWNER, "accepted"),
        ("refuse", None, "refused"),
    ],
)
def test_an_owner_answers(
    session: Session, client: PageClient, elm_road: Group, sign_in: SignIn, mails: Mails,
    becomes: str, role: MemberRole | None, answer: str,
) -> None:  # fmt: skip
    asker = sign_in()
    ask(client)
    sign_in(elm_road.memberships[0].user)
    path = f"/groups/elm-road/requests/{number_of(session)}"
    assert path in client.page("/groups/elm-road/members").links
    assert asker.email in client.page(path).text

    assert client.send(path, {"becomes": becomes}).location == "/groups/elm-road/members"

    session.expire_all()
    assert elm_road.role_of(asker) is role
    [mail] = mails("group_request_answered")
    assert (mail.recipient, mail.details["answer"]) == (asker.email, answer)
    assert "Send the answer" not in client.page(path).text, "it is answered once"
    assert path not in client.page("/groups/elm-road/members").links


def test_no_answer_at_all_is_asked_for_again(
    session: Session, client: PageClient, elm_road: Group, sign_in: SignIn
) -> None:
    sign_in()
    ask(client)
    sign_in(elm_road.memberships[0].user)
    page = client.send(f"/groups/elm-road/requests/{number_of(session)}", {})
    assert page.status == 422
    assert said(page) == ["Choose one."]


def test_who_asked_already_is_told_so(
    client: PageClient, elm_road: Group, sign_in: SignIn, mails: Mails
) -> None:
    sign_in()
    ask(client)
    page = client.send(ASK)
    assert page.status == 422
    assert "You have asked already." in page.text
    assert len(mails("group_request")) == 1


def test_after_a_no_nobody_asks_at_once_again(
    session: Session, client: PageClient, elm_road: Group, sign_in: SignIn,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    asker = sign_in()
    ask(client)
    sign_in(elm_road.memberships[0].user)
    client.send(f"/groups/elm-road/requests/{number_of(session)}", {"becomes": "refuse"})
    sign_in(asker)
    assert "They said no a short while ago." in client.send(ASK).text
    clock.move_to(NOW + timedelta(days=15))
    sign_in(asker)
    ask(client)


def test_a_member_has_no_need_to_ask(client: PageClient, owned: Group) -> None:
    page = client.page(ASK)
    assert "You belong to this group already." in page.text
    assert "Ask to be let in" not in [each.text for each in page.all("button")]


@pytest.mark.parametrize("who", ["editor", "owner of another", "the one who asks"])
def test_only_owners_answer(
    session: Session, client: PageClient, elm_road: Group, sign_in: SignIn, who: str
) -> None:
    asker = sign_in()
    ask(client)
    other = make_user(session)
    make_group(session, by=other, name="Oak Road")
    sign_in({"editor": make_member(session, elm_road), "owner of another": other}.get(who, asker))
    path = f"/groups/elm-road/requests/{number_of(session)}"
    assert client.page(path).status == 403
    session.commit()
    sign_in(other)
    assert client.page(path.replace("elm-road", "oak-road")).status == 404


def test_a_group_gets_so_many_requests_at_most(session: Session, elm_road: Group) -> None:
    for _ in range(MOST_OPEN):
        ask_to_join(session, elm_road, by=make_user(session), secret_key=KEY, now=NOW)
    with pytest.raises(InvitingError, match="too many open"):
        ask_to_join(session, elm_road, by=make_user(session), secret_key=KEY, now=NOW)


def test_where_nobody_looks_after_a_group_staff_answer(
    session: Session, client: PageClient, elm_road: Group, sign_in: SignIn
) -> None:
    owned = ask_to_join(session, elm_road, by=make_user(session), secret_key=KEY, now=NOW)
    elm_road.memberships[0].user.active = False
    session.flush()
    assert requests_without_owner(session, NOW) == [owned]
    sign_in(make_user(session, staff=True))
    assert "so the campaign’s staff decide" in client.page(ASK).text
    path = f"/groups/elm-road/requests/{owned.id}"
    assert path in client.page("/staff").links
    assert client.send(path, {"becomes": "owner"}).status == 303
    assert requests_without_owner(session, NOW) == []


def test_who_deleted_their_account_asks_no_more(
    session: Session, client: PageClient, owned: Group
) -> None:
    asker = make_user(session)
    request = ask_to_join(session, owned, by=asker, secret_key=KEY, now=NOW)
    session.delete(asker)
    session.commit()
    session.expire_all()
    assert "They ask to be let in" not in client.page("/groups/elm-road/members").text
    assert client.page(f"/groups/elm-road/requests/{request.id}").status == 404


def test_a_number_that_is_no_request_is_not_found(client: PageClient, owned: Group) -> None:
    for number in (0, 1, 10**30):
        assert client.page(f"/groups/elm-road/requests/{number}").status == 404
