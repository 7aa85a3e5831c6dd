"""What the public map loads."""

import pytest
from sqlalchemy.orm import Session

from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.places import LLANELLI, ROCHDALE, make_place
from webapp.atlas import queries
from webapp.moments.models import Moment


@pytest.fixture
def moment(session: Session) -> Moment:
    make_place(session)
    make_place(session, "Llanelli", LLANELLI, name_cy="Llanelli")
    moment = make_moment(session, slug="neighbours-day")
    make_event(session, moment=moment, title="Round the corner")
    make_event(session, moment=moment, title="Far away", point=LLANELLI)
    make_event(session, title="Of another day")
    session.commit()
    return moment


def titles(client: PageClient, query: str) -> list[str]:
    answer = client.page(f"/api/v1/events.geojson?moment=neighbours-day{query}")
    assert answer.response.mimetype == "application/geo+json"
    return [each["properties"]["title"] for each in answer.json["features"]]


def test_the_events_in_view(client: PageClient, moment: Moment) -> None:
    assert titles(client, "") == ["Round the corner", "Far away"]
    assert titles(client, "&bbox=-2.5,53.5,-2,53.8") == ["Round the corner"]
    assert titles(client, "&bbox=0,50,1,51") == []


def test_a_point_is_longitude_first(client: PageClient, moment: Moment) -> None:
    answer = client.page("/api/v1/events.geojson?moment=neighbours-day&bbox=-2.5,53.5,-2,53.8")

    [feature] = answer.json["features"]
    assert feature["geometry"]["coordinates"] == [ROCHDALE.longitude, ROCHDALE.latitude]
    assert feature["properties"]["url"].startswith("/events/")


def test_more_than_fit_are_counted(
    client: PageClient, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_EVENTS", 1)

    answer = client.page("/api/v1/events.geojson?moment=neighbours-day")

    assert (answer.json["more"], answer.json["total"], len(answer.json["features"])) == (True, 2, 1)


@pytest.mark.parametrize(
    "box", ["", "1,2,3", "a,b,c,d", "nan,50,1,51", "1,50,0,51", "0,50,1,inf", "0,-100,1,51"]
)
def test_a_box_that_is_none_is_refused(client: PageClient, moment: Moment, box: str) -> None:
    answer = client.page(f"/api/v1/events.geojson?moment=neighbours-day&bbox={box}")

    assert answer.status == 400
    assert answer.json == {"error": 400}


def test_an_unknown_moment_is_not_there(client: PageClient) -> None:
    assert client.page("/api/v1/events.geojson?moment=nothing").status == 404


def test_the_welsh_map_speaks_welsh_and_stays_welsh(client: PageClient, moment: Moment) -> None:
    answer = client.page("/cy/api/v1/events.geojson?moment=neighbours-day")

    properties = answer.json["features"][0]["properties"]
    assert properties["url"].startswith("/cy/events/")
    assert "Mehefin" in properties["starts_at_text"]


def test_the_count_for_machines(client: PageClient, moment: Moment) -> None:
    answer = client.page("/api/v1/moments/neighbours-day/count.json")

    assert answer.json["events"] == 2
    assert answer.json["people"] == 0
    assert answer.json["as_of"].endswith("+00:00")
    assert "max-age=5" in answer.headers["Cache-Control"]
