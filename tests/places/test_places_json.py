"""The names that the map writes."""

import pytest

from tests.factories.places import LLANELLI, make_place


def test_places_come_largest_first_and_may_be_kept_for_a_day(client, session):
    make_place(session, "Llanelli", LLANELLI, population=50_000)
    make_place(session)
    answer = client.get("/api/v1/places.json")
    assert answer.status_code == 200
    assert answer.get_json()["places"][0] == {
        "name": "Rochdale",
        "latitude": 53.6178,
        "longitude": -2.1552,
        "population": 107_926,
    }
    assert "max-age=86400" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_names_are_welsh_on_welsh_pages(client, session):
    make_place(session, "Newport", LLANELLI, name_cy="Casnewydd")
    names = client.get("/cy/api/v1/places.json").get_json()["places"]
    assert [each["name"] for each in names] == ["Casnewydd"]


@pytest.mark.parametrize(
    ("most", "count"), [("2", 2), ("0", 1), ("-5", 1), ("many", 3), ("99999999999999999999", 3)]
)
def test_a_page_may_ask_for_fewer(client, session, most, count):
    for number in range(3):
        make_place(session, f"Place {number}")
    answer = client.get(f"/api/v1/places.json?most={most}")
    assert len(answer.get_json()["places"]) == count


def test_one_question_whatever_the_number_of_places(client, session, questions):
    for number in range(5):
        make_place(session, f"Place {number}")
    questions.clear()
    client.get("/api/v1/places.json")
    assert len(questions) == 1
