"""Taking one’s data along, and deleting one’s account."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.test_passkeys import make_passkey
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.pledges import make_contact, make_pledge
from webapp.accounts.models import Passkey, SignedIn, User
from webapp.drafts.models import EventDraft
from webapp.events.history import ChangeKind, note_change
from webapp.events.models import Event, EventStatus
from webapp.groups.invitations import Invitation, InvitationKind
from webapp.groups.models import Group, MemberRole, Membership
from webapp.outbox import OutgoingMail
from webapp.pledges.contact_models import PledgeContact
from webapp.pledges.models import LedgerEntry

SignIn = Callable[..., User]
PAST = {"starts_at": NOW - timedelta(days=9), "ends_at": NOW - timedelta(days=8)}


def count(session: Session, model: type) -> int:
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def make_draft(session: Session, user: User, title: str) -> None:
    answers: dict[str, str | list[str]] = {"title": title}
    draft = EventDraft(id=uuid4(), user_id=user.id, answers=answers, changed_at=NOW)
    session.add(draft)


def test_the_file_holds_all_of_ones_own(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = make_user(session, email="me@example.org")
    group = make_group(session, by=user, name="Elm Road")
    event = make_event(session, group=group, title="Soup at ours", by=user)
    note_change(session, event, ChangeKind.LISTED, by=user, now=NOW)
    make_draft(session, user, "Cake")
    make_passkey(session, user)
    sign_in(user)

    page = client.page("/account/data.json")

    assert page.headers["Content-Disposition"] == 'attachment; filename="moment-map-data.json"'
    assert page.headers["Cache-Control"] == "no-store"
    data = page.json
    assert data["account"]["email"] == "me@example.org"
    assert [each["device"] for each in data["sessions"]] == ["Firefox, Linux"]
    assert [each["name"] for each in data["passkeys"]] == ["My phone"]
    assert [(each["name"], each["role"]) for each in data["groups"]] == [("Elm Road", "owner")]
    assert [each["title"] for each in data["events_listed"]] == ["Soup at ours"]
    assert [each["kind"] for each in data["changes_to_events"]] == ["listed"]
    assert [each["answers"]["title"] for each in data["drafts"]] == ["Cake"]
    assert "/account/data.json" in client.page("/account/data").links


def test_the_file_holds_nothing_of_anybody_else(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user, other = make_user(session), make_user(session, email="other@example.org")
    group = make_group(session, by=user)
    session.add(Membership(user_id=other.id, group_id=group.id, role=MemberRole.EDITOR))
    event = make_event(session, group=group, title="Of the other", by=other)
    note_change(session, event, ChangeKind.LISTED, by=other, now=NOW)
    make_draft(session, other, "Draft of the other")
    make_passkey(session, other, "Phone of the other")
    sign_in(user)
    text = client.page("/account/data.json").response.text
    assert "other@example.org" not in text
    assert "of the other" not in text.lower()


def test_deleting_says_what_goes_and_what_stays_and_does_so(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = make_user(session, email="me@example.org")
    group = make_group(session, by=user, name="Elm Road")
    group.contact_email, group.contact_phone = "hello@example.org", "0113 496 0000"
    make_event(session, group=group, title="Long ago", by=user, **PAST)
    make_draft(session, user, "Cake")
    make_passkey(session, user)
    sign_in(user)
    page = client.page("/account/delete")
    assert f"/groups/{group.slug}" in page.links
    assert "for good" in page.text

    assert client.send("/account/delete").location == "/account/deleted"

    session.expire_all()
    for model in (User, Passkey, SignedIn, EventDraft, Membership):
        assert count(session, model) == 0, model
    assert session.scalars(select(Event.title)).all() == ["Long ago"]
    kept = session.scalars(select(Group)).one()
    assert (kept.name, kept.contact_email, kept.contact_phone) == ("Elm Road", None, None)
    assert client.page("/account/deleted").h1 == "Your account is deleted"
    assert client.page("/account").status == 302
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.template, mail.recipient) == ("account_deleted", "me@example.org")


@pytest.mark.parametrize("why", ["a member", "a coming event", "a draft in review"])
def test_a_group_that_somebody_counts_on_is_handed_over_first(
    session: Session, client: PageClient, sign_in: SignIn, why: str
) -> None:
    user = make_user(session)
    group = make_group(session, by=user, name="Elm Road")
    if why == "a member":
        make_member(session, group)
    else:
        event = make_event(session, group=group)
        event.status = EventStatus.IN_REVIEW if "review" in why else EventStatus.PUBLISHED
    sign_in(user)
    page = client.page("/account/delete")
    assert "Groups still need you" in page.text
    assert f"/groups/{group.slug}/members" in page.links
    token = client.page("/account").value("csrf_token")
    page = client.send("/account/delete", {"csrf_token": token}, csrf=False)
    assert page.status == 422
    session.expire_all()
    assert session.get(User, user.id)


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.HIDDEN])
def test_what_does_not_take_place_holds_nobody_back(
    session: Session, client: PageClient, sign_in: SignIn, status: EventStatus
) -> None:
    user = make_user(session)
    make_event(session, group=make_group(session, by=user)).status = status
    sign_in(user)
    assert client.send("/account/delete").location == "/account/deleted"


def test_a_group_with_another_owner_stays_theirs(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = make_user(session, email="me@example.org")
    group = make_group(session, by=user)
    other = make_member(session, group, role=MemberRole.OWNER)
    group.contact_email = "me@example.org"
    make_event(session, group=group)
    sign_in(user)
    assert group.name not in client.page("/account/delete").text
    client.send("/account/delete")
    session.expire_all()
    assert [each.user_id for each in group.memberships] == [other.id]
    assert group.contact_email is None


def test_invitations_to_the_address_are_in_the_file_and_go_with_it(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user = make_user(session)
    invitation = Invitation(
        group_id=make_group(session, name="Elm Road").id, kind=InvitationKind.MEMBER, role=MemberRole.EDITOR,
        email=user.email, token_hash=b"x", expires_at=NOW + timedelta(days=7),
    )  # fmt: skip
    session.add(invitation)
    sign_in(user)
    (invited,) = client.page("/account/data.json").json["invitations_into_groups"]
    assert (invited["name"], invited["role"]) == ("Elm Road", "editor")
    client.send("/account/delete")
    assert count(session, Invitation) == 0


def test_mails_about_pledges_that_the_address_is_confirmed_for_are_in_the_file_and_end(
    session: Session, client: PageClient, sign_in: SignIn
) -> None:
    user, event = make_user(session, email="me@example.org"), make_event(session)
    make_contact(session, make_pledge(session, event), event, email="me@example.org")
    unconfirmed = make_pledge(session, event)
    make_contact(session, unconfirmed, event, email="me@example.org", confirmed_at=None)
    make_contact(session, make_pledge(session, event), event, email="you@example.org")
    sign_in(user)

    (mails,) = client.page("/account/data.json").json["mails_about_pledges"]
    client.send("/account/delete")

    assert (mails["event"], mails["moment"]) == (event.public_id, event.moments[0].slug)
    assert mails["wants_reminder"] is mails["wants_news"] is True
    assert mails["confirmed_at"]
    assert session.scalars(select(PledgeContact.email)).all() == ["you@example.org"]
    assert count(session, LedgerEntry) == 3
