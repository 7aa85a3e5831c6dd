"""The page of one event, as everybody sees it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.events import make_event
from tests.factories.groups import make_group
from webapp.events.co_hosts import CoHost, CoHostAnswer
from webapp.events.models import Event, EventStatus


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    session.commit()
    return event


def test_it_says_what_people_look_for_and_where_to_turn(client: PageClient, event: Event) -> None:
    page = client.page(f"/events/{event.public_id}")

    assert "Cost Free" in page.text
    assert f"http://localhost/events/{event.public_id}" in page.text
    for path in ("calendar.ics", "ask", "report"):
        assert f"/events/{event.public_id}/{path}" in page.links
    assert page.headers["Cache-Control"].startswith("public")


def test_who_asks_nothing_is_offered_no_questions(
    client: PageClient, session: Session, event: Event
) -> None:
    event.takes_questions = False
    session.commit()

    assert "Ask the host" not in client.page(f"/events/{event.public_id}").text


def test_only_co_hosts_who_said_yes_are_named(
    client: PageClient, session: Session, event: Event
) -> None:
    for name, answer in (("Mosque", CoHostAnswer.ACCEPTED), ("Scouts", CoHostAnswer.INVITED)):
        group = make_group(session, name=name)
        session.add(CoHost(event_id=event.id, group=group, answer=answer, invited_at=NOW))
    session.commit()

    text = client.page(f"/events/{event.public_id}").text

    assert "Mosque" in text
    assert "Scouts" not in text


@pytest.mark.parametrize(
    "text",
    [
        "[Tea](javascript:alert(1))",
        "<javascript:alert(1)>",
        '<img src=x onerror="alert(1)"> <script>alert(1)</script>',
        "[Tea](data:text/html;base64,PHNjcmlwdD4=)",
        "![Tea](https://elsewhere.example/spy.png)",
        '[Tea](https://example.org/"onmouseover="alert(1))',
        "</div></article><h1>Another heading</h1>",
    ],
)
def test_what_a_host_wrote_runs_nothing(
    client: PageClient, session: Session, event: Event, text: str
) -> None:
    event.description = event.title = text
    event.food = event.access_notes = event.notice = text
    event.notice_at = NOW
    session.commit()

    page = client.page(f"/events/{event.public_id}")

    assert not any(link.startswith(("javascript:", "data:")) for link in page.links)
    assert not any(image.get("src", "").startswith("https:") for image in page.all("img"))
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("title", ["🎉", "م" * 60, "x" * 5000, "שלום - tea", "A\u200db"])
def test_odd_titles_stay_on_the_page(
    client: PageClient, session: Session, event: Event, title: str
) -> None:
    event.title = title
    session.commit()

    assert client.page(f"/events/{event.public_id}").h1 == title


def test_a_link_and_emphasis_are_kept(client: PageClient, session: Session, event: Event) -> None:
    event.description = "Come *early*. See https://example.org/tea\n\n- Cake\n- Tea"
    session.commit()

    page = client.page(f"/events/{event.public_id}")

    assert "https://example.org/tea" in page.links
    assert [each.text for each in page.all("em")] == ["early"]
    link = next(each for each in page.all("a") if each.get("href") == "https://example.org/tea")
    assert set(link.get("rel", "").split()) >= {"nofollow", "ugc"}


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.IN_REVIEW, EventStatus.HIDDEN])
def test_what_is_not_public_has_no_page_no_file_and_no_short_address(
    client: PageClient, session: Session, event: Event, status: EventStatus
) -> None:
    event.status = status
    session.commit()

    for path in ("", "/calendar.ics", "/pledge"):
        assert client.page(f"/events/{event.public_id}{path}").status == 404
    assert client.page(f"/e/{event.public_id}").status == 404


def test_of_what_is_over_nobody_asks_questions_or_makes_a_note(
    client: PageClient, session: Session
) -> None:
    before = NOW - timedelta(days=30)
    event = make_event(session, starts_at=before, ends_at=before + timedelta(hours=2))
    session.commit()

    text = client.page(f"/events/{event.public_id}").text

    assert "This has been" in text
    assert "Add to calendar" not in text
    assert "Ask the host" not in text


def test_the_link_to_join_is_shown_online_alone(
    client: PageClient, session: Session, event: Event
) -> None:
    event.joining_link = "https://meet.example.org/tea"
    session.commit()
    assert event.joining_link not in client.page(f"/events/{event.public_id}").html

    online = make_event(
        session, moment=event.moments[0], venue_type=VenueType.ONLINE, point=None, venue_name=None
    )
    online.joining_link = event.joining_link
    session.commit()
    assert event.joining_link in client.page(f"/events/{online.public_id}").links
