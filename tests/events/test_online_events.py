"""Events online are on no map, and last where a list is nearest first."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import LLANELLI, ROCHDALE, make_place
from webapp.events.models import Event
from webapp.events.queries import events_of_moment
from webapp.language import Language
from webapp.moments.models import Moment


@pytest.fixture
def moment(session: Session) -> Moment:
    rochdale = make_place(session)
    make_place(session, "Llanelli", LLANELLI)
    moment = make_moment(session)
    online(session, moment)
    make_event(session, moment=moment, title="Far away", point=LLANELLI)
    make_event(session, moment=moment, title="Round the corner")
    make_group(session, place=rochdale)
    session.commit()
    return moment


def online(session: Session, moment: Moment) -> Event:
    return make_event(
        session, moment=moment, title="On the internet", point=None,
        venue_type=VenueType.ONLINE, venue_name=None,
    )  # fmt: skip


@pytest.mark.parametrize("way", ["by the index", "by sorting"])
def test_nearest_first_they_come_last(session: Session, moment: Moment, way: str) -> None:
    off = "enable_seqscan" if way == "by the index" else "enable_indexscan"
    session.execute(text(f"SET LOCAL {off} = off"))
    session.execute(text("SET LOCAL enable_bitmapscan = off"))

    rows = events_of_moment(session, moment.id, language=Language.ENGLISH, near=ROCHDALE, limit=10)

    assert [row.title for row in rows] == ["Round the corner", "Far away", "On the internet"]
    assert rows[-1].distance_metres is None


def test_a_list_says_that_they_are_online_and_a_map_leaves_them_out(
    client: PageClient, moment: Moment
) -> None:
    page = client.page("/events?lat=53.62&lon=-2.16")
    assert "On the internet" in page.text
    assert "Online ·" in page.text

    box = "bbox=-9,49,3,61"
    answer = client.page(f"/api/v1/events.geojson?moment={moment.slug}&{box}")
    titles = [feature["properties"]["title"] for feature in answer.json["features"]]
    assert titles == ["Far away", "Round the corner"]


def test_one_of_a_group_without_a_place_has_a_page(
    client: PageClient, session: Session, moment: Moment
) -> None:
    event = online(session, moment)
    session.commit()

    page = client.page(f"/events/{event.public_id}")

    assert "Online" in page.text
    assert "The host says here how to join." in page.text
    assert "Map" not in [each.get("aria-label") for each in page.all("section")]
