"""What a new site starts with."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.factories.places import make_place
from webapp.events.models import Event
from webapp.moments.models import Moment
from webapp.moments.seeds import (
    next_neighbours_day,
    read_papers,
    seed_demonstration_moment,
    seed_moments,
)
from webapp.places.models import Place
from webapp.pledges.models import MomentTally
from webapp.staticfiles import package_folder

PAPERS = package_folder("seed_data")
TODAY = date(2026, 11, 21)
LANGUAGES = ("en", "cy")


def _everything():
    content = read_papers(PAPERS)
    return [*content["moments"], content["neighbours_day"], content["demonstration"]]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 21), date(2027, 6, 5)),
        (date(2027, 6, 4), date(2027, 6, 5)),
        (date(2027, 6, 5), date(2028, 6, 3)),
        (date(2024, 5, 31), date(2024, 6, 1)),
        (date(2025, 6, 1), date(2025, 6, 7)),
    ],
)
def test_neighbours_day_is_the_first_saturday_of_june_after_today(today, expected):
    assert next_neighbours_day(today) == expected


@pytest.mark.parametrize("paper", _everything(), ids=lambda paper: paper["slug"])
def test_every_moment_is_worded_in_both_languages(paper):
    for language in LANGUAGES:
        for field in ("name", "summary", "description"):
            assert paper[f"{field}_{language}"].strip()
    assert paper["description_en"] != paper["description_cy"]


def test_every_moment_has_a_colour_of_its_own():
    colours = [paper["colour"] for paper in _everything()]
    assert len(set(colours)) == len(colours)


def test_the_real_moments_are_there_on_their_days(session):
    seed_moments(session, PAPERS, TODAY)
    found = session.execute(select(Moment.slug, Moment.starts_on, Moment.ends_on)).all()
    days = {slug: (first.isoformat(), last.isoformat()) for slug, first, last in found}
    assert days == {
        "decade-of-reconnection": ("2020-01-01", "2020-01-01"),
        "thankyou-together-2020": ("2020-07-05", "2020-07-05"),
        "talk-together-2020": ("2020-08-01", "2020-08-31"),
        "neighbours-day-2021": ("2021-05-28", "2021-05-28"),
        "olympic-games-2021": ("2021-07-23", "2021-08-08"),
        "paralympic-games-2021": ("2021-08-24", "2021-09-05"),
        "platinum-jubilee-2022": ("2022-06-02", "2022-06-05"),
        "commonwealth-games-2022": ("2022-07-28", "2022-08-08"),
        "neighbours-day-2027": ("2027-06-05", "2027-06-05"),
    }


def test_the_poll_is_an_estimate_with_its_source(session):
    seed_moments(session, PAPERS, TODAY)
    moment = session.scalars(select(Moment).where(Moment.slug == "thankyou-together-2020")).one()
    assert [each.value_en for each in moment.estimates] == [
        "14.3 million", "28%", "68%", "39%", "27%", "26%",
    ]  # fmt: skip
    assert all("ICM" in each.source for each in moment.estimates)
    assert session.get(MomentTally, moment.id) is None


def test_seeding_again_adds_nothing_and_keeps_what_staff_edited(session):
    seed_moments(session, PAPERS, TODAY)
    edited = session.scalars(select(Moment).where(Moment.slug == "neighbours-day-2027")).one()
    edited.name_en = "The Great Neighbours’ Day"
    session.flush()
    assert seed_moments(session, PAPERS, TODAY) == []
    session.refresh(edited)
    assert edited.name_en == "The Great Neighbours’ Day"


def test_a_year_later_the_next_day_is_added(session):
    seed_moments(session, PAPERS, TODAY)
    added = seed_moments(session, PAPERS, date(2027, 7, 1))
    assert [moment.slug for moment in added] == ["neighbours-day-2028"]


def test_the_demonstration_has_a_moment_of_its_own(session):
    moment = seed_demonstration_moment(session, PAPERS, TODAY)
    assert moment.is_demonstration
    assert moment.starts_on == date(2027, 6, 5)
    assert seed_demonstration_moment(session, PAPERS, TODAY) is None


def test_flask_seed_is_safe_to_repeat_and_makes_nothing_up_outside_development(app, session):
    make_place(session)
    session.commit()
    first = app.test_cli_runner().invoke(args=["seed"])
    second = app.test_cli_runner().invoke(args=["seed"])
    assert first.exit_code == second.exit_code == 0
    assert "Moments: 9 added." in first.output
    assert "Moments: 0 added." in second.output
    assert session.scalar(select(func.count()).select_from(Event)) == 0
    assert session.scalar(select(func.count()).select_from(Place)) == 1


def test_the_papers_are_well_formed():
    for path in PAPERS.glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))
        assert path.name in (PAPERS / "README.md").read_text(encoding="utf-8")
