"""Which groups a host is offered: near ones, from other parts of society first."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from geo.shapes import from_element
from tests.checked_pages import PageClient
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import ROCHDALE, make_place
from webapp.accounts.models import User
from webapp.cohosting.suggestions import (
    MOST_OF_A_SECTOR,
    MOST_SUGGESTED,
    groups_to_ask,
    sectors_within_a_mile,
)
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import Event, EventStatus
from webapp.groups.actions import create_group
from webapp.groups.models import Group, Sector, Standing
from webapp.language import Language
from webapp.moments.models import Moment

MILE = 1609.344


def miles_north(miles: float) -> Point:
    """Return a point so far north of Rochdale’s middle."""
    latitude = ROCHDALE.latitude + miles * MILE / 111_300
    return Point(latitude=latitude, longitude=ROCHDALE.longitude)


@pytest.fixture
def moment(session: Session) -> Moment:
    """The day that all events here are for."""
    return make_moment(session)


@pytest.fixture
def event(session: Session, moment: Moment) -> Event:
    """An event of a charity in the middle of Rochdale."""
    event = make_event(session, moment=moment, group=make_group(session, name="Host"))
    session.flush()
    return event


def group_at(
    session: Session, moment: Moment, miles: float, name: str, sector: Sector = Sector.FAITH
) -> Group:
    """Make a group with an event so far away."""
    group = make_group(session, name=name, sector=sector)
    make_event(session, moment=moment, group=group, point=miles_north(miles))
    session.flush()
    return group


def offered(session: Session, event: Event) -> list[str]:
    """Return the names that are offered, in order."""
    return [each.name for each in groups_to_ask(session, event, language=Language.ENGLISH)]


def test_other_sectors_come_first_then_the_nearest(
    session: Session, moment: Moment, event: Event
) -> None:
    group_at(session, moment, 0.1, "Charity next door", Sector.CHARITY)
    group_at(session, moment, 3, "School", Sector.SCHOOL)
    group_at(session, moment, 0.4, "Mosque", Sector.FAITH)
    assert offered(session, event) == ["Mosque", "School", "Charity next door"]


def test_only_groups_within_five_miles(session: Session, moment: Moment, event: Event) -> None:
    group_at(session, moment, 4.9, "Near")
    group_at(session, moment, 5.1, "Far")
    assert offered(session, event) == ["Near"]


def test_a_trusted_group_is_near_by_its_town(session: Session, event: Event) -> None:
    place = make_place(session, "Littleborough", miles_north(3))
    trusted = {"sector": Sector.SPORT, "place": place, "standing": Standing.TRUSTED}
    make_group(session, name="Club", **trusted)
    make_group(session, name="Unknown", sector=Sector.SPORT, place=place)
    suggestion = groups_to_ask(session, event, language=Language.ENGLISH)[0]
    assert (suggestion.name, suggestion.place_name) == ("Club", "Littleborough")
    assert not suggestion.is_measured


def test_its_own_events_say_more_than_its_town(
    session: Session, moment: Moment, event: Event
) -> None:
    place = make_place(session, "Littleborough", miles_north(0.1))
    group = make_group(session, name="Club", sector=Sector.SPORT, place=place)
    make_event(session, moment=moment, group=group, point=miles_north(2))
    session.flush()
    suggestion = groups_to_ask(session, event, language=Language.ENGLISH)[0]
    assert suggestion.is_measured
    assert suggestion.metres == pytest.approx(2 * MILE, rel=0.02)


@pytest.mark.parametrize("status", [EventStatus.IN_REVIEW, EventStatus.HIDDEN, EventStatus.DRAFT])
def test_a_group_with_nothing_published_is_not_offered(
    session: Session, moment: Moment, event: Event, status: EventStatus
) -> None:
    group = make_group(session, name="New", sector=Sector.FAITH)
    make_event(session, moment=moment, group=group).status = status
    session.flush()
    assert offered(session, event) == []


def test_a_group_whose_event_staff_have_hidden_is_not_offered(
    session: Session, moment: Moment, event: Event
) -> None:
    group = group_at(session, moment, 1, "Hidden")
    hidden = make_event(session, moment=moment, group=group)
    hidden.status, hidden.hidden_by_staff = EventStatus.HIDDEN, True
    session.flush()
    assert offered(session, event) == []


def test_whoever_was_asked_is_not_offered_again(
    session: Session, moment: Moment, event: Event
) -> None:
    group = group_at(session, moment, 1, "Asked")
    session.add(
        CoHost(event=event, group=group, answer=CoHostAnswer.REFUSED, invited_at=event.starts_at)
    )
    session.flush()
    assert offered(session, event) == []


def test_a_group_without_anybody_is_not_offered(
    session: Session, moment: Moment, event: Event
) -> None:
    empty = create_group(session, by=None, name="Nobody’s", sector=Sector.FAITH)
    make_event(session, moment=moment, group=empty)
    session.flush()
    assert offered(session, event) == []


def test_one_sector_does_not_fill_the_list(session: Session, moment: Moment, event: Event) -> None:
    for number in range(MOST_OF_A_SECTOR + 2):
        group_at(session, moment, 0.1 * (number + 1), f"Church {number}")
    group_at(session, moment, 4, "School", Sector.SCHOOL)
    assert len(offered(session, event)) == MOST_OF_A_SECTOR + 1
    assert offered(session, event)[-1] == "School"


def test_the_list_is_short(session: Session, moment: Moment, event: Event) -> None:
    for sector in Sector:
        for number in range(2):
            group_at(session, moment, 1, f"{sector} {number}", sector)
    assert len(offered(session, event)) == MOST_SUGGESTED


def test_the_distance_is_from_the_public_point(session: Session, moment: Moment) -> None:
    make_place(session)
    home = make_event(
        session,
        moment=moment,
        venue_type=VenueType.PRIVATE,
        venue_name=None,
        group=make_group(session),
    )
    session.flush()
    public = from_element(home.public_point)
    group = make_group(session, name="There", sector=Sector.FAITH)
    make_event(session, moment=moment, group=group, point=public)
    session.flush()
    assert groups_to_ask(session, home, language=Language.ENGLISH)[0].metres < 1


def test_an_event_online_is_near_its_host_s_town(session: Session, moment: Moment) -> None:
    place = make_place(session)
    host = make_group(session, place=place)
    online = make_event(
        session, moment=moment, group=host, venue_type=VenueType.ONLINE, venue_name=None
    )
    group_at(session, moment, 1, "Mosque")
    assert offered(session, online) == ["Mosque"]
    host.place = None
    assert offered(session, online) == []


def test_it_is_one_question(
    session: Session, moment: Moment, event: Event, questions: list[str]
) -> None:
    for number in range(5):
        group_at(session, moment, 1, f"Group {number}")
    assert event.group.sector
    questions.clear()
    assert offered(session, event)
    assert len(questions) == 1


def test_the_page_gives_the_reasons(
    session: Session, client: PageClient, sign_in: Callable[..., User], moment: Moment
) -> None:
    host = sign_in()
    event = make_event(session, moment=moment, group=make_group(session, by=host))
    group_at(session, moment, 0.4, "Elm Road Mosque")
    group_at(session, moment, 0.8, "Scouts", Sector.OTHER)
    place = make_place(session, "Littleborough", miles_north(3))
    make_group(session, name="Club", sector=Sector.SPORT, place=place, standing=Standing.TRUSTED)
    session.commit()
    text = client.page(f"/events/{event.public_id}/co-hosts").text
    assert "Within a mile, from other walks of life: Faith group · Something else" in text
    assert "Elm Road Mosque Faith group · 0.4 miles away" in text
    assert "Club Sports club · Littleborough" in text


def test_sectors_within_a_mile_are_counted(session: Session, moment: Moment, event: Event) -> None:
    group_at(session, moment, 0.2, "Charity", Sector.CHARITY)
    for number in range(2):
        group_at(session, moment, 0.5, f"Church {number}")
    group_at(session, moment, 2, "School", Sector.SCHOOL)
    found = groups_to_ask(session, event, language=Language.ENGLISH)
    assert sectors_within_a_mile(found) == [(Sector.FAITH, 2)]
