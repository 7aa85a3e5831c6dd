"""The page behind a window’s link: one after another on one device, counted once, never above the cap."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.pledges import make_pledge
from tests.factories.vouching import make_trusted_event, make_window
from tests.vouching.pressing import say_in
from webapp.events.models import Event, EventStatus
from webapp.pledges.models import LedgerEntry
from webapp.pledges.nonces import Nonce, NonceSigner
from webapp.pledges.sides import PledgeSide
from webapp.vouching.models import GroupWindow

CAP = 30


@pytest.fixture
def event(session: Session) -> Event:
    made = make_trusted_event(session)
    session.commit()
    return made


@pytest.fixture
def link(session: Session, event: Event) -> str:
    """The path of a window’s link; its token is known to nobody but who opened it."""
    _window, token = make_window(session, event, CAP)
    session.commit()
    return f"/in/{token}"


@pytest.fixture
def window(session: Session, link: str) -> GroupWindow:
    """The window behind the link."""
    return session.scalars(select(GroupWindow)).one()


def entries(session: Session) -> list[LedgerEntry]:
    return list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)))


def test_a_code_on_the_link_is_credited_with_everybody_who_comes_through(
    client: PageClient, session: Session, link: str
) -> None:
    path = f"{link}?via=radio-4"
    for _ in range(2):
        done = client.page(say_in(client, path).location)
        path = next(each for each in done.links if each.startswith(f"{link}?"))

    assert [each.via for each in entries(session)] == ["radio-4"] * 2


def test_three_people_on_one_tablet_are_three_people(
    client: PageClient, session: Session, event: Event, window: GroupWindow, link: str
) -> None:
    for party in ("1", "2", "1"):
        answer = say_in(client, link, party=party)
        assert answer.status == 303
        done = client.page(answer.location)
        assert done.h1 == "You’re in. Thank you!"
        assert link in done.links  # the next person’s turn

    written = entries(session)
    assert [each.party_change for each in written] == [1, 2, 1]
    assert len({each.participant for each in written}) == 3
    assert {each.event_id for each in written} == {event.id}
    session.refresh(window)
    assert window.people == 4


def test_it_is_kept_by_no_cache_and_asks_for_no_cookie(client: PageClient, link: str) -> None:
    page = client.page(link)

    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert "data-behaviour" not in page.html


def test_it_is_vouched_for_and_its_side_says_by_which_window(
    client: PageClient, session: Session, window: GroupWindow, link: str
) -> None:
    say_in(client, link)

    side = session.scalars(select(PledgeSide)).one()
    assert side.group_window_id == window.id


def test_the_same_form_twice_is_one_pledge(
    client: PageClient, session: Session, window: GroupWindow, link: str
) -> None:
    nonce = client.page(link).value("nonce")
    first = say_in(client, link, nonce=nonce, party="2")
    again = say_in(client, link, nonce=nonce, party="5")

    assert again.location == first.location
    assert [each.party_change for each in entries(session)] == [2]
    session.refresh(window)
    assert window.people == 2


@pytest.mark.parametrize(
    "party", ["0", "-1", "1.5", "1e3", "999999999999", "٣", "", "[1, 2]", "13", "1_0"]
)
def test_a_party_that_is_none_is_refused(
    client: PageClient, session: Session, link: str, party: str
) -> None:
    page = say_in(client, link, party=party)

    assert page.status == 422
    assert len(page.errors) == 1
    assert entries(session) == []


@pytest.mark.parametrize("cut", [slice(0, -1), slice(1, None), slice(0, 5)])
def test_a_link_that_is_cut_leads_nowhere(
    client: PageClient, session: Session, link: str, cut: slice
) -> None:
    wrong = "/in/" + link.removeprefix("/in/")[cut]

    assert client.page(wrong).status == 404
    assert "This link leads nowhere" in client.page(wrong).text
    assert client.send(wrong, {"party": "1"}, csrf=False).status == 404
    assert entries(session) == []


@pytest.mark.parametrize("token", ["x", "٣" * 24, "a" * 3000, "%00"])
def test_a_link_that_was_made_up_leads_nowhere(client: PageClient, token: str) -> None:
    assert client.page(f"/in/{token}").status == 404


def test_a_nonce_of_another_event_or_none_at_all_is_refused(
    app: Flask, client: PageClient, session: Session, event: Event, link: str
) -> None:
    other = make_trusted_event(session, moment=event.moments[0])
    session.commit()
    signer = NonceSigner(app.config["SECRET_KEY"])
    foreign = signer.sign(Nonce.fresh(event.moments[0].id, other.id))

    for nonce in (foreign, "", "made up", client.page(link).value("nonce")[:-2]):
        page = say_in(client, link, nonce=nonce)
        assert page.status == 422
        assert "This page was too old. Nothing was counted" in page.text
    assert entries(session) == []


def test_after_two_days_the_page_is_too_old(
    client: PageClient, session: Session, window: GroupWindow, link: str,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    nonce = client.page(link).value("nonce")
    window.closes_at = NOW + timedelta(days=4)
    session.commit()
    clock.move_to(NOW + timedelta(days=3))

    assert say_in(client, link, nonce=nonce).status == 422
    assert entries(session) == []


def test_another_sites_form_is_refused(client: PageClient, session: Session, link: str) -> None:
    nonce = client.page(link).value("nonce")
    foreign = {"Origin": "https://elsewhere.example"}
    answer = client.post(link, data={"nonce": nonce, "party": "1"}, headers=foreign)

    assert answer.status_code == 403
    assert entries(session) == []


def test_whoever_does_not_fit_is_told_how_many_do(
    client: PageClient, session: Session, window: GroupWindow, link: str
) -> None:
    window.people = CAP - 3
    session.commit()

    page = say_in(client, link, party="4")
    assert page.status == 422
    assert page.errors == [
        "Mistake: Only 3 more people fit through this link. Nothing was counted."
    ]
    assert "#party" in page.links
    last = say_in(client, link, party="3")
    assert last.status == 303
    assert link not in client.page(last.location).links
    assert "Everybody has come through this link who can" in client.page(link).text
    assert [each.party_change for each in entries(session)] == [3]


@pytest.mark.parametrize("minutes", [60, 600])
def test_after_its_hour_the_ordinary_way_is_offered(
    client: PageClient, session: Session, event: Event, link: str,
    clock: time_machine.Traveller, minutes: int,
) -> None:  # fmt: skip
    nonce = client.page(link).value("nonce")
    clock.move_to(NOW + timedelta(minutes=minutes))

    page = client.send(link, {"nonce": nonce, "party": "1"}, csrf=False)
    assert page.status == 422
    assert "This link is closed" in page.text
    assert f"/events/{event.public_id}/pledge?somebody=else" in page.links
    assert entries(session) == []


def test_a_receipt_of_before_still_stands_when_it_is_closed(
    client: PageClient, session: Session, window: GroupWindow, link: str
) -> None:
    nonce = client.page(link).value("nonce")
    first = say_in(client, link, nonce=nonce)
    window.closed_at = NOW
    session.commit()

    # Whoever sends once more has an answer, and is not counted twice.
    again = client.send(link, {"nonce": nonce, "party": "1"}, csrf=False)
    assert again.location == first.location
    assert client.page(first.location).h1 == "You’re in. Thank you!"
    assert len(entries(session)) == 1


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.POSTPONED])
def test_an_event_that_is_off_takes_nobody(
    client: PageClient, session: Session, event: Event, link: str, status: EventStatus
) -> None:
    nonce = client.page(link).value("nonce")
    event.status = status
    session.commit()

    page = client.send(link, {"nonce": nonce, "party": "1"}, csrf=False)
    assert page.status == 422
    assert "This is no longer open" in page.text
    assert entries(session) == []


def test_of_an_event_that_is_hidden_there_is_no_trace(
    client: PageClient, session: Session, event: Event, link: str
) -> None:
    event.status = EventStatus.HIDDEN
    session.commit()

    assert client.page(link).status == 404
    assert client.send(link, {"party": "1"}, csrf=False).status == 404


def test_whoever_finds_no_place_waits_as_they_would_otherwise(
    client: PageClient, session: Session, event: Event, link: str
) -> None:
    event.capacity = 2
    session.commit()
    say_in(client, link, party="2")

    waiting = client.page(say_in(client, link, party="1").location)

    assert waiting.h1 == "You’re on the waiting list"
    assert "There is no room for all of you yet" in waiting.text
    assert [each.party_change for each in entries(session)] == [2, 1, -1]


def test_a_receipt_of_another_event_is_not_shown_here(
    app: Flask, client: PageClient, session: Session, event: Event, link: str
) -> None:
    other = make_trusted_event(session, moment=event.moments[0])
    receipt = make_pledge(session, other)
    session.commit()
    token = NonceSigner(app.config["SECRET_KEY"]).sign_receipt(receipt)

    assert client.page(f"{link}/{token}").status == 404
    assert client.page(f"{link}/{uuid4()}").status == 404


def test_of_a_listing_that_was_merged_it_leads_to_the_one_that_was_kept(
    client: PageClient, session: Session, event: Event, link: str
) -> None:
    nonce = client.page(link).value("nonce")
    kept = make_trusted_event(session, moment=event.moments[0], title="The one street party")
    event.status, event.merged_into_id = EventStatus.HIDDEN, kept.id
    session.commit()

    assert "The one street party" in client.page(link).text
    for answer in (
        say_in(client, link),
        client.send(link, {"nonce": nonce, "party": "1"}, csrf=False),
    ):
        assert answer.status == 303
        assert "The one street party" in client.page(answer.location).text
    assert len(entries(session)) == 2
