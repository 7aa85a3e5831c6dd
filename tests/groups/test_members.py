"""Who belongs to a group: the list, roles, handing over, leaving."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.accounts import make_user
from tests.factories.groups import make_group, make_member
from tests.sentences import said
from webapp.accounts.models import User
from webapp.groups.models import Group, MemberRole
from webapp.groups.networks import Network
from webapp.outbox import OutgoingMail

SignIn = Callable[..., User]
Mails = Callable[[str], list[OutgoingMail]]
MEMBERS = "/groups/elm-road/members"


def roles(session: Session, group: Group) -> dict[str, MemberRole]:
    session.expire(group)
    return {each.user.email: each.role for each in group.memberships}


def test_owners_see_everybody_and_what_they_may_do(
    session: Session, client: PageClient, owned: Group
) -> None:
    editor = make_member(session, owned)
    session.commit()
    page = client.page(MEMBERS)
    assert page.h1 == "Members"
    assert f"{editor.email} Editor" in page.text
    assert f"{MEMBERS}/{editor.id}" in page.links
    assert "Invite somebody" in page.text


def test_editors_see_everybody_but_change_nobody(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn
) -> None:
    owner = owned.memberships[0].user
    sign_in(make_member(session, owned))
    page = client.page(MEMBERS)
    assert owner.email in page.text
    assert f"{MEMBERS}/{owner.id}" not in page.links
    assert "Invite somebody" not in page.text
    assert client.page(f"{MEMBERS}/{owner.id}").status == 403
    assert client.page("/groups/elm-road/hand-over").status == 403


@pytest.mark.parametrize("who", ["owner of another", "coordinator"])
def test_who_belongs_to_a_group_concerns_nobody_else(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, who: str
) -> None:
    person = make_user(session)
    if who == "coordinator":
        network = Network(slug="scouts", name="Scouts", coordinators=[person], groups=[owned])
        session.add(network)
    else:
        make_group(session, by=person)
    sign_in(person)
    assert client.page(MEMBERS).status == 403


@pytest.mark.parametrize("becomes", ["owner", "editor", "remove"])
def test_an_owner_changes_what_somebody_may_do(
    session: Session, client: PageClient, owned: Group, becomes: str
) -> None:
    editor = make_member(session, owned)
    session.commit()
    path = f"{MEMBERS}/{editor.id}"
    page = client.page(path)
    assert editor.email in page.text
    assert "Events that they listed stay." in page.text
    assert client.send(path, {"becomes": becomes}).location == MEMBERS
    expected = None if becomes == "remove" else MemberRole(becomes)
    assert roles(session, owned).get(editor.email) == expected


@pytest.mark.parametrize("becomes", ["editor", "remove"])
def test_the_last_owner_stays_owner(
    session: Session, client: PageClient, owned: Group, becomes: str
) -> None:
    owner = owned.memberships[0].user
    make_member(session, owned)
    session.commit()
    page = client.send(f"{MEMBERS}/{owner.id}", {"becomes": becomes})
    assert page.status == 422
    assert said(page) == [
        "A group needs an owner, and this is the last one. Make another member owner first."
    ]
    assert roles(session, owned)[owner.email] is MemberRole.OWNER


def test_an_owner_whose_account_is_closed_looks_after_nothing(
    session: Session, client: PageClient, owned: Group
) -> None:
    owner = owned.memberships[0].user
    make_member(session, owned, role=MemberRole.OWNER).active = False
    session.commit()
    assert client.send(f"{MEMBERS}/{owner.id}", {"becomes": "remove"}).status == 422


@pytest.mark.parametrize("becomes", ["", "king"])
def test_an_answer_that_is_none_changes_nothing(
    session: Session, client: PageClient, owned: Group, becomes: str
) -> None:
    editor = make_member(session, owned)
    session.commit()
    assert client.send(f"{MEMBERS}/{editor.id}", {"becomes": becomes}).status == 422
    assert roles(session, owned)[editor.email] is MemberRole.EDITOR


def test_who_does_not_belong_to_it_is_not_found(
    session: Session, client: PageClient, owned: Group
) -> None:
    stranger = make_user(session)
    session.commit()
    assert client.page(f"{MEMBERS}/{stranger.id}").status == 404
    assert client.page(f"{MEMBERS}/{10**30}").status == 404


@pytest.mark.parametrize(("afterwards", "role"), [("stay", MemberRole.EDITOR), ("leave", None)])
def test_a_group_is_handed_over(
    session: Session, client: PageClient, owned: Group, mails: Mails,
    afterwards: str, role: MemberRole | None,
) -> None:  # fmt: skip
    owner = owned.memberships[0].user
    heir = make_member(session, owned)
    session.commit()
    path = "/groups/elm-road/hand-over"
    assert "You cannot take it back yourself." in client.page(path).text
    assert client.send(path, {"to": str(heir.id), "afterwards": afterwards}).status == 303
    assert roles(session, owned)[heir.email] is MemberRole.OWNER
    assert roles(session, owned).get(owner.email) is role
    [mail] = mails("group_handed_over")
    assert mail.recipient == heir.email


def test_a_group_is_handed_to_a_member_alone(
    session: Session, client: PageClient, owned: Group
) -> None:
    assert "Nobody else belongs to it yet" in client.page("/groups/elm-road/hand-over").text
    make_member(session, owned)
    stranger = make_user(session)
    session.commit()
    page = client.send("/groups/elm-road/hand-over", {"to": str(stranger.id), "afterwards": "stay"})
    assert page.status == 422
    assert said(page) == ["Choose one of the options."]


def test_a_member_leaves(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn
) -> None:
    editor = sign_in(make_member(session, owned))
    assert "Events that you listed stay." in client.page("/groups/elm-road/leave").text
    assert client.send("/groups/elm-road/leave").status == 303
    assert editor.email not in roles(session, owned)
    assert client.page(MEMBERS).status == 403


def test_the_last_owner_hands_over_before_leaving(
    session: Session, client: PageClient, owned: Group
) -> None:
    page = client.page("/groups/elm-road/leave")
    assert "You are its last owner" in page.text
    assert "/groups/elm-road/hand-over" in page.links
    csrf = client.page(MEMBERS).value("csrf_token")
    client.post("/groups/elm-road/leave", data={"csrf_token": csrf})
    assert len(roles(session, owned)) == 1


def test_its_questions_do_not_grow_with_the_members(
    session: Session, client: PageClient, owned: Group, questions: list[str]
) -> None:
    counts = []
    for _ in range(2):
        for number in range(3):
            make_member(session, owned)
            email = f"guest{len(counts)}-{number}@example.org"
            assert client.send(MEMBERS, {"email": email, "role": "editor"}).status == 303
        client.page(MEMBERS)
        questions.clear()
        client.page(MEMBERS)
        counts.append(len(questions))
    assert counts[0] == counts[1]
