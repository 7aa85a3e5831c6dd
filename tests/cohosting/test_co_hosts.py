"""Asking groups to host an event together, and what they answer."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group, make_member
from tests.factories.networks import make_network
from webapp.accounts.models import User
from webapp.cohosting.actions import (
    MOST_CO_HOSTS,
    AskedAlreadyError,
    CannotBeAskedError,
    NobodyToAskError,
    TooManyError,
    invite,
)
from webapp.events.co_hosts import (
    CoHost,
    CoHostAnswer,
    co_hosts_of,
    copy_invitations,
    invitations_waiting,
    send_waiting_invitations,
)
from webapp.events.models import Event, EventStatus
from webapp.groups.actions import create_group
from webapp.groups.models import Group, Sector
from webapp.outbox import OutgoingMail

NOW = datetime(2027, 5, 20, 12, tzinfo=UTC)


def mails(session: Session) -> list[tuple[str, str]]:
    """Return who is written to, and what."""
    found = session.scalars(select(OutgoingMail).order_by(OutgoingMail.recipient))
    return [(mail.recipient, mail.template) for mail in found]


@pytest.fixture
def host(sign_in: Callable[..., User]) -> User:
    """Somebody who hosts, signed in."""
    return sign_in()


@pytest.fixture
def event(session: Session, host: User) -> Event:
    """Their event."""
    event = make_event(session, group=make_group(session, by=host, name="Elm Road"))
    session.commit()
    return event


@pytest.fixture
def mosque(session: Session) -> Group:
    """A group that may be asked."""
    owner = make_user(session, email="imam@example.org")
    return make_group(session, by=owner, name="Elm Road Mosque", sector=Sector.FAITH)


def send(client: PageClient, path: str, data: dict[str, str]) -> Page:
    """Post a form from another page than this one, which may have none."""
    token = client.page("/groups/new").value("csrf_token")
    return client.send(path, {**data, "csrf_token": token}, csrf=False)


def asked(session: Session, event: Event, group: Group, **kw: object) -> CoHost:
    """Ask a group without any page."""
    session.flush()
    values = {"answer": CoHostAnswer.INVITED, "invited_at": NOW, "told_at": NOW} | kw
    co_host = CoHost(event_id=event.id, group_id=group.id, **values)
    session.add(co_host)
    session.commit()
    return co_host


def test_a_group_is_found_asked_and_told(
    session: Session, client: PageClient, event: Event, mosque: Group
) -> None:
    path = f"/events/{event.public_id}/co-hosts"
    assert "Elm Road Mosque" in client.page(f"{path}?q=mosque").text
    page = client.send(f"{path}?q=mosque", {"group": mosque.slug})
    assert (page.status, page.location) == (303, path)
    assert "No answer yet" in client.page(path).text
    assert mails(session) == [("imam@example.org", "co_host_invited")]
    assert [each.group for each in invitations_waiting(session, [mosque.id])] == [mosque]


def test_it_answers_on_a_page_and_the_host_is_told(
    session: Session, client: PageClient, sign_in: Callable[..., User], event: Event, mosque: Group
) -> None:
    asked(session, event, mosque)
    sign_in(mosque.memberships[0].user)
    path = f"/events/{event.public_id}/co-hosts/{mosque.slug}"
    assert "Say yes" not in client.page(path).text
    assert client.send(path, {"answer": "yes"}).status == 303
    assert co_hosts_of(session, event.id) == [mosque]
    assert mails(session) == [(event.group.memberships[0].user.email, "co_host_answered")]
    assert "Elm Road Mosque" in client.page(f"/events/{event.public_id}").text


def test_a_second_yes_changes_nothing(
    session: Session, client: PageClient, sign_in: Callable[..., User], event: Event, mosque: Group
) -> None:
    asked(session, event, mosque)
    sign_in(mosque.memberships[0].user)
    path = f"/events/{event.public_id}/co-hosts/{mosque.slug}"
    for _ in range(2):
        assert client.send(path, {"answer": "yes"}).status == 303
    assert len(mails(session)) == 1


def test_a_co_host_may_step_back_later(
    session: Session, client: PageClient, sign_in: Callable[..., User], event: Event, mosque: Group
) -> None:
    asked(session, event, mosque, answer=CoHostAnswer.ACCEPTED, answered_at=NOW)
    sign_in(mosque.memberships[0].user)
    path = f"/events/{event.public_id}/co-hosts/{mosque.slug}"
    client.send(path, {"answer": "no"})
    assert co_hosts_of(session, event.id) == []
    assert [template for _, template in mails(session)] == ["co_host_answered"]


def test_an_answer_is_one_of_two(
    session: Session, client: PageClient, sign_in: Callable[..., User], event: Event, mosque: Group
) -> None:
    asked(session, event, mosque)
    sign_in(mosque.memberships[0].user)
    page = client.send(f"/events/{event.public_id}/co-hosts/{mosque.slug}", {"answer": "maybe"})
    assert page.status == 422
    assert "Choose one of the options." in page.text


def test_what_the_host_took_back_cannot_be_answered(
    session: Session, client: PageClient, sign_in: Callable[..., User], event: Event, mosque: Group
) -> None:
    asked(session, event, mosque)
    path = f"/events/{event.public_id}/co-hosts/{mosque.slug}"
    assert client.page(f"{path}/withdraw").h1 == "Take it back?"
    client.send(f"{path}/withdraw")
    sign_in(mosque.memberships[0].user)
    page = client.page(path)
    assert "The host has taken this back" in page.text
    assert send(client, path, {"answer": "yes"}).status == 303
    assert co_hosts_of(session, event.id) == []
    assert mails(session) == []


def test_a_co_host_that_is_let_go_is_told(
    session: Session, client: PageClient, event: Event, mosque: Group
) -> None:
    asked(session, event, mosque, answer=CoHostAnswer.ACCEPTED, answered_at=NOW)
    path = f"/events/{event.public_id}/co-hosts/{mosque.slug}/withdraw"
    assert "The group gets a mail that says so." in client.page(path).text
    client.send(path)
    assert co_hosts_of(session, event.id) == []
    assert mails(session) == [("imam@example.org", "co_host_ended")]


def test_a_group_gets_one_mail_however_often_it_is_asked(
    session: Session, host: User, event: Event, mosque: Group
) -> None:
    for _ in range(3):
        invite(session, event, mosque, by=host, now=NOW)
        session.get_one(CoHost, (event.id, mosque.id)).answer = CoHostAnswer.WITHDRAWN
    assert len(mails(session)) == 1


@pytest.mark.parametrize(
    "status", [EventStatus.IN_REVIEW, EventStatus.DRAFT, EventStatus.POSTPONED]
)
def test_invitations_wait_until_the_event_is_published(
    session: Session, host: User, event: Event, mosque: Group, status: EventStatus
) -> None:
    event.status = status
    invite(session, event, mosque, by=host, now=NOW)
    assert mails(session) == []
    assert invitations_waiting(session, [mosque.id]) == []
    event.status = EventStatus.PUBLISHED
    for _ in range(2):
        send_waiting_invitations(session, event, NOW)
    assert mails(session) == [("imam@example.org", "co_host_invited")]


def test_before_that_nobody_there_sees_the_page(
    session: Session, client: PageClient, sign_in: Callable[..., User], event: Event, mosque: Group
) -> None:
    asked(session, event, mosque, told_at=None)
    event.status = EventStatus.IN_REVIEW
    sign_in(mosque.memberships[0].user)
    assert client.page(f"/events/{event.public_id}/co-hosts/{mosque.slug}").status == 404


def test_at_most_ten_co_host(session: Session, host: User, event: Event, mosque: Group) -> None:
    for _ in range(MOST_CO_HOSTS):
        invite(session, event, make_group(session), by=host, now=NOW)
    with pytest.raises(TooManyError):
        invite(session, event, mosque, by=host, now=NOW)


def test_a_host_who_asks_and_takes_back_for_ever_is_stopped(
    session: Session, host: User, event: Event
) -> None:
    def ask_and_take_back() -> None:
        group = make_group(session)
        invite(session, event, group, by=host, now=NOW)
        session.get_one(CoHost, (event.id, group.id)).answer = CoHostAnswer.WITHDRAWN

    for _ in range(30):
        ask_and_take_back()
    with pytest.raises(TooManyError):
        ask_and_take_back()


def test_whom_nobody_can_ask(session: Session, host: User, event: Event, mosque: Group) -> None:
    with pytest.raises(AskedAlreadyError):
        invite(session, event, event.group, by=host, now=NOW)
    empty = create_group(session, by=None, name="Nobody’s", sector=Sector.OTHER)
    with pytest.raises(NobodyToAskError):
        invite(session, event, empty, by=host, now=NOW)
    invite(session, event, mosque, by=host, now=NOW)
    with pytest.raises(AskedAlreadyError):
        invite(session, event, mosque, by=host, now=NOW)


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.HIDDEN])
def test_for_an_event_that_is_off_nobody_is_asked(
    session: Session,
    client: PageClient,
    host: User,
    event: Event,
    mosque: Group,
    status: EventStatus,
) -> None:
    event.status = status
    session.commit()
    with pytest.raises(CannotBeAskedError):
        invite(session, event, mosque, by=host, now=NOW)
    page = send(client, f"/events/{event.public_id}/co-hosts", {"group": mosque.slug})
    assert page.status == 422
    assert "Nobody can be asked any more" in page.text


def test_once_over_nobody_is_asked(
    session: Session, host: User, event: Event, mosque: Group
) -> None:
    with pytest.raises(CannotBeAskedError):
        invite(session, event, mosque, by=host, now=event.ends_at)


@pytest.mark.parametrize(("group", "status"), [("", 422), ("nothing-here", 404), ("🎉", 404)])
def test_an_odd_choice_is_refused(
    client: PageClient, event: Event, group: str, status: int
) -> None:
    assert send(client, f"/events/{event.public_id}/co-hosts", {"group": group}).status == status


def test_who_sees_which_page(
    session: Session, client: PageClient, sign_in: Callable[..., User], event: Event, mosque: Group
) -> None:
    asked(session, event, mosque)
    hosts, theirs = (
        f"/events/{event.public_id}/co-hosts",
        f"/events/{event.public_id}/co-hosts/{mosque.slug}",
    )
    statuses = {}
    for name, person in {
        "neighbour": make_user(session),
        "editor": make_member(session, event.group),
        "asked": make_member(session, mosque),
        "staff": make_user(session, staff=True),
    }.items():
        sign_in(person)
        statuses[name] = (client.page(hosts).status, client.page(theirs).status)
    assert statuses == {
        "neighbour": (403, 403),
        "editor": (200, 403),
        "asked": (403, 200),
        "staff": (200, 200),
    }


def test_a_coordinator_answers_for_a_group_of_the_network(
    session: Session, client: PageClient, sign_in: Callable[..., User], event: Event, mosque: Group
) -> None:
    coordinator = make_user(session)
    make_network(session, coordinator=coordinator, groups=[mosque])
    asked(session, event, mosque)
    sign_in(coordinator)
    client.send(f"/events/{event.public_id}/co-hosts/{mosque.slug}", {"answer": "yes"})
    assert co_hosts_of(session, event.id) == [mosque]


def test_for_a_group_that_nobody_runs_its_coordinators_are_asked(
    session: Session, client: PageClient, host: User, event: Event
) -> None:
    coordinator = make_user(session, email="coordinator@example.org")
    cubs = create_group(session, by=None, name="Deeplish Cubs", sector=Sector.OTHER)
    make_network(session, coordinator=coordinator, groups=[cubs])
    session.commit()
    path = f"/events/{event.public_id}/co-hosts"
    assert "Deeplish Cubs" in client.page(f"{path}?q=deeplish").text
    invite(session, event, cubs, by=host, now=NOW)
    assert mails(session) == [("coordinator@example.org", "co_host_invited")]


def test_invitations_are_copied_but_not_refusals(
    session: Session, host: User, event: Event
) -> None:
    groups = [make_group(session, name=name) for name in ("A", "B", "C", "D")]
    for group, answer in zip(groups, CoHostAnswer, strict=True):
        asked(session, event, group, answer=answer)
    copy = make_event(session, group=event.group, moment=event.moments[0])
    copy.status = EventStatus.IN_REVIEW
    session.flush()
    for _ in range(2):
        copy_invitations(session, event.id, copy.id, host, NOW)
    found = session.scalars(select(CoHost).where(CoHost.event_id == copy.id)).all()
    assert {each.group.name for each in found} == {"A", "B"}
    assert {(each.answer, each.told_at) for each in found} == {(CoHostAnswer.INVITED, None)}


def test_whoever_hosts_the_copy_is_not_invited_to_it(
    session: Session, host: User, event: Event, mosque: Group
) -> None:
    asked(session, event, mosque, answer=CoHostAnswer.ACCEPTED)
    copy = make_event(session, group=mosque, moment=event.moments[0])
    session.flush()
    copy_invitations(session, event.id, copy.id, host, NOW)
    assert session.scalars(select(CoHost).where(CoHost.event_id == copy.id)).all() == []


def test_co_hosts_come_by_name_and_nothing_private_is_in_a_mail(
    session: Session, event: Event, mosque: Group
) -> None:
    allotment = make_group(session, name="Allotment")
    for group in (mosque, allotment):
        asked(session, event, group, answer=CoHostAnswer.ACCEPTED)
    assert [group.name for group in co_hosts_of(session, event.id)] == [
        "Allotment",
        "Elm Road Mosque",
    ]


def test_a_search_too_short_finds_nothing(client: PageClient, event: Event, mosque: Group) -> None:
    for text in ("el", "🎉", "%%%"):
        page = client.page(f"/events/{event.public_id}/co-hosts", query_string={"q": text})
        assert "No group found" in page.text


def test_a_group_is_found_by_the_address_of_its_page(
    client: PageClient, event: Event, mosque: Group
) -> None:
    address = f"http://localhost/groups/{mosque.slug}"
    page = client.page(f"/events/{event.public_id}/co-hosts", query_string={"q": address})
    assert "Elm Road Mosque" in page.text


def test_a_group_s_page_marks_what_it_co_hosts(
    session: Session, client: PageClient, event: Event, mosque: Group
) -> None:
    asked(session, event, mosque, answer=CoHostAnswer.ACCEPTED)
    theirs = client.page(f"/groups/{mosque.slug}").text
    assert event.title in theirs
    assert "As a co-host" in theirs
    assert "As a co-host" not in client.page("/groups/elm-road").text
