"""Suggestions while somebody types."""

import pytest

from geo.points import Point
from geo.shapes import to_element
from tests.factories.places import ROCHDALE, make_place
from webapp.places.models import Nation, PostcodePart


@pytest.fixture
def country(session):
    make_place(session)
    make_place(session, "Rochester", Point(51.389, 0.504), population=62_982)
    make_place(
        session, "Newport", Point(51.588, -2.998), name_cy="Casnewydd", nation=Nation.WALES,
        population=161_506,
    )  # fmt: skip
    make_place(session, "Newport", Point(52.77, -2.38), near="Telford", population=12_741)
    session.add(
        PostcodePart(
            code="OL16",
            point=to_element(ROCHDALE),
            radius_metres=900,
            live=9,
            authority_codes=[],
            region_codes=[],
            nations=["england"],
        )
    )
    session.commit()


def suggested(client, text, before=""):
    answer = client.get(f"{before}/places/suggest", query_string={"q": text})
    assert answer.status_code == 200
    return answer.json["suggestions"]


def test_the_likeliest_come_first(client, country):
    assert [each["name"] for each in suggested(client, "roch")] == ["Rochdale", "Rochester"]


def test_each_can_be_told_from_others_of_its_name(client, country):
    welsh, english = suggested(client, "newport")
    assert (welsh["detail"], welsh["text"]) == ("Wales · 161,506 people", "Newport, Wales")
    assert english["detail"] == "Telford · England · 12,741 people"
    assert english["text"] == "Newport, Telford"
    assert welsh["id"] != english["id"]


def test_a_welsh_page_suggests_welsh_names(client, country):
    found = suggested(client, "casn", "/cy")
    assert found[0]["name"] == "Casnewydd"


def test_a_slip_of_typing_is_forgiven(client, country):
    assert suggested(client, "rochdael")[0]["name"] == "Rochdale"


def test_an_outward_code_says_what_it_is_near(client, country):
    assert suggested(client, "ol1") == [
        {"id": None, "name": "OL16", "detail": "Rochdale", "text": "OL16"}
    ]


@pytest.mark.parametrize("text", ["", "r", "%", "_", "'--", "🎉", "x" * 500, "zzzzzz"])
def test_nothing_is_suggested_for_nothing(client, country, text):
    assert suggested(client, text) == []


@pytest.mark.parametrize("text", ["OL16 1AB", "ol161a", "1 High Street OL16 1AB", "OLI6 1AB"])
def test_what_may_hold_a_whole_postcode_is_neither_answered_nor_kept(client, country, text):
    answer = client.get("/places/suggest", query_string={"q": text})
    assert answer.json == {"suggestions": []}
    assert answer.headers["Cache-Control"] == "no-store"


def test_other_answers_are_kept_by_caches(client, country):
    answer = client.get("/places/suggest?q=roch")
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_there_are_at_most_eight(client, session):
    for number in range(12):
        make_place(session, f"Newtown {number}", population=number)
    session.commit()
    assert len(suggested(client, "newtown")) == 8


def test_one_question_is_asked_of_the_database(client, country, questions):
    questions.clear()
    suggested(client, "roch")
    assert len(questions) == 1
