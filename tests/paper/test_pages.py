"""Pages to print: the paper and what to do with it, for those who may change the event."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.groups import make_group, make_member
from tests.paper.conftest import Listed
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import EventStatus

SignIn = Callable[..., User]
PAGES = ("poster", "poster?size=a5", "sheet")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_the_paper_and_leads_to_its_pdf(
    client: PageClient, listed: Listed, name: str
) -> None:
    event = listed()
    page = client.page(f"/events/{event.public_id}/{name}")

    assert page.status == 200
    for said in ("Tea on Elm Road", "Saturday 5 June 2027", "Deeplish Community Centre"):
        assert said in page.text
    (pdf,) = [link for link in page.links if ".pdf" in link]
    assert client.get(pdf).mimetype == "application/pdf"
    codes = [each for each in page.all("img") if (each.get("alt") or "").startswith("Code to scan")]
    assert codes[0].get("alt") == f"Code to scan: http://localhost/e/{event.public_id}"


@pytest.mark.parametrize("size", ["", "A5", "a3", "\u200b", "a4'", "%F0%9F%8E%89"])
def test_an_odd_size_is_a4(client: PageClient, listed: Listed, size: str) -> None:
    page = client.page(f"/events/{listed().public_id}/poster?size={size}")
    assert page.status == 200
    assert "paper-a4.css" in page.html


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.IN_REVIEW, EventStatus.HIDDEN])
def test_before_an_event_is_public_its_paper_says_that_the_code_leads_nowhere(
    client: PageClient, session: Session, listed: Listed, status: EventStatus
) -> None:
    event = listed()
    event.status = status
    session.commit()
    assert (
        "lead nowhere until it is published"
        in client.page(f"/events/{event.public_id}/poster").text
    )
    assert client.get(f"/e/{event.public_id}").status_code == 404


def test_names_of_other_groups_are_named_as_hosts(
    client: PageClient, session: Session, listed: Listed
) -> None:
    event = listed()
    names = [f"Group {number}" for number in range(7)]
    for name in names:
        group = make_group(session, name=name)
        session.add(
            CoHost(
                event_id=event.id,
                group_id=group.id,
                answer=CoHostAnswer.ACCEPTED,
                invited_at=utc_now(),
            )
        )
    session.commit()
    text = client.page(f"/events/{event.public_id}/poster").text
    assert (
        "Neighbours on Elm Road · Group 0 · Group 1 · Group 2 · Group 3 · Group 4 · 2 more groups"
        in text
    )


def test_only_those_who_may_change_the_event_print_its_paper(
    client: PageClient, session: Session, listed: Listed, sign_in: SignIn
) -> None:
    event = listed()
    papers = ("poster", "poster.pdf", "sheet", "sheet.pdf")
    sign_in()
    assert {client.get(f"/events/{event.public_id}/{name}").status_code for name in papers} == {403}
    sign_in(make_member(session, event.group))
    assert {client.get(f"/events/{event.public_id}/{name}").status_code for name in papers} == {200}
    assert client.get("/events/bcdfghjkmn/poster").status_code == 404


def test_who_has_not_signed_in_is_led_there(client: PageClient, session: Session) -> None:
    for name in ("poster", "sheet.pdf"):
        answer = client.page(f"/events/bcdfghjkmn/{name}")
        assert answer.location == f"/account/sign-in?next=/events/bcdfghjkmn/{name}"


@pytest.mark.parametrize("language", ["", "/cy"])
def test_the_short_address_leads_to_the_event_however_it_is_typed(
    client: PageClient, listed: Listed, language: str
) -> None:
    event = listed()
    for typed in (event.public_id, event.public_id.upper()):
        answer = client.page(f"{language}/e/{typed}")
        assert (answer.status, answer.location) == (302, f"{language}/events/{event.public_id}")
        assert answer.headers["Cache-Control"].startswith("public")
    for wrong in ("bcdfghjkmn", "x", "🎉", "%00"):
        assert client.page(f"{language}/e/{wrong}").status == 404
