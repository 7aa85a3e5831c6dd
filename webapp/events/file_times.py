"""Start and end as files of events write them, and moving them into a moment’s week.

A time without an offset is meant as the clocks in the United Kingdom show it. Days without times
come from calendars, where the last day is not part of the event.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from webapp.events.times import NoSuchTimeError, london_time
from webapp.filters import LONDON

LAST_MINUTE = time(23, 59)
# Some feeds write hundredths after a third colon: “2025-09-27T12:30:00:00+01:00”.
THIRD_COLON = re.compile(r"(T\d\d:\d\d:\d\d):\d\d")


class UnreadableTimesError(ValueError):
    """Start or end is no date, or the event ends before it starts; the text says which."""


@dataclass(frozen=True)
class Times:
    """When an event is on; aware, in UTC."""

    starts_at: datetime
    ends_at: datetime


def parse_times(start: str, end: str) -> Times:
    """Read a start and an end; raises UnreadableTimesError."""
    first, last = _parse(start, "start"), _parse(end, "end")
    if isinstance(first, datetime) and isinstance(last, datetime):
        times = Times(first, last)
    elif isinstance(first, datetime) or isinstance(last, datetime):
        msg = "start and end: one has a time and the other has none"
        raise UnreadableTimesError(msg)
    else:
        times = _whole_days(first, last)
    if times.ends_at <= times.starts_at:
        msg = "it ends before it starts"
        raise UnreadableTimesError(msg)
    return times


def into_week_of(day: date, times: Times) -> Times:
    """Move an event into the week (Monday to Sunday) of a day: same weekday, same clock times.

    One that would run on past that Sunday is cut to its first day.
    """
    start, end = times.starts_at.astimezone(LONDON), times.ends_at.astimezone(LONDON)
    monday = day - timedelta(days=day.weekday())
    first = monday + timedelta(days=start.weekday())
    last = first + (end.date() - start.date())
    ending = end.time()
    if last > monday + timedelta(days=7):
        last, ending = first, ending if ending > start.time() else LAST_MINUTE
    return Times(_clock(first, start.time()), _clock(last, ending))


def _parse(text: str, name: str) -> date | datetime:
    try:
        if "T" not in text and " " not in text:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(THIRD_COLON.sub(r"\1", text))
        if moment.tzinfo is None:
            return _clock(moment.date(), moment.time())
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        msg = f"{name}: “{text[:40]}” is no date" if text else f"{name}: is missing"
        raise UnreadableTimesError(msg) from error


def _whole_days(first: date, after_last: date) -> Times:
    last = max(first, after_last - timedelta(days=1)) if after_last >= first else after_last
    return Times(_clock(first, time(0)), _clock(last, LAST_MINUTE))


def _clock(day: date, at: time) -> datetime:
    """Return a clock time as a moment; an hour that the clocks skip is the one after it."""
    try:
        return london_time(day, at)
    except NoSuchTimeError:
        return london_time(day, at.replace(hour=at.hour + 1))
