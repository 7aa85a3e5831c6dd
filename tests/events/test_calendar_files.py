"""The calendar file of an event, read back as a calendar would."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Component
from sqlalchemy.orm import Session

from geo.privacy import VenueType
from tests.checked_pages import PageClient
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.events import make_event
from webapp.events import life
from webapp.events.models import Event


def sent(client: PageClient, event: Event, prefix: str = "") -> tuple[str, Component]:
    answer = client.get(f"{prefix}/events/{event.public_id}/calendar.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    assert len(found) == 1
    return answer.text, found[0]


def listed(session: Session, **kw: Any) -> Event:
    event = make_event(session, **kw)
    session.commit()
    return event


def test_it_says_what_when_and_where(client: PageClient, session: Session) -> None:
    event = listed(session)

    _, entry = sent(client, event)

    assert entry["SUMMARY"] == "Tea on Elm Road"
    assert entry["LOCATION"] == "Deeplish Community Centre, Rochdale"
    assert entry.decoded("DTSTART") == event.starts_at
    assert entry.decoded("DTEND") == event.ends_at
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["URL"].endswith(f"/events/{event.public_id}")
    assert "Come for a brew." in entry["DESCRIPTION"]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "hours"),
    [
        (datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 9, tzinfo=UTC), (22, 10)),
        (datetime(2027, 10, 30, 21, tzinfo=UTC), datetime(2027, 10, 31, 10, tzinfo=UTC), (22, 10)),
        (datetime(2027, 12, 5, 14, tzinfo=UTC), datetime(2027, 12, 5, 16, tzinfo=UTC), (14, 16)),
    ],
)
def test_times_are_londons_on_both_sides_of_a_change_of_clocks(
    client: PageClient,
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    hours: tuple[int, int],
) -> None:
    event = listed(session, starts_at=starts_at, ends_at=ends_at)

    text, entry = sent(client, event)

    assert "DTSTART;TZID=Europe/London" in text
    assert "BEGIN:VTIMEZONE" in text
    start, end = entry.decoded("DTSTART"), entry.decoded("DTEND")
    assert (start.hour, end.hour) == hours
    assert (start, end) == (starts_at, ends_at)


def test_it_keeps_its_id_and_counts_what_calendars_must_learn(
    client: PageClient, session: Session
) -> None:
    event, host = listed(session), make_user(session)
    _, first = sent(client, event)

    life.postpone(session, event, host, NOW + timedelta(minutes=1), "The hall is flooded.")
    session.commit()
    _, postponed = sent(client, event)
    life.cancel(session, event, host, NOW + timedelta(minutes=2), "It stays flooded.")
    session.commit()
    _, cancelled = sent(client, event)

    assert first["UID"] == postponed["UID"] == cancelled["UID"]
    assert [int(each["SEQUENCE"]) for each in (first, postponed, cancelled)] == [0, 1, 2]
    assert [each["STATUS"] for each in (postponed, cancelled)] == ["TENTATIVE", "CANCELLED"]
    assert postponed["SUMMARY"] == "Postponed: Tea on Elm Road"
    assert cancelled["SUMMARY"] == "Cancelled: Tea on Elm Road"
    assert "It stays flooded." in cancelled["DESCRIPTION"]
    assert cancelled.decoded("LAST-MODIFIED") == NOW + timedelta(minutes=2)
    assert cancelled.decoded("DTSTAMP") == NOW + timedelta(minutes=2)


@pytest.mark.parametrize(
    "title",
    [
        "Tea, cake; and \\ talk: “for all”",
        "Te a chacen yn y neuadd â phawb o’r stryd, ac wedyn cerddoriaeth hyd yr hwyr iawn!",
        "🎉" * 40,
        "שלום לכולם, بالجميع",
        "BEGIN:VALARM",
    ],
)
def test_odd_titles_come_back_as_they_were_in_folded_lines(
    client: PageClient, session: Session, title: str
) -> None:
    event = listed(session, title=title, description="One.\r\nEND:VEVENT\n\nTwo, three; four.")

    text, entry = sent(client, event)

    assert entry["SUMMARY"] == title
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_home_is_told_by_its_town_alone(client: PageClient, session: Session) -> None:
    event = listed(session, venue_type=VenueType.PRIVATE, venue_name="7 Elm Road")

    text, entry = sent(client, event)

    assert entry["LOCATION"] == "Rochdale"
    assert "7 Elm Road" not in text
    assert "GEO" not in entry


def test_online_it_says_so_and_how_to_join(client: PageClient, session: Session) -> None:
    event = listed(session, venue_type=VenueType.ONLINE, point=None, venue_name=None)
    _, without = sent(client, event)
    event.joining_link = "https://meet.example.org/tea"
    session.commit()
    _, entry = sent(client, event)

    assert without["LOCATION"] == "Online"
    assert entry["LOCATION"] == "https://meet.example.org/tea"


def test_it_may_be_kept_by_caches_and_stays_in_its_language(
    client: PageClient, session: Session
) -> None:
    event = listed(session)

    answer = client.get(f"/events/{event.public_id}/calendar.ics")
    assert answer.headers["Cache-Control"].startswith("public, max-age=60")
    assert "Set-Cookie" not in answer.headers
    _, welsh = sent(client, event, prefix="/cy")
    assert "/cy/events/" in welsh["URL"]
