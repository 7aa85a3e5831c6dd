"""Pledges taken for callers: by staff and trusted hosts, a person each, and nothing about who calls."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import make_place
from tests.factories.vouching import make_trusted_event, make_window
from webapp.accounts.models import User
from webapp.events.models import Event, EventStatus
from webapp.moments.models import Moment
from webapp.organising.merging import merge_events
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce
from webapp.pledges.sides import UNKNOWN, PledgeSide, Side
from webapp.vouching.callers import (
    MOST_VOUCHED_AN_HOUR,
    calls_by_hour,
    forget_old_calls,
    take_call,
)
from webapp.vouching.models import CallerPledge

SignIn = Callable[..., User]
FROM_HERE = Side(b"the office", b"its network")


@pytest.fixture
def moment(session: Session) -> Moment:
    return make_moment(session, slug="neighbours-day")


@pytest.fixture
def host(sign_in: SignIn) -> User:
    """Somebody who is signed in."""
    return sign_in()


@pytest.fixture
def event(session: Session, moment: Moment, host: User) -> Event:
    """An event of the host’s trusted group."""
    made = make_trusted_event(session, by=host, moment=moment)
    session.commit()
    return made


def path(event: Event) -> str:
    return f"/for-a-caller/events/{event.public_id}"


def call(client: PageClient, place: str, **typed: str) -> Page:
    nonce = client.page(place).value("nonce")
    return client.send(place, {"nonce": nonce, "party": "2", **typed})


def entries(session: Session) -> list[LedgerEntry]:
    return list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)))


def test_a_code_is_credited_with_one_call_after_another(
    client: PageClient, session: Session, event: Event
) -> None:
    start = client.page("/for-a-caller?via=radio-4")
    place = f"{path(event)}?via=radio-4"
    assert place in start.links
    for _ in range(2):
        done = client.page(call(client, place).location)
        assert place in done.links
        assert "/for-a-caller?via=radio-4" in done.links

    assert [each.via for each in entries(session)] == ["radio-4"] * 2


def test_a_host_takes_one_call_after_another(
    client: PageClient, session: Session, event: Event
) -> None:
    assert path(event) in client.page("/for-a-caller").links
    done = client.page(call(client, path(event)).location)
    call(client, path(event), party="1")

    assert done.h1 == "They’re in"
    assert "2 people from you" in done.text
    assert re.search(r"Your code: \d{4} \d{4}", done.text)
    assert "/for-a-caller" in done.links  # the next caller
    written = entries(session)
    assert [each.party_change for each in written] == [2, 1]
    assert len({each.participant for each in written}) == 2


def test_its_code_finds_the_receipt_again(
    client: PageClient, session: Session, event: Event
) -> None:
    call(client, path(event))
    code = session.scalars(select(CallerPledge.code)).one()
    token = client.page("/for-a-caller").value("csrf_token")

    for typed in (code, f"{code[:4]} {code[4:]}", f" {code[:2]}-{code[2:]} "):
        typed_in = {"code": typed, "csrf_token": token}
        found = client.send("/for-a-caller/code", typed_in, csrf=False)
        assert client.page(found.location).h1 == "Your receipt"


def test_a_code_of_another_groups_caller_is_not_found_by_trying(
    client: PageClient, session: Session, event: Event, sign_in: SignIn
) -> None:
    call(client, path(event))
    code = session.scalars(select(CallerPledge.code)).one()
    sign_in(make_trusted_event(session, moment=event.moments[0]).group.memberships[0].user)
    token = client.page("/for-a-caller").value("csrf_token")
    typed = {"code": code, "csrf_token": token}
    assert client.send("/for-a-caller/code", typed, csrf=False).status == 422

    sign_in(make_user(session, staff=True))  # whom the caller may reach as well
    typed["csrf_token"] = client.page("/for-a-caller").value("csrf_token")
    assert client.send("/for-a-caller/code", typed, csrf=False).status == 303


@pytest.mark.parametrize("code", ["", "1234567", "123456789", "٣٣٣٣٣٣٣٣", "abcdefgh", "0" * 31])
def test_a_code_that_is_none_is_refused(client: PageClient, event: Event, code: str) -> None:
    token = client.page("/for-a-caller").value("csrf_token")
    page = client.send("/for-a-caller/code", {"code": code, "csrf_token": token}, csrf=False)

    assert page.status == 422
    assert len(page.errors) == 1


def test_at_home_the_postcode_tells_where_and_is_not_kept(
    client: PageClient, session: Session, event: Event
) -> None:
    answer = call(client, "/for-a-caller/moments/neighbours-day", postcode="", party="3")

    (entry,) = entries(session)
    assert (entry.event_id, entry.party_change) == (None, 3)
    assert "At home" in client.page(answer.location).text


def test_a_postcode_that_is_none_is_refused(
    client: PageClient, session: Session, event: Event
) -> None:
    page = call(client, "/for-a-caller/moments/neighbours-day", postcode="ZZ99 9ZZ")

    assert page.status == 422
    assert "We do not know that postcode." in page.text
    assert entries(session) == []


@pytest.mark.parametrize("party", ["0", "-1", "1.5", "13", "٣", "", "1e1", "1_0", "9" * 5000])
def test_a_party_that_is_none_is_refused(
    client: PageClient, session: Session, event: Event, party: str
) -> None:
    page = call(client, path(event), party=party)

    assert page.status == 422
    assert len(page.errors) == 1
    assert entries(session) == []


def test_the_same_form_twice_is_one_pledge_and_one_code(
    client: PageClient, session: Session, event: Event
) -> None:
    nonce = client.page(path(event)).value("nonce")
    first = call(client, path(event), nonce=nonce)
    again = call(client, path(event), nonce=nonce, party="5")

    assert first.location == again.location
    assert [each.party_change for each in entries(session)] == [2]
    assert len(session.scalars(select(CallerPledge)).all()) == 1


@pytest.mark.parametrize("nonce", ["", "made up"])
def test_without_a_good_nonce_nothing_is_counted(
    client: PageClient, session: Session, event: Event, nonce: str
) -> None:
    assert call(client, path(event), nonce=nonce).status == 422
    assert entries(session) == []


def test_a_trusted_host_takes_none_for_others(
    client: PageClient, session: Session, event: Event
) -> None:
    other = make_trusted_event(session, moment=event.moments[0])
    session.commit()

    assert client.page(path(other)).status == 403
    assert path(other) not in client.page("/for-a-caller").links


def test_whose_group_is_not_trusted_takes_none(
    client: PageClient, session: Session, moment: Moment, host: User
) -> None:
    event = make_event(session, moment=moment, group=make_group(session, by=host))
    session.commit()

    places = ("/for-a-caller", path(event), "/for-a-caller/moments/neighbours-day")
    assert [client.page(each).status for each in places] == [403, 403, 403]


def test_an_event_that_is_off_takes_nobody(
    client: PageClient, session: Session, event: Event
) -> None:
    shown = client.page(path(event))
    sent = {name: shown.value(name) for name in ("nonce", "party", "csrf_token")}
    event.status = EventStatus.CANCELLED
    session.commit()

    page = client.send(path(event), sent, csrf=False)
    assert page.status == 422
    assert "This is no longer open" in page.text
    assert entries(session) == []


def test_staff_find_any_event_near_a_place_and_no_postcode_stands_in_an_address(
    client: PageClient, session: Session, sign_in: SignIn, moment: Moment
) -> None:
    sign_in(make_user(session, staff=True))
    make_place(session)
    event = make_event(session, moment=moment)
    session.commit()

    found = client.send("/for-a-caller", {"q": "Rochdale"})
    assert found.location.startswith("/for-a-caller?place=")
    assert path(event) in client.page(found.location).links
    assert call(client, path(event)).status == 303
    unknown = client.send("/for-a-caller", {"q": "Nowhere at all"})
    assert unknown.status == 422


def test_where_the_helper_sits_is_not_judged_until_they_read_from_a_list(
    session: Session, event: Event, host: User
) -> None:
    how = {"party": 1, "by": host, "now": NOW, "origin": FROM_HERE}
    for _each in range(MOST_VOUCHED_AN_HOUR):
        take_call(session, Nonce.fresh(event.moments[0].id, event.id), **how)
    assert session.scalars(select(PledgeSide)).all() == []

    take_call(session, Nonce.fresh(event.moments[0].id, event.id), **how)
    assert session.scalars(select(PledgeSide.bucket)).all() == [FROM_HERE.bucket]


def test_staff_see_who_took_how_many_in_each_hour(
    client: PageClient, session: Session, event: Event, host: User, sign_in: SignIn
) -> None:
    nonces = [Nonce.fresh(event.moments[0].id, event.id) for _each in range(3)]
    for number, nonce in enumerate(nonces):
        at = NOW - timedelta(hours=30 if number == 2 else 0)
        take_call(session, nonce, party=1, by=host, now=at, origin=UNKNOWN)

    (found,) = calls_by_hour(session, NOW)
    assert (found.email, found.calls) == (host.email, 2)
    make_window(session, event)
    sign_in(make_user(session, staff=True))
    shown = client.page("/staff/callers").text
    assert f"{host.email}" in shown
    assert "A school · Opened: 1pm today 0 of 30 came through" in shown


def test_the_form_of_a_listing_that_is_merged_meanwhile_is_taken_for_the_one_that_is_kept(
    client: PageClient, session: Session, event: Event, host: User
) -> None:
    kept = make_event(session, group=event.group, moment=event.moments[0])
    session.commit()
    page = client.page(path(event))
    typed = {"nonce": page.value("nonce"), "csrf_token": page.value("csrf_token"), "party": "3"}
    merge_events(session, event, kept, host, NOW)
    session.commit()

    led = client.send(path(event), typed, csrf=False)
    assert (led.status, led.location) == (308, path(kept))
    answer = client.send(led.location, typed, csrf=False)

    assert answer.status == 303
    assert kept.public_id in client.page(answer.location).html
    assert [entry.party_change for entry in entries(session)] == [3]


def test_what_is_over_is_forgotten_and_its_pledge_is_not(
    session: Session, event: Event, host: User
) -> None:
    for event_id in (event.id, None):
        nonce = Nonce.fresh(event.moments[0].id, event_id)
        take_call(session, nonce, party=1, by=host, now=NOW, origin=UNKNOWN)

    for days, left in ((13, 2), (16, 0)):
        forget_old_calls(session, event.ends_at + timedelta(days=days))
        assert len(session.scalars(select(CallerPledge)).all()) == left
    assert len(entries(session)) == 2
