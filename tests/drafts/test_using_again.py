"""“Use this again”: an event is copied to another moment, but not its days, pledges or reports."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from geo.shapes import from_element
from tests.checked_pages import PageClient
from tests.drafts.organiser import Organiser
from tests.factories.events import make_event
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import ROCHDALE, make_postcode
from tests.factories.pledges import make_pledge
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.drafts.actions import copy_event_into_draft
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.exact_places import ExactPlace
from webapp.events.models import AccessFact, Event
from webapp.events.pictures import Picture, picture_of
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.pledges.queries import tally_of_event

SignIn = Callable[..., User]


@pytest.fixture
def user(sign_in: SignIn) -> User:
    return sign_in()


@pytest.fixture
def group(session: Session, user: User) -> Group:
    return make_group(session, by=user)


@pytest.fixture
def later(session: Session, moment: Moment) -> Moment:
    return make_moment(session, starts_on=date(2028, 6, 3), ends_on=date(2028, 6, 3))


@pytest.fixture
def last_year(session: Session, moment: Moment, group: Group) -> Event:
    event = make_event(session, moment=moment, group=group, title="Tea on Elm Road")
    event.capacity, event.cost, event.bring = 40, "Pay what you can", "A cup"
    event.access_facts = [AccessFact.STEP_FREE.value]
    event.languages = ["en", "ur"]
    session.add(
        Picture(event_id=event.id, key="a" * 32, width=960, height=640, alternative_text="Cake")
    )
    session.flush()
    return event


def again(organiser: Organiser, event: Event, user: User, **changes: str) -> Event:
    """Copy an event and list the copy."""
    session = organiser.session
    draft = copy_event_into_draft(session, event, user, utc_now())
    session.commit()
    path = f"/host/{draft.id}"
    answers = {
        "title": draft.title,
        "description": draft.text("description"),
        "starts_on": "3 June 2028",
        "starts_at": "2pm",
        "ends_at": "5pm",
        "ends_on": "",
        "moment": changes["moment"],
    }
    assert organiser.client.send(f"{path}/what", answers).status == 303
    names = ("venue_type", "venue_name", "place", "latitude", "longitude", "joining_link")
    typed = {name: draft.text(name) for name in names}
    assert organiser.client.send(f"{path}/where", typed).status == 303
    answer = organiser.say_who(path, group=draft.text("group"), name="", sector="")
    assert answer.status == 303
    return organiser.events[-1]


def test_details_picture_and_co_hosts_go_along(
    organiser: Organiser, session: Session, user: User, last_year: Event, later: Moment
) -> None:
    co_host, refused = make_group(session), make_group(session)
    for each, said in ((co_host, CoHostAnswer.ACCEPTED), (refused, CoHostAnswer.REFUSED)):
        session.add(
            CoHost(event_id=last_year.id, group_id=each.id, answer=said, invited_at=utc_now())
        )
    make_pledge(session, last_year)
    session.commit()

    copy = again(organiser, last_year, user, moment=later.slug)

    assert copy.moments == [later]
    assert copy.title == "Tea on Elm Road"
    assert (copy.capacity, copy.cost, copy.bring) == (40, "Pay what you can", "A cup")
    assert copy.access_facts == ["step-free"]
    assert copy.languages == ["en", "ur"]
    picture = picture_of(session, copy.id)
    assert picture is not None
    assert (picture.key, picture.alternative_text) == ("a" * 32, "Cake")
    invited = session.query(CoHost).filter_by(event_id=copy.id).all()
    assert [(each.group_id, each.answer) for each in invited] == [
        (co_host.id, CoHostAnswer.INVITED)
    ]
    assert tally_of_event(session, copy.id).people == 0


def test_its_days_are_asked_for_anew(
    client: PageClient, session: Session, user: User, last_year: Event, later: Moment
) -> None:
    draft = copy_event_into_draft(session, last_year, user, utc_now())
    session.commit()

    page = client.page(f"/host/{draft.id}/what")

    assert page.value("title") == "Tea on Elm Road"
    assert page.value("starts_on") == ""
    assert not page.errors


def test_its_time_of_day_goes_along(
    client: PageClient, session: Session, user: User, last_year: Event
) -> None:
    last_year.starts_at = datetime(2027, 1, 9, 14, 30, tzinfo=UTC)
    last_year.ends_at = datetime(2027, 1, 9, 17, tzinfo=UTC)
    draft = copy_event_into_draft(session, last_year, user, utc_now())
    session.commit()

    page = client.page(f"/host/{draft.id}/what")

    # Also to a day in summer: what counts is the clock on the wall.
    assert (page.value("starts_at"), page.value("ends_at")) == ("2:30pm", "5pm")
    answer = client.send(
        f"/host/{draft.id}/what",
        {
            **{name: page.value(name) for name in ("title", "description", "starts_at", "ends_at")},
            "starts_on": "5 June 2027",
            "moment": last_year.moments[0].slug,
        },
    )
    assert answer.status == 303


@pytest.mark.parametrize("with_postcode", [True, False])
def test_a_home_is_where_it_was_and_said_to_its_hosts_alone(
    organiser: Organiser,
    session: Session,
    user: User,
    group: Group,
    moment: Moment,
    later: Moment,
    with_postcode: bool,
) -> None:
    home = Point(53.62011, -2.16012)
    if with_postcode:
        make_postcode(session, "OL161AB", home)
    event = make_event(
        session, moment=moment, group=group, point=home, venue_type=VenueType.PRIVATE,
        venue_name=None, postcode="OL161AB" if with_postcode else None,
    )  # fmt: skip

    copy = again(organiser, event, user, moment=later.slug)

    exact = session.get_one(ExactPlace, copy.id)
    assert exact.postcode == ("OL161AB" if with_postcode else None)
    assert from_element(exact.point).distance_to(home) < 2


def test_an_event_of_which_only_the_town_was_known(
    organiser: Organiser, session: Session, user: User, group: Group, moment: Moment, later: Moment
) -> None:
    event = make_event(session, moment=moment, group=group, precision_metres=3000)

    copy = again(organiser, event, user, moment=later.slug)

    assert from_element(session.get_one(ExactPlace, copy.id).point) == ROCHDALE


def test_a_copy_of_an_event_that_is_gone_is_listed_all_the_same(
    organiser: Organiser, session: Session, user: User, last_year: Event, later: Moment
) -> None:
    draft = copy_event_into_draft(session, last_year, user, utc_now())
    session.commit()
    draft.copied_from_id = None
    session.commit()

    assert organiser.client.page(f"/host/{draft.id}/what").status == 200
