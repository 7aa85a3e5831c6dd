"""The list of events: what is near, what is next, and where no address tells too much."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy.exc
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checked_pages import Page, PageClient
from tests.factories.events import make_event
from tests.factories.moments import make_moment
from tests.factories.places import LLANELLI, ROCHDALE, make_place
from webapp.events.models import Event, EventStatus
from webapp.events.queries import events_of_moment
from webapp.language import Language
from webapp.moments.models import Moment
from webapp.places.models import Place


@pytest.fixture
def rochdale(session: Session) -> Place:
    return make_place(session)


@pytest.fixture
def moment(session: Session, rochdale: Place) -> Moment:
    make_place(session, "Llanelli", LLANELLI)
    moment = make_moment(session)
    make_event(session, moment=moment, title="Far away", point=LLANELLI)
    make_event(session, moment=moment, title="Round the corner")
    session.commit()
    return moment


def find(client: PageClient, text: str) -> Page:
    return client.send("/events/find", {"q": text}, csrf=False)


def test_a_town_leads_to_its_list_nearest_first(
    client: PageClient, moment: Moment, rochdale: Place
) -> None:
    answer = find(client, "rochdale")

    assert answer.status == 303
    assert f"place={rochdale.geonames_id}" in answer.location
    page = client.page(answer.location)
    assert "Rochdale" in page.h1
    assert page.text.index("Round the corner") < page.text.index("Far away")
    assert "miles" in page.text


@pytest.mark.parametrize("typed", ["OL11 1AA", "ol111aa", "OL11"])
def test_a_full_postcode_never_stands_in_an_address(
    client: PageClient, moment: Moment, typed: str
) -> None:
    answer = find(client, typed)

    assert answer.status == 303
    assert "1AA" not in answer.location.upper()
    assert "postcode=OL11" in answer.location
    assert client.page(answer.location).status == 200


@pytest.mark.parametrize("typed", ["", "Nowhere at all", "QQ1 1QQ", "\0", "x" * 10_000, "'; --"])
def test_an_unknown_place_is_answered_beside_the_box(
    client: PageClient, moment: Moment, typed: str
) -> None:
    page = find(client, typed)

    assert page.status == 422
    assert page.errors
    assert page.value("q") == typed.replace("\0", "")[:100]
    assert "Round the corner" in page.text


def test_places_of_one_name_are_a_choice(
    client: PageClient, session: Session, moment: Moment
) -> None:
    make_place(session, "Newport", LLANELLI, near="Cardiff")
    make_place(session, "Newport", ROCHDALE, near="Telford")
    session.commit()

    page = find(client, "Newport")

    assert page.status == 200
    assert "Which one do you mean?" in page.text
    assert sum("place=" in link for link in page.links) == 2


@pytest.mark.parametrize("query", ["lat=53.62&lon=-2.16", "place=x", "lat=nan&lon=0", "page=-3"])
def test_odd_addresses_still_give_a_list(client: PageClient, moment: Moment, query: str) -> None:
    assert "Round the corner" in client.page(f"/events?{query}").text


def test_a_long_list_has_pages(client: PageClient, session: Session, moment: Moment) -> None:
    for number in range(25):
        make_event(session, moment=moment, title=f"Street party {number}")

    first = client.page("/events")
    following = next(link for link in first.links if "page=2" in link)
    second = client.page(following)

    assert "27 events" in first.text
    titles = {f"Street party {number}" for number in range(25)}
    shown = [{each for each in titles if f"{each} " in page.text} for page in (first, second)]
    assert shown[0] | shown[1] == titles


@pytest.mark.parametrize(
    "query", ["endpoint=x", "self=1", "_method=POST", "_external=1&_scheme=javascript", "_anchor=x"]
)
def test_the_pages_of_a_list_keep_what_a_list_knows_alone(
    client: PageClient, session: Session, moment: Moment, query: str
) -> None:
    for number in range(25):
        make_event(session, moment=moment, title=f"Street party {number}")

    page = client.page(f"/events?lat=53.62&lon=-2.16&{query}")

    assert page.status == 200
    assert "/events?lat=53.62&lon=-2.16&page=2" in page.links


def test_what_is_over_cancelled_or_hidden_is_not_listed(
    client: PageClient, session: Session, moment: Moment
) -> None:
    before = datetime(2027, 5, 1, 12, tzinfo=UTC)
    make_event(session, moment=moment, title="It was", starts_at=before,
               ends_at=before + timedelta(hours=1))  # fmt: skip
    for status in (EventStatus.CANCELLED, EventStatus.HIDDEN):
        make_event(session, moment=moment, title=f"It is {status}").status = status
    session.flush()

    page = client.page("/events")

    assert "It was" not in page.text
    assert "It is" not in page.text


def test_a_hidden_event_has_no_page(client: PageClient, session: Session, moment: Moment) -> None:
    event = make_event(session, moment=moment)
    event.status = EventStatus.HIDDEN
    session.commit()

    assert client.page(f"/events/{event.public_id}").status == 404


def test_distances_are_in_metres_from_the_public_point(session: Session, moment: Moment) -> None:
    rows = events_of_moment(session, moment.id, language=Language.ENGLISH, near=ROCHDALE, limit=5)

    assert rows[0].distance_metres == pytest.approx(0, abs=1)
    assert rows[1].distance_metres == pytest.approx(ROCHDALE.distance_to(LLANELLI), rel=0.005)


@pytest.mark.parametrize("column", ["authority_code", "region_code", "nation"])
def test_public_code_cannot_read_where_an_event_counts(
    session: Session, moment: Moment, column: str
) -> None:
    event = session.scalars(select(Event)).first()
    assert event is not None
    session.expire_all()

    with pytest.raises(sqlalchemy.exc.InvalidRequestError, match="raiseload"):
        getattr(event, column)
