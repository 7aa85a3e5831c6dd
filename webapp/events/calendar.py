"""An event as a calendar file (RFC 5545): what everybody may know of it, and nothing else.

Times carry Europe/London with its rules, so that a calendar elsewhere shows the right hour on both
sides of a night on which the clocks change.
"""

from datetime import datetime

from flask_babel import gettext as _
from icalendar import Calendar, Event

from webapp.events.models import EventStatus
from webapp.events.page import EventPage
from webapp.filters import local
from webapp.markdown import to_text

PRODUCT = "-//Moment Map//Events//EN"
STATUSES = {
    EventStatus.PUBLISHED: "CONFIRMED",
    EventStatus.POSTPONED: "TENTATIVE",
    EventStatus.CANCELLED: "CANCELLED",
}


def calendar_file(event: EventPage, *, url: str, host: str, changed_at: datetime) -> bytes:
    """Return a public event’s calendar file; `url` is its page, `host` makes its id the site’s own."""
    entry = Event()
    entry.add("uid", f"{event.public_id}@{host}")
    entry.add("sequence", event.sequence)
    entry.add("status", STATUSES[event.status])
    entry.add("dtstamp", changed_at)
    entry.add("last-modified", changed_at)
    entry.add("dtstart", local(event.starts_at))
    entry.add("dtend", local(event.ends_at))
    entry.add("summary", _summary(event))
    entry.add("description", _description(event, url))
    entry.add("location", event.joining_link or event.where)
    entry.add("url", url)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _summary(event: EventPage) -> str:
    # Many calendars show no status, so the name says it too.
    if event.status is EventStatus.CANCELLED:
        return f"{_('Cancelled')}: {event.title}"
    if event.status is EventStatus.POSTPONED:
        return f"{_('Postponed')}: {event.title}"
    return event.title


def _description(event: EventPage, url: str) -> str:
    parts = [event.notice, to_text(event.description), event.host_name, url]
    return "\n\n".join(part for part in parts if part)
