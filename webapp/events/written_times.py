"""Times of day as people write them, in English or Welsh: “2pm”, “2.30 p.m.”, “14:00”, “noon”.

Where morning and afternoon are not told apart, and where midnight may be either end of a day, the
host is asked: a guess that is twelve hours off would stand on a poster.
"""

import re
from datetime import UTC, date, datetime, time

from flask_babel import lazy_gettext as _l

from webapp.events.times import NoSuchTimeError, comes_twice, london_time
from webapp.events.written_days import LONGEST, WrittenTimeError, plain_text, read_day
from webapp.filters import LONDON, clock, local, short_date

__all__ = ["WrittenTimeError", "clock_moment", "read_clock", "read_day", "written_when"]

NOON = frozenset({"noon", "12noon", "midday", "hannerdydd", "12hannerdydd"})
MIDNIGHT = frozenset({"midnight", "12midnight", "hannernos", "12hannernos"})
MORNING = "am|yb|ybore|inthemorning"
AFTERNOON = "pm|yp|yh|ypnawn|yprynhawn|yrhwyr|intheafternoon|intheevening"
WRITTEN = re.compile(
    rf"(?:at|am)?(\d{{1,2}})(?:[:.h]?([0-5]\d))?(?:hrs|h)?(?:({MORNING})|({AFTERNOON}))?", re.ASCII
)
OCLOCK = re.compile("o['’]?clock|o['’]?rgloch")
# Written without a half of the day and without a nought, these are as likely in the afternoon.
EITHER_HALF = range(1, 8)
BARE_EITHER_HALF = range(1, 12)

UNREADABLE = _l("Write a time like this: 2pm, or 14:30.")
WHICH_MIDNIGHT = _l("Write midnight as 0:00 of the next day, and noon as 12:00.")


def read_clock(text: str) -> time:
    """Return the time of day that was written; raises WrittenTimeError."""
    if len(text) > LONGEST:
        raise WrittenTimeError(UNREADABLE)
    plain = OCLOCK.sub("", plain_text(text).replace(" ", ""))
    plain = re.sub(r"(?<=[a-z])\.", "", plain)
    if plain in NOON:
        return time(12)
    found = WRITTEN.fullmatch(plain)
    if plain in MIDNIGHT:
        raise WrittenTimeError(WHICH_MIDNIGHT)
    if found is None:
        raise WrittenTimeError(UNREADABLE)
    digits, minutes, morning, afternoon = found.groups()
    if morning or afternoon:
        return _in_half(int(digits), int(minutes or 0), is_afternoon=bool(afternoon))
    return _of_24(digits, minutes)


def clock_moment(day: date, at: time) -> datetime:
    """Return the moment that clocks show so, in UTC; raises WrittenTimeError where none or two do."""
    if comes_twice(day, at):
        raise WrittenTimeError(
            _l("The clocks go back that night, so this time comes twice. Choose another.")
        )
    try:
        return london_time(day, at)
    except NoSuchTimeError:
        raise WrittenTimeError(
            _l("The clocks go forward and skip this hour that night. Choose another.")
        ) from None


def written_when(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    """Return what a form’s fields hold for these times, so that they read back the same."""
    start, end = local(starts_at), local(ends_at)
    return {
        "starts_on": short_date(start.date()),
        "starts_at": written_clock(start.time()),
        "ends_at": written_clock(end.time()),
        "ends_on": "" if end.date() == start.date() else short_date(end.date()),
    }


def written_clock(at: time) -> str:
    """Return a time of day as read_clock reads it."""
    if at.hour == 0:
        return f"0:{at.minute:02}"
    # Any winter’s day: its clocks show the time of day itself.
    return clock(datetime.combine(date(2027, 1, 1), at, tzinfo=LONDON).astimezone(UTC))


def _in_half(hour: int, minute: int, *, is_afternoon: bool) -> time:
    if not 1 <= hour <= 12:
        raise WrittenTimeError(
            _l("With am or pm, hours go from 1 to 12. Write 2pm, or 14:00 without pm.")
        )
    if (hour, minute) == (12, 0) and not is_afternoon:
        raise WrittenTimeError(WHICH_MIDNIGHT)
    return time(hour % 12 + (12 if is_afternoon else 0), minute)


def _of_24(digits: str, minutes: str | None) -> time:
    hour, minute = int(digits), int(minutes or 0)
    if hour == 24:
        raise WrittenTimeError(WHICH_MIDNIGHT)
    if hour > 24:
        raise WrittenTimeError(UNREADABLE)
    unclear = EITHER_HALF if minutes else BARE_EITHER_HALF
    if hour in unclear and not digits.startswith("0"):
        written = f"{hour}:{minutes}" if minutes else str(hour)
        raise WrittenTimeError(
            _l("Morning or afternoon? Write %(time)sam or %(time)spm.", time=written)
        )
    return time(hour, minute)
