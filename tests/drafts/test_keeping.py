"""What was typed is kept: for whom, for how long, and how it is found again."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.drafts.organiser import WHAT, Organiser
from tests.factories.accounts import make_user
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.drafts.actions import forget_old_drafts
from webapp.drafts.models import EventDraft
from webapp.drafts.queries import drafts_of

SignIn = Callable[..., User]


def test_a_closed_tab_loses_nothing(organiser: Organiser, client: PageClient) -> None:
    draft = organiser.begin()

    page = client.page("/host")

    assert WHAT["title"] in page.text
    assert f"{draft}/where" in page.links
    back = client.page(f"{draft}/what")
    assert {name: back.value(name) for name in WHAT} == WHAT


def test_what_is_wrong_is_kept_as_well(organiser: Organiser, client: PageClient) -> None:
    answer = organiser.send(organiser.first_page(), WHAT | {"starts_on": "31 June", "title": ""})
    assert answer.status == 422

    page = client.page("/host")
    [link] = [each for each in page.links if each.endswith("/what")]
    back = client.page(link)

    assert "An event without a title yet" in page.text
    assert back.status == 200
    assert back.value("starts_on") == "31 June"
    assert back.value("description") == WHAT["description"]
    assert any("no such day" in error for error in back.errors)


def test_nothing_is_kept_before_something_is_sent(organiser: Organiser) -> None:
    organiser.first_page()
    organiser.first_page()

    assert organiser.drafts == []


def test_a_second_draft_stands_beside_the_first(organiser: Organiser, client: PageClient) -> None:
    first = organiser.begin(title="Tea on Elm Road")
    second = organiser.begin(title="Quiz in the hall")

    assert first != second
    page = client.page("/host")
    assert "Tea on Elm Road" in page.text
    assert "Quiz in the hall" in page.text
    assert client.page(f"{first}/what").value("title") == "Tea on Elm Road"


def test_each_step_goes_on_where_it_was_left(organiser: Organiser, client: PageClient) -> None:
    draft = organiser.begin()
    assert organiser.say_where(draft).location == f"{draft}/check"

    answer = client.send(f"{draft}/what", WHAT | {"title": "Cake and tea"})

    assert answer.location == f"{draft}/check"
    assert "Cake and tea" in client.page(f"{draft}/check").text


def test_a_draft_is_of_its_browser_alone(
    organiser: Organiser, app: Flask, session: Session, sign_in: SignIn
) -> None:
    draft = organiser.begin()
    stranger = app.test_client()
    assert isinstance(stranger, PageClient)

    for step in ("what", "where", "check", "code", "throw-away"):
        assert stranger.page(f"{draft}/{step}").status == 404
    assert stranger.send(f"{draft}/where", {}, csrf=False).status in {400, 404}
    assert stranger.page("/host").h1 == "What are you planning?"


def test_a_draft_belongs_to_whoever_signs_in_where_it_was_begun(
    organiser: Organiser, client: PageClient, session: Session, sign_in: SignIn
) -> None:
    organiser.begin()
    user = sign_in()

    assert WHAT["title"] in client.page("/your-events").text

    [draft] = drafts_of(session, user)
    assert draft.title == WHAT["title"]


def test_nobody_else_sees_the_draft_of_somebody_signed_in(
    organiser: Organiser, client: PageClient, sign_in: SignIn
) -> None:
    sign_in()
    draft = organiser.begin()
    sign_in()

    assert client.page(f"{draft}/what").status == 404
    assert WHAT["title"] not in client.page("/host").text


def test_an_id_that_somebody_made_up_begins_nothing(
    organiser: Organiser, client: PageClient
) -> None:
    answer = organiser.send_to(f"/host/{uuid4()}/what", organiser.first_page(), WHAT)

    assert answer.status == 404
    assert organiser.drafts == []


def test_a_draft_is_thrown_away_after_asking(organiser: Organiser, client: PageClient) -> None:
    draft = organiser.begin()

    page = client.page(f"{draft}/throw-away")
    assert "cannot be brought back" in page.text
    assert len(organiser.drafts) == 1
    assert client.send(f"{draft}/throw-away").location == "/host"

    assert organiser.drafts == []
    assert client.page(f"{draft}/what").status == 404


def test_a_draft_that_nobody_touched_for_thirty_days_is_erased(session: Session) -> None:
    now = utc_now()
    for age in (timedelta(days=29, hours=23), timedelta(days=30, hours=1)):
        session.add(EventDraft(answers={"title": str(age)}, changed_at=now - age))
    session.flush()

    forget_old_drafts(session, now)

    [left] = session.query(EventDraft)
    assert left.title.startswith("29 days")


def test_a_form_that_was_open_for_hours_is_still_good(
    organiser: Organiser, clock: time_machine.Traveller
) -> None:
    page = organiser.first_page()
    clock.shift(timedelta(hours=5))

    assert organiser.send(page, WHAT).status == 303


def test_the_draft_goes_with_the_event_that_it_became(
    organiser: Organiser, client: PageClient
) -> None:
    answer = organiser.list_all()

    [event] = organiser.events
    draft = f"/host/{UUID(str(event.import_key).removeprefix('draft-'))}"
    for step in ("what", "where", "check", "code"):
        assert client.page(f"{draft}/{step}").location == answer.location
    assert client.page("/host").h1 == "What are you planning?"


def test_somebody_who_closes_their_account_takes_their_drafts_along(session: Session) -> None:
    user = make_user(session)
    session.add(EventDraft(answers={}, user_id=user.id, changed_at=utc_now()))
    session.flush()

    session.delete(user)
    session.flush()

    assert session.query(EventDraft).count() == 0


@pytest.mark.parametrize("typed", ["a\0b", "\ud800", "\u202eabc", "x" * 60_000])
def test_what_the_database_cannot_hold_stops_nobody(organiser: Organiser, typed: str) -> None:
    raw = typed.encode("utf-8", "surrogatepass")
    answer = organiser.send(organiser.first_page(), WHAT | {"description": raw})

    assert answer.status in {303, 422}
    assert len(organiser.drafts) == 1


def test_looking_at_the_first_page_often_pushes_nothing_out(
    organiser: Organiser, client: PageClient
) -> None:
    organiser.begin(title="The first of all")

    for _ in range(12):
        organiser.first_page("?new=1")

    assert "The first of all" in client.page("/host").text


def test_ten_drafts_are_found_again_in_one_browser(
    organiser: Organiser, client: PageClient
) -> None:
    for number in range(11):
        organiser.begin(title=f"Event number {number:02}")

    text = client.page("/host").text

    assert "Event number 00" not in text
    assert all(f"Event number {number:02}" in text for number in range(1, 11))
