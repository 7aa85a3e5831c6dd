"""Invitations into a group, by e-mail."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.groups import make_group, make_member
from tests.sentences import said
from webapp.accounts.models import User
from webapp.groups.invitation_rules import MOST_A_DAY, MOST_OPEN, InvitingError
from webapp.groups.invitations import Invitation
from webapp.groups.inviting import invite
from webapp.groups.models import Group, MemberRole
from webapp.groups.tasks import forget_invited
from webapp.outbox import OutgoingMail

SignIn = Callable[..., User]
Mails = Callable[[str], list[OutgoingMail]]
Token = Callable[[], str]
MEMBERS = "/groups/elm-road/members"
GUEST = "guest@example.org"


def send(client: PageClient, email: str = GUEST, role: str = "editor") -> None:
    assert client.send(MEMBERS, {"email": email, "role": role}).status == 303


def answer(client: PageClient, token: str, said: str = "accept") -> int:
    return client.send(f"/invitations/{token}", {"answer": said}, csrf=True).status


def test_an_invitation_is_sent_shown_and_accepted(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token, mails: Mails
) -> None:
    owner = owned.memberships[0].user
    send(client, " Guest@Example.org ")
    assert GUEST in client.page(MEMBERS).text
    [mail] = mails("group_invitation")
    assert mail.recipient == GUEST

    guest = sign_in(make_user(session, email=GUEST))
    page = client.page(f"/invitations/{token()}")
    assert "Elm Road" in page.text
    assert "You would be an editor" in page.text
    assert owned.role_of(guest) is None, "looking at it answers nothing"

    assert answer(client, token()) == 303
    session.refresh(owned)
    assert owned.role_of(guest) is MemberRole.EDITOR
    [told] = mails("group_invitation_answered")
    assert (told.recipient, told.details["answer"]) == (owner.email, "accepted")


def test_whoever_is_not_signed_in_is_led_there_and_back(
    client: PageClient, owned: Group, token: Token
) -> None:
    send(client)
    client.delete_cookie("session")
    page = client.page(f"/invitations/{token()}")
    assert "Elm Road" in page.text
    assert f"/account/sign-in?next=/invitations/{token()}" in page.links
    assert GUEST not in page.html
    assert page.headers["Cache-Control"] == "no-store"


def test_accepted_twice_it_says_so_kindly(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token
) -> None:
    send(client)
    sign_in(make_user(session, email=GUEST))
    path = f"/invitations/{token()}"
    page = client.page(path)
    form = {"answer": "accept", "csrf_token": page.value("csrf_token")}
    assert client.post(path, data=form).status_code == 303
    assert client.post(path, data=form).status_code == 409
    assert "You belong to the group now" in client.page(path).text


def test_somebody_else_cannot_use_it_and_learns_no_address(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token
) -> None:
    send(client)
    other = sign_in(make_user(session))
    path = f"/invitations/{token()}"
    page = client.page(path)
    assert "This invitation went to another address" in page.text
    assert GUEST not in page.html
    csrf = client.page("/groups/new").value("csrf_token")
    answer = client.post(path, data={"answer": "accept", "csrf_token": csrf})
    assert answer.status_code == 409
    session.refresh(owned)
    assert owned.role_of(other) is None


def test_used_by_the_guest_it_is_used_for_everybody(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token
) -> None:
    send(client)
    sign_in(make_user(session, email=GUEST))
    answer(client, token())
    sign_in(make_user(session))
    assert "This invitation has been used" in client.page(f"/invitations/{token()}").text


def test_a_guest_may_say_no(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token, mails: Mails
) -> None:
    send(client)
    guest = sign_in(make_user(session, email=GUEST))
    assert answer(client, token(), "refuse") == 303
    session.refresh(owned)
    assert owned.role_of(guest) is None
    assert mails("group_invitation_answered")[0].details["answer"] == "refused"
    assert "The answer was no" in client.page(f"/invitations/{token()}").text


def test_neither_yes_nor_no_asks_again(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token
) -> None:
    send(client)
    sign_in(make_user(session, email=GUEST))
    page = client.send(f"/invitations/{token()}", {"answer": "perhaps"})
    assert page.status == 422
    assert said(page) == ["Choose one of the options."]


def test_it_is_good_for_two_weeks(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    send(client)
    link = f"/invitations/{token()}"
    clock.move_to(NOW + timedelta(days=14) - timedelta(minutes=1))
    sign_in(make_user(session, email=GUEST))
    assert "Do you want to belong to it?" in client.page(link).text
    clock.move_to(NOW + timedelta(days=14, minutes=1))
    sign_in(session.query(User).filter_by(email=GUEST).one())
    assert "This invitation is too old" in client.page(link).text


def test_withdrawn_it_leads_nowhere(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token
) -> None:
    send(client)
    number = session.scalar(select(Invitation.id))
    path = f"/groups/elm-road/invitations/{number}/withdraw"
    assert "leads nowhere" in client.page(path).text
    assert client.send(path).location == MEMBERS
    assert GUEST not in client.page(MEMBERS).text
    sign_in(make_user(session, email=GUEST))
    assert "This invitation was withdrawn" in client.page(f"/invitations/{token()}").text


def test_what_was_answered_is_not_withdrawn(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token
) -> None:
    owner = owned.memberships[0].user
    send(client)
    path = f"/groups/elm-road/invitations/{session.scalar(select(Invitation.id))}/withdraw"
    guest = sign_in(make_user(session, email=GUEST))
    answer(client, token())
    sign_in(owner)
    assert client.send(path).location == MEMBERS
    assert "answered before you withdrew it" in client.page(MEMBERS).text
    session.refresh(owned)
    assert owned.role_of(guest) is MemberRole.EDITOR


@pytest.mark.parametrize("cut", ["x", "a" * 32, "🎉", "..", "%20"])
def test_a_link_that_was_cut_says_so(client: PageClient, cut: str) -> None:
    page = client.page(f"/invitations/{cut}")
    assert page.status == 404


def test_neither_token_nor_answered_address_is_kept(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token
) -> None:
    send(client)
    row = session.scalars(select(Invitation)).one()
    assert len(row.token_hash) == 32
    assert token().encode() not in row.token_hash
    sign_in(make_user(session, email=GUEST))
    answer(client, token())
    session.refresh(row)
    assert row.email is None


def test_addresses_that_never_answered_are_forgotten(
    app: Flask, session: Session, client: PageClient, owned: Group, clock: time_machine.Traveller
) -> None:
    send(client)
    row = session.scalars(select(Invitation)).one()
    for after, kept in ((timedelta(days=13), GUEST), (timedelta(days=14, hours=1), None)):
        clock.move_to(NOW + after)
        with app.app_context():
            forget_invited(0)
        session.refresh(row)
        assert row.email == kept


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Enter an e-mail address."),
        ("guest", "Enter an e-mail address, such as name@example.org."),
        ("a@b@example.org", "Enter an e-mail address, such as name@example.org."),
        (GUEST, "This address has an open invitation. Withdraw it to send another."),
        ("MEMBER@example.org", "This person belongs to the group already."),
    ],
)
def test_who_cannot_be_invited(
    session: Session, client: PageClient, owned: Group, email: str, sentence: str
) -> None:
    send(client)
    member = make_member(session, owned)
    member.email = "member@example.org"
    session.commit()
    page = client.send(MEMBERS, {"email": email, "role": "owner"})
    assert page.status == 422
    assert said(page) == [sentence]
    assert page.value("email") == email


def test_a_group_has_twenty_open_invitations_at_most(
    session: Session, client: PageClient, owned: Group
) -> None:
    for number in range(MOST_OPEN):
        send(client, f"guest{number}@example.org")
    page = client.send(MEMBERS, {"email": GUEST, "role": "editor"})
    assert said(page) == ["Twenty invitations are open. Wait for answers, or withdraw some."]


def test_a_person_sends_thirty_a_day_at_most(session: Session) -> None:
    owner = make_user(session)
    groups = [make_group(session, by=owner) for _ in range(2)]

    def send_on(day: int, number: int) -> None:
        invite(session, groups[number % 2], f"guest{day}-{number}@example.org", MemberRole.EDITOR,
               by=owner, secret_key="a-secret", now=NOW + timedelta(days=day))  # fmt: skip

    for number in range(MOST_A_DAY):
        send_on(0, number)
    with pytest.raises(InvitingError, match="too many today"):
        send_on(0, MOST_A_DAY)
    send_on(1, 0)


def test_who_belongs_already_keeps_the_larger_role(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, token: Token
) -> None:
    send(client)
    guest = make_member(session, owned, role=MemberRole.OWNER)
    guest.email = GUEST
    session.commit()
    sign_in(guest)
    answer(client, token())
    session.refresh(owned)
    assert owned.role_of(guest) is MemberRole.OWNER


@pytest.mark.parametrize("who", ["editor", "owner of another"])
def test_only_owners_invite(
    session: Session, client: PageClient, owned: Group, sign_in: SignIn, who: str
) -> None:
    sign_in(make_member(session, owned) if who == "editor" else make_user(session))
    csrf = client.page("/groups/new").value("csrf_token")
    data = {"email": GUEST, "role": "owner", "csrf_token": csrf}
    assert client.post(MEMBERS, data=data).status_code == 403
    assert session.scalar(select(Invitation.id)) is None
