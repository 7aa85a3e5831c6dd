"""The names that the map writes."""

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


def test_one_question_whatever_the_number_of_places(client, session, questions):
    for number in range(5):
        make_place(session, f"Place {number}")
    questions.clear()
    client.get("/api/v1/places.json")
    assert len(questions) == 1
