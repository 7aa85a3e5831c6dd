"""No public number under five for an event at somebody’s home; its host sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.checked_pages import PageClient, text_of
from tests.factories.events import make_event
from tests.factories.groups import make_group
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.pledges.models import EventTally, MomentTally
from webapp.pledges.queries import shown_people


def make_at_home(session: Session, people: int) -> Event:
    event = make_event(session, venue_type=VenueType.PRIVATE, venue_name=None)
    if people:
        tally = EventTally(
            event_id=event.id, moment_id=event.moments[0].id, pledges=people, heads=people
        )
        session.add(tally)
    session.commit()
    return event


def lists_with(event: Event) -> list[str]:
    moment, group = event.moments[0], event.group
    return ["/", "/events", f"/moments/{moment.slug}", f"/groups/{group.slug}"]


@pytest.mark.parametrize("people", [0, 1, 4])
def test_a_few_at_a_home_are_no_number_and_look_like_none(
    client: PageClient, session: Session, people: int
) -> None:
    event = make_at_home(session, people)

    page = client.page(f"/events/{event.public_id}")
    [join] = [each for each in page.all("aside") if each.get("class") == "join"]

    assert "Be among the first" in text_of(join)
    assert "no number under five" in text_of(join)
    assert not [each for each in page.all("p") if each.get("class") == "number"]
    for address in lists_with(event):
        [item] = client.page(address).all("ol")[0]
        assert "be among the first" in text_of(item), address
        assert "is in" not in text_of(item)
        assert "are in" not in text_of(item)


def test_five_at_a_home_are_shown(client: PageClient, session: Session) -> None:
    event = make_at_home(session, 5)

    assert "5 people are in" in client.page(f"/events/{event.public_id}").text
    for address in lists_with(event):
        assert "5 people are in" in client.page(address).text


def test_nobody_is_asked_to_be_among_the_first_of_what_has_been(
    client: PageClient, session: Session, clock: time_machine.Traveller
) -> None:
    event = make_at_home(session, 3)
    clock.shift(timedelta(days=30))

    for address in (f"/events/{event.public_id}", f"/groups/{event.group.slug}"):
        page = client.page(address)

        assert "among the first" not in page.text
        assert "3 people" not in page.text


def test_the_map_has_no_numbers_of_people(client: PageClient, session: Session) -> None:
    event = make_at_home(session, 3)

    data = client.page(f"/api/v1/events.geojson?moment={event.moments[0].slug}").json

    [feature] = data["features"]
    assert feature["properties"].keys() == {
        "id", "title", "url", "starts_at_text", "place", "is_approximate", "radius_metres",
    }  # fmt: skip


@pytest.mark.parametrize("venue_type", sorted(set(VenueType) - {VenueType.PRIVATE}))
def test_elsewhere_every_number_is_shown(venue_type: VenueType) -> None:
    assert [shown_people(people, venue_type) for people in (0, 1, 4)] == [0, 1, 4]


def test_the_host_sees_the_number(
    client: PageClient, session: Session, sign_in: Callable[..., User]
) -> None:
    group = make_group(session, by=sign_in())
    event = make_event(session, group=group, venue_type=VenueType.PRIVATE, venue_name=None)
    session.add(EventTally(event_id=event.id, moment_id=event.moments[0].id, pledges=2, heads=3))
    session.commit()

    assert "3 people pledged" in client.page(f"/events/{event.public_id}/manage").text
    assert "3 pledged" in client.page("/your-events").text


@pytest.mark.parametrize(
    ("at_home", "elsewhere", "shown"),
    [(3, 0, "under 5"), (1, 0, "under 5"), (3, 1, "4"), (0, 3, "3"), (5, 0, "5"), (0, 0, "0")],
)
def test_a_few_of_a_moment_are_no_number_where_all_of_them_come_to_a_home(
    client: PageClient, session: Session, at_home: int, elsewhere: int, shown: str
) -> None:
    event = make_at_home(session, 0)
    hall = make_event(session, moment=event.moments[0], group=event.group)
    moment_id, people = event.moments[0].id, at_home + elsewhere
    for each, number in ((event, at_home), (hall, elsewhere)):
        figures = {"pledges": number, "heads": number, "people": number}
        session.add(EventTally(event_id=each.id, moment_id=moment_id, **figures))
    session.add(MomentTally(moment_id=moment_id, pledges=people, heads=people, people=people))
    session.commit()

    slug = event.moments[0].slug
    for address in ("/", f"/moments/{slug}"):
        [number] = [
            text_of(each)
            for each in client.page(address).all("p")
            if each.get("data-word") == "people"
        ]
        assert number == shown
    count = client.page(f"/api/v1/moments/{slug}/count.json?words=1").json
    assert count["words"]["people"] == shown
    assert count["people"] == count["pledges"] == (int(shown) if shown.isdigit() else None)


@pytest.mark.parametrize("language", ["", "/cy"])
def test_the_words_about_a_number_that_is_not_told_do_not_tell_it(
    client: PageClient, session: Session, language: str
) -> None:
    event = make_at_home(session, 0)
    moment_id, slug = event.moments[0].id, event.moments[0].slug
    figures = {"pledges": 1, "heads": 0, "people": 0}
    of_event = EventTally(event_id=event.id, moment_id=moment_id, **figures)
    of_moment = MomentTally(moment_id=moment_id, **figures)
    session.add_all([of_event, of_moment])
    said = []
    for people in range(1, 5):
        of_event.heads = of_event.people = of_moment.heads = of_moment.people = people
        session.commit()
        count = client.page(f"{language}/api/v1/moments/{slug}/count.json?words=1").json
        said.append(count["words"]["meaning"])
        for address in (f"{language}/", f"{language}/moments/{slug}"):
            said.extend(
                text_of(each)
                for each in client.page(address).all("h2")
                if each.get("data-word") == "meaning"
            )

    assert len(said) == 4 * 3
    assert len(set(said)) == 1
