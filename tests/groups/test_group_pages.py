"""The page of a group, and telling the site who you are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import make_place
from tests.sentences import said
from webapp.accounts.models import User
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import EventStatus
from webapp.groups.models import Group, Sector, Standing
from webapp.groups.shelf import PAGE_SIZE

OVER = {"starts_at": NOW - timedelta(days=9), "ends_at": NOW - timedelta(days=8)}
INVISIBLE = "There were invisible characters in this text. They are removed now: check it and send it again."


def test_a_group_page_shows_who_and_what(session: Session, client: PageClient) -> None:
    group = make_group(session, name="Elm Road", sector=Sector.FAITH, place=make_place(session))
    make_event(session, group=group, title="Tea and cake")
    page = client.page("/groups/elm-road")
    assert page.h1 == "Elm Road"
    for text in ("Faith group", "Rochdale", "Tea and cake"):
        assert text in page.text
    assert page.headers["Cache-Control"].startswith("public")


def test_a_group_with_nothing_listed_says_so(session: Session, client: PageClient) -> None:
    make_group(session, name="Elm Road")
    assert "Nothing is coming up" in client.page("/groups/elm-road").text


def test_a_name_cannot_bring_markup(session: Session, client: PageClient) -> None:
    name = "<script>alert(1)</script> {{ 7*7 }}"
    group = make_group(session, name=name)
    assert client.page(f"/groups/{group.slug}").h1 == name


@pytest.mark.parametrize("slug", ["nothing-here", "Elm Road", "..", "%00", "🎉"])
def test_an_unknown_group_is_our_404(session: Session, client: PageClient, slug: str) -> None:
    assert client.page(f"/groups/{slug}").status == 404


def test_its_questions_do_not_grow_with_the_events(
    session: Session, client: PageClient, questions: list[str]
) -> None:
    group, moment = make_group(session, name="Elm Road"), make_moment(session)
    counts = []
    for _ in range(2):
        make_event(session, group=group, moment=moment)
        make_event(session, group=group, moment=moment)
        session.commit()
        questions.clear()
        client.page("/groups/elm-road")
        counts.append(len(questions))
    assert counts[0] == counts[1]


def test_telling_who_you_are_leads_to_listing_an_event(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    user = sign_in()
    page = client.send("/groups/new", {"name": "Elm Road", "sector": "other"})
    assert page.location == "/host"
    group = session.execute(select(Group)).scalar_one()
    assert (group.name, group.sector, group.slug) == ("Elm Road", Sector.OTHER, "elm-road")
    assert [each.user_id for each in group.memberships] == [user.id]


@pytest.mark.parametrize(
    ("wanted", "location"),
    [("/host?moment=x", "/host?moment=x"), ("//evil.example", "/host")],
)
def test_telling_who_you_are_goes_on_where_it_began(
    client: PageClient, sign_in: Callable[..., User], wanted: str, location: str
) -> None:
    sign_in()
    page = client.send("/groups/new", {"name": "Elm", "sector": "other", "next": wanted})
    assert page.location == location


@pytest.mark.parametrize(
    ("name", "sector", "sentences"),
    [
        ("", "other", ["Give your group’s name."]),
        (" \u200b ", "other", ["Give your group’s name."]),
        ("x", "other", ["Write at least 2 characters here."]),
        ("x" * 121, "other", ["Shorten this to 120 characters or fewer."]),
        ("Elm\x00 Road", "other", [INVISIBLE]),
        ("Elm \u202e Road", "other", [INVISIBLE]),
        ("Elm Road", "", ["Choose what comes closest."]),
        ("Elm Road", "party", ["Choose one of the options."]),
        ("", "", ["Give your group’s name.", "Choose what comes closest."]),
    ],
)  # fmt: skip
def test_a_mistake_gets_a_sentence_and_nothing_is_saved(
    session: Session, client: PageClient, sign_in: Callable[..., User],
    name: str, sector: str, sentences: list[str],
) -> None:  # fmt: skip
    sign_in()
    page = client.send("/groups/new", {"name": name, "sector": sector})
    assert page.status == 422
    assert said(page) == [f"{sentence}" for sentence in sentences]
    assert session.execute(select(Group)).first() is None


@pytest.mark.parametrize("name", ["Elm & <b>Oak</b>", "{{ config }}", "🎉 Party", "שכנים"])
def test_what_was_typed_is_kept(
    client: PageClient, sign_in: Callable[..., User], name: str
) -> None:
    sign_in()
    assert client.send("/groups/new", {"name": name, "sector": ""}).value("name") == name


def test_only_people_who_signed_in_make_groups(session: Session, client: PageClient) -> None:
    assert client.page("/groups/new").location == "/account/sign-in?next=/groups/new"
    page = client.send("/groups/new", {"name": "Elm Road", "sector": "other"}, csrf=False)
    assert page.status in {302, 400}
    assert session.execute(select(Group)).first() is None


def test_a_group_that_may_be_the_same_is_offered_first(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    user = sign_in()
    place = make_place(session)
    make_group(session, name="Elm Road Neighbours", place=place)
    make_group(session, by=user, name="Elm Road Neighbors", place=place)
    form = {"name": "Neighbours on Elm Road", "sector": "other", "place": "Rochdale"}
    page = client.send("/groups/new", form)
    assert "Is it one of these?" in page.text
    assert "/groups/elm-road-neighbours/ask" in page.links
    assert "You belong to it already." in page.text
    assert page.value("name") == "Neighbours on Elm Road"
    assert len(session.scalars(select(Group)).all()) == 2

    # Whoever changes the name after that is asked about the new one.
    other = client.send("/groups/new", form | {"name": "Elm Road", "different": form["name"]})
    assert "Is it one of these?" in other.text

    assert client.send("/groups/new", form | {"different": form["name"]}).location == "/host"
    names = set(session.scalars(select(Group.name)))
    assert "Neighbours on Elm Road" in names


def test_a_helper_acts_for_somebody_without_email(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    helper = sign_in()
    form = {"name": "Elm Road", "sector": "other", "for_somebody": "y"}
    page = client.send("/groups/new", form)
    assert said(page) == ["Enter the phone number of whoever you do this for."]
    assert client.send("/groups/new", form | {"contact_phone": "0161 496 0000"}).status == 303
    group = session.scalars(select(Group)).one()
    assert (group.helper_id, group.contact_phone) == (helper.id, "01614960000")
    assert "496" not in client.page("/groups/elm-road").html


def test_a_place_that_nobody_knows_gets_a_sentence(
    session: Session, client: PageClient, sign_in: Callable[..., User]
) -> None:
    sign_in()
    page = client.send("/groups/new", {"name": "Elm", "sector": "other", "place": "Nowhere at all"})
    assert page.status == 422
    assert "We do not know a place of that name." in said(page)[0]
    assert page.value("place") == "Nowhere at all"


def test_verified_is_said_of_groups_that_the_campaign_trusts(
    session: Session, client: PageClient
) -> None:
    make_group(session, name="Elm Road")
    make_group(session, name="Oak Road", standing=Standing.TRUSTED)
    assert "Verified by the campaign" not in client.page("/groups/elm-road").text
    assert "Verified by the campaign" in client.page("/groups/oak-road").text


def test_many_events_are_shown_page_by_page(session: Session, client: PageClient) -> None:
    group, moment = make_group(session, name="Elm Road"), make_moment(session)
    for number in range(PAGE_SIZE + 3):
        make_event(session, group=group, moment=moment, title=f"Coming {number}")
        make_event(session, group=group, moment=moment, title=f"Been {number}", **OVER)
    page = client.page("/groups/elm-road")
    assert "1 to 20 of 23" in page.text
    assert {"/groups/elm-road?page=2", "/groups/elm-road?past=2#past"} <= set(page.links)
    second = client.page("/groups/elm-road?page=2&past=2")
    assert second.text.count("Coming ") - second.text.count("Coming up") == 3
    assert second.text.count("Been ") == 3
    for odd in ("0", "-1", "x", "9" * 30):
        assert client.page(f"/groups/elm-road?page={odd}&past={odd}").status == 200


def test_what_is_called_off_stays_listed_and_says_so(session: Session, client: PageClient) -> None:
    group = make_group(session, name="Elm Road")
    for status in EventStatus:
        make_event(session, group=group, title=f"It is {status}").status = status
    session.flush()
    text = client.page("/groups/elm-road").text
    assert "It is published" in text
    assert "It is postponed" in text
    assert "Cancelled" in text
    for hidden in ("draft", "in-review", "hidden"):
        assert f"It is {hidden}" not in text


def test_an_event_hosted_together_stands_on_the_pages_of_both(
    session: Session, client: PageClient
) -> None:
    group = make_group(session, name="Elm Road")
    for answer in CoHostAnswer:
        event = make_event(session, title=f"We have {answer}")
        session.add(CoHost(event=event, group=group, answer=answer, invited_at=NOW))
    session.flush()
    text = client.page("/groups/elm-road").text
    assert "We have accepted" in text
    assert "We have invited" not in text
    assert "We have refused" not in text
