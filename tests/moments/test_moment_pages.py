"""The page of a moment, and the stylesheet that carries its colour."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from webapp.moments.models import Estimate
from webapp.moments.queries import current_moment, moments_past
from webapp.pledges.models import MomentTally


def test_a_moment_shows_what_is_on(client: PageClient, session: Session) -> None:
    moment = make_moment(session, slug="neighbours-day")
    make_event(session, moment=moment)

    page = client.page("/moments/neighbours-day")

    assert page.h1 == "Neighbours’ Day"
    assert "Saturday 5 June 2027" in page.text
    assert "Tea on Elm Road" in page.text


def test_an_estimate_is_labelled_and_never_added(client: PageClient, session: Session) -> None:
    moment = make_moment(session, slug="thankyou")
    session.add(MomentTally(moment_id=moment.id, pledges=1, heads=7, people=7))
    moment.estimates = [
        Estimate(
            position=1,
            label_en="took part",
            label_cy="cymerodd ran",
            value_en="14.3 million",
            value_cy="14.3 miliwn",
            source="ICM Unlimited",
            source_url=None,
            measured_on=date(2020, 7, 10),
        )
    ]
    session.flush()

    page = client.page("/moments/thankyou")

    assert "14.3 million" in page.text
    assert "estimate" in page.text
    assert "7 people are in" in page.text


def test_a_demonstration_says_so(client: PageClient, session: Session) -> None:
    moment = make_moment(session, slug="made-up", is_demonstration=True)
    event = make_event(session, moment=moment)

    for path in ("/moments/made-up", "/events?moment=made-up", f"/events/{event.public_id}"):
        assert "Demonstration" in client.page(path).text


def test_the_colour_comes_as_a_stylesheet(client: PageClient, session: Session) -> None:
    make_moment(session, slug="neighbours-day", colour="#c2330a")

    answer = client.page("/moments/neighbours-day/colours.css")

    assert answer.response.mimetype == "text/css"
    assert "--moment: #c2330a" in answer.html
    assert "public" in answer.headers["Cache-Control"]


def test_an_unknown_moment_is_not_there(client: PageClient) -> None:
    assert client.page("/moments/nothing").status == 404
    assert client.page("/moments/nothing/colours.css").status == 404


@pytest.mark.parametrize(("today", "slug"), [("2027-06-04", "june"), ("2027-06-06", "july")])
def test_the_current_moment_is_the_next_or_the_one_that_is_on(
    session: Session, today: str, slug: str
) -> None:
    make_moment(session, slug="june")
    make_moment(session, slug="july", starts_on=date(2027, 7, 4), ends_on=date(2027, 7, 6))

    found = current_moment(session, date.fromisoformat(today), demonstration=False)

    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize(("demonstration", "slug"), [(True, "made-up"), (False, "real")])
def test_only_a_development_site_features_the_demonstration(
    session: Session, demonstration: bool, slug: str
) -> None:
    make_moment(session, slug="real")
    make_moment(session, slug="made-up", is_demonstration=True)

    found = current_moment(session, date(2027, 1, 1), demonstration=demonstration)

    assert found is not None
    assert found.slug == slug


def test_past_moments_are_real_and_the_latest_comes_first(session: Session) -> None:
    for slug, year in (("older", 2020), ("newer", 2021)):
        make_moment(session, slug=slug, starts_on=date(year, 7, 5), ends_on=date(year, 7, 5))
    made_up = {"starts_on": date(2022, 7, 5), "ends_on": date(2022, 7, 5)}
    make_moment(session, slug="made-up", is_demonstration=True, **made_up)

    assert [each.slug for each in moments_past(session, date(2027, 1, 1))] == ["newer", "older"]
