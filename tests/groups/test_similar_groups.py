"""Groups that may be the one that somebody is about to add again."""

import pytest
from sqlalchemy.orm import Session

from geo.points import Point
from tests.factories.groups import make_group
from tests.factories.places import LLANELLI, make_place
from webapp.groups.models import Group
from webapp.groups.queries import similar_groups

HEYWOOD = Point(latitude=53.592, longitude=-2.226)  # about six kilometres from Rochdale


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        ("Elm Road Neighbours", "Neighbours on Elm Road"),
        ("Castleton Scouts", "1st Castleton Scout Group"),
        ("St Mary’s Church", "SAINT MARYS"),
        ("Café Olé", "cafe ole"),
        ("Deeplish Community Centre", "Deeplish Comunity Center"),
    ],
)
def test_a_group_nearby_is_found_by_much_the_same_name(
    session: Session, there: str, typed: str
) -> None:
    group = make_group(session, name=there, place=make_place(session))
    assert similar_groups(session, typed, HEYWOOD) == [group]


def test_far_away_another_group_has_the_name(session: Session) -> None:
    make_group(session, name="Castleton Scouts", place=make_place(session))
    assert similar_groups(session, "Castleton Scouts", LLANELLI) == []


def test_where_nobody_said_where_the_names_have_to_be_more_alike(session: Session) -> None:
    group = make_group(session, name="Castleton Scouts")
    assert similar_groups(session, "Castleton Scout", None) == [group]
    assert similar_groups(session, "Castleton Scout", LLANELLI) == [group]
    assert similar_groups(session, "1st Castleton and District Scout Group", None) == []


@pytest.mark.parametrize("typed", ["", "🎉🎉", "St", "Zebra Fanciers", "x" * 120, "'; --", "%%%"])
def test_what_is_like_none_finds_none(session: Session, typed: str) -> None:
    make_group(session, name="Castleton Scouts", place=make_place(session))
    assert similar_groups(session, typed, None) == []


def test_the_likest_come_first_and_five_are_enough(session: Session) -> None:
    place = make_place(session)
    names = [f"Elm Road Neighbours{number}" for number in range(6)]
    for name in names:
        make_group(session, name=name, place=place)
    same = make_group(session, name="Elm Road Neighbours", place=place)
    found = similar_groups(session, "Elm Road neighbours", place)
    assert found[0] is same
    assert len(found) == 5


def test_a_group_is_found_by_the_name_that_it_has_now(session: Session) -> None:
    group = make_group(session, name="Oak Street Club")
    group.name = "Elm Road Neighbours"
    session.flush()
    assert similar_groups(session, "elm road neighbours", None) == [group]
    assert similar_groups(session, "Oak Street Club", None) == []


def test_their_places_come_with_them(session: Session, questions: list[str]) -> None:
    place = make_place(session)
    for _ in range(3):
        make_group(session, name="Elm Road", place=place)
    session.commit()
    questions.clear()
    found = similar_groups(session, "Elm Road", place)
    assert {each.place.name for each in found if each.place} == {"Rochdale"}
    # The place that was asked for, the threshold, and the groups.
    assert len(questions) == 3
    assert all(isinstance(each, Group) for each in found)
