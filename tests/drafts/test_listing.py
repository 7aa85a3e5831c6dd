"""From the first page to “sent for review”, without script."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.drafts.organiser import WHAT, Organiser, action_of
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from webapp.accounts.models import User
from webapp.events.history import EventChange
from webapp.events.models import EventStatus
from webapp.groups.models import Group, MemberRole, Standing
from webapp.moments.models import Moment

SignIn = Callable[..., User]


def test_a_first_event_is_sent_for_review_with_its_group_and_account(
    organiser: Organiser, client: PageClient, session: Session
) -> None:
    answer = organiser.list_all()

    assert answer.status == 303
    page = client.page(answer.location)
    assert page.h1 == "Sent for review"
    assert "within two days" in page.text
    [event] = organiser.events
    assert f"/events/{event.public_id}/poster" in page.links
    assert client.page(f"/events/{event.public_id}/poster").status == 200
    assert event.status is EventStatus.IN_REVIEW
    assert event.starts_at == datetime(2027, 6, 5, 13, tzinfo=UTC)
    assert event.ends_at == datetime(2027, 6, 5, 16, 30, tzinfo=UTC)
    assert event.group.name == "Neighbours on Elm Road"
    assert event.group.standing is Standing.UNVERIFIED
    assert [each.role for each in event.group.memberships] == [MemberRole.OWNER]
    assert session.scalar(select(User.email)) == "pat@example.org"
    assert session.scalar(select(func.count(EventChange.id))) == 1
    assert organiser.mails() == ["event_sent"]
    assert organiser.drafts == []
    assert client.page(f"/events/{event.public_id}").status == 404


def test_the_event_of_a_trusted_group_is_on_the_map_at_once(
    organiser: Organiser, client: PageClient, session: Session, sign_in: SignIn
) -> None:
    group = make_group(session, by=sign_in(), standing=Standing.TRUSTED)
    session.commit()
    draft = organiser.begin()
    organiser.say_where(draft)

    answer = organiser.say_who(draft, group=group.slug, name="", sector="", email="")

    page = client.page(answer.location)
    assert page.h1 == "It’s on the map"
    [event] = organiser.events
    assert event.status is EventStatus.PUBLISHED
    assert any(link.endswith(f"/events/{event.public_id}") for link in page.links)
    assert client.page(f"/events/{event.public_id}").h1 == WHAT["title"]
    assert organiser.mails() == ["event_published"]


def test_the_first_page_begins_with_what_is_usual_for_the_moment(
    organiser: Organiser, session: Session, moment: Moment
) -> None:
    moment.title_pattern_en = "Neighbours’ Day on Elm Road"
    moment.starting_text_en = "Come and meet your neighbours."
    moment.usual_start, moment.usual_length_minutes = time(14), 180
    session.commit()

    page = organiser.first_page()

    assert "Such as: Neighbours’ Day on Elm Road" in page.text
    assert page.value("title") == ""
    assert page.value("description") == "Come and meet your neighbours."
    assert page.value("starts_on") == "5 June 2027"
    assert (page.value("starts_at"), page.value("ends_at")) == ("2pm", "5pm")


def test_which_moment_is_asked_only_where_there_are_several(
    organiser: Organiser, session: Session, moment: Moment
) -> None:
    assert "Which day is it for?" not in organiser.first_page().text
    later = make_moment(session, starts_on=date(2027, 7, 1), ends_on=date(2027, 7, 2))
    session.commit()

    assert organiser.first_page(f"?new=1&moment={later.slug}").value("moment") == later.slug
    draft = organiser.begin(moment=later.slug, starts_on="1 July 2027")
    organiser.say_where(draft)
    organiser.say_who(draft)
    organiser.enter_code(draft)

    assert organiser.events[0].moments == [later]


def test_without_a_moment_to_come_the_page_says_so(client: PageClient, session: Session) -> None:
    page = client.page("/host")

    assert "No day to list for yet" in page.text
    assert not page.all("textarea")


def test_a_double_submit_of_the_code_makes_one_event(
    organiser: Organiser, client: PageClient
) -> None:
    draft = organiser.begin()
    organiser.say_where(draft)
    organiser.say_who(draft)
    page = client.page(f"{draft}/code")
    first = organiser.send(page, {"code": organiser.code()})
    second = client.page(f"{draft}/code")

    assert first.status == second.status == 303
    assert first.location == second.location
    assert len(organiser.events) == 1


def test_a_double_submit_by_somebody_signed_in_makes_one_event(
    organiser: Organiser, client: PageClient, session: Session, sign_in: SignIn
) -> None:
    group = make_group(session, by=sign_in())
    session.commit()
    draft = organiser.begin()
    organiser.say_where(draft)
    page = client.page(f"{draft}/check")
    answers = {"group": group.slug, "name": "", "sector": ""}

    answers_to = [organiser.send_to(f"{draft}/check", page, answers) for _ in range(2)]

    assert {each.status for each in answers_to} == {303}
    assert len({each.location for each in answers_to}) == 1
    assert len(organiser.events) == 1


def test_the_first_page_sent_twice_is_one_draft(organiser: Organiser) -> None:
    page = organiser.first_page()

    for _ in range(2):
        assert organiser.send(page, WHAT).status == 303

    assert len(organiser.drafts) == 1


def test_a_wrong_code_sends_nothing_and_the_right_one_still_does(organiser: Organiser) -> None:
    draft = organiser.begin()
    organiser.say_where(draft)
    organiser.say_who(draft)
    wrong = "000000" if organiser.code() != "000000" else "111111"

    answer = organiser.enter_code(draft, wrong)

    assert answer.status == 422
    assert "not the code" in answer.errors[0]
    assert organiser.events == []
    assert organiser.enter_code(draft).status == 303
    assert len(organiser.events) == 1


def test_old_links_lead_to_the_first_page(client: PageClient, moment: Moment) -> None:
    answer = client.page("/events/new")

    assert answer.status == 308
    assert answer.location == "/host"


def test_each_step_says_where_it_is_and_leads_back(
    organiser: Organiser, client: PageClient
) -> None:
    draft = organiser.begin()
    organiser.say_where(draft)

    for number, step in enumerate(("what", "where", "check"), 1):
        page = client.page(f"{draft}/{step}")
        assert f"Step {number} of 4" in page.text
        assert action_of(page) == f"{draft}/{step}"
    assert f"{draft}/where" in page.links


def test_the_sent_page_is_for_those_who_may_change_the_event(
    organiser: Organiser, client: PageClient, sign_in: SignIn
) -> None:
    answer = organiser.list_all()
    sign_in()

    assert client.page(answer.location).status in {403, 404}


@pytest.mark.parametrize("language", ["", "/cy"])
def test_the_steps_stay_in_their_language(
    client: PageClient, moment: Moment, language: str
) -> None:
    page = client.page(f"{language}/host")

    assert action_of(page).startswith(f"{language}/host/")


def test_group_guests_are_told_nothing_of_accounts(organiser: Organiser, session: Session) -> None:
    session.add(User(email="pat@example.org"))
    session.commit()
    draft = organiser.begin()
    organiser.say_where(draft)

    known, unknown = (
        organiser.say_who(draft, email=email) for email in ("pat@example.org", "new@example.org")
    )

    assert (known.status, known.location) == (unknown.status, unknown.location)
    assert session.scalar(select(func.count(Group.id))) == 0


def test_what_the_first_page_begins_with_is_right_in_both_languages(
    organiser: Organiser, client: PageClient, session: Session, moment: Moment
) -> None:
    moment.starting_text_cy = moment.starting_text_en = "Dewch!"
    moment.usual_start, moment.usual_length_minutes = time(10, 30), 600
    session.commit()

    for language in ("", "/cy"):
        page = client.page(f"{language}/host?new=1")
        names = ("description", "starts_on", "starts_at", "ends_at", "ends_on")
        answer = organiser.send(page, {"title": "Te", **{each: page.value(each) for each in names}})
        assert answer.status == 422
        assert len(answer.errors) == 1, answer.errors
        begun = {each: page.value(each) for each in names}
        assert organiser.send(answer, {"title": "Te a chacen", **begun}).status == 303
