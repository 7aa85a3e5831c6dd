"""How dates, numbers and distances read on a page, in the page’s language.

Times are shown in Europe/London, and this module is the one place that converts them.
"""

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from webapp.database import utc_now

LONDON = ZoneInfo("Europe/London")
METRES_PER_MILE = 1609.344


class HasTimes(Protocol):
    """Anything that starts and ends; both times are aware."""

    @property
    def starts_at(self) -> datetime:
        """When it starts."""
        ...

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        ...


def local(moment: datetime) -> datetime:
    """Return a time as the clocks in the United Kingdom show it."""
    return moment.astimezone(LONDON)


def weekday_date(day: date) -> str:
    """Return a day as “Saturday 5 June 2027”."""
    if isinstance(day, datetime):
        day = local(day).date()
    return format_date(day, "EEEE d MMMM y", locale=_locale())


def short_date(day: date) -> str:
    """Return a day as “5 June 2027”."""
    if isinstance(day, datetime):
        day = local(day).date()
    return format_date(day, "d MMMM y", locale=_locale())


def clock(moment: datetime) -> str:
    """Return a time of day as people say it: “2pm”, “11:42am”, “noon” left as 12pm."""
    at = local(moment)
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{hour}{minutes}{_half_of_day(at)}"


def when(event: HasTimes) -> str:
    """Return when something is on; a second date only where it ends on another day."""
    start, end = local(event.starts_at), local(event.ends_at)
    if start.date() == end.date():
        return gettext(
            "%(day)s, %(start)s to %(end)s",
            day=weekday_date(start.date()),
            start=clock(start),
            end=clock(end),
        )
    return gettext(
        "%(day)s, %(start)s to %(last_day)s, %(end)s",
        day=weekday_date(start.date()),
        start=clock(start),
        last_day=weekday_date(end.date()),
        end=clock(end),
    )


def hours(event: HasTimes) -> str:
    """Return from when to when, without the day."""
    return gettext("%(start)s to %(end)s", start=clock(event.starts_at), end=clock(event.ends_at))


def days(first: date, last: date) -> str:
    """Return the days of a season, or the one day: “28 July to 8 August 2022”."""
    if first == last:
        return weekday_date(first)
    if first.year != last.year:
        pattern = "d MMMM y"
    else:
        pattern = "d" if first.month == last.month else "d MMMM"
    begin = format_date(first, pattern, locale=_locale())
    return gettext("%(first)s to %(last)s", first=begin, last=short_date(last))


def as_of(moment: datetime) -> str:
    """Return how fresh a number is: the time if it is from today, else the day too."""
    if local(moment).date() == local(utc_now()).date():
        return gettext("%(time)s today", time=clock(moment))
    return gettext("%(time)s on %(day)s", time=clock(moment), day=short_date(moment))


def is_past(moment: datetime) -> bool:
    """Tell whether a time has been."""
    return moment < utc_now()


def number(value: int) -> str:
    """Return a whole number with its thousands apart."""
    return format_decimal(value, locale=_locale())


def distance(metres: float) -> str:
    """Return a distance in miles, as precise as anybody walks."""
    miles = metres / METRES_PER_MILE
    if miles < 0.1:
        return gettext("under 0.1 miles")
    if miles < 10:
        text = format_decimal(round(miles, 1), format="0.#", locale=_locale())
    else:
        text = number(round(miles))
    return ngettext("%(miles)s mile", "%(miles)s miles", 1 if text == "1" else 2, miles=text)


def day_abbr(day: date) -> str:
    """Return “Sat”."""
    return format_date(_day(day), "EEE", locale=_locale())


def day_number(day: date) -> str:
    """Return “5”."""
    return str(_day(day).day)


def month_name(day: date) -> str:
    """Return “June”."""
    return format_date(_day(day), "MMMM", locale=_locale())


def iso(moment: datetime) -> str:
    """Return a time for machines, in the United Kingdom’s own offset."""
    return local(moment).isoformat(timespec="minutes")


def init_filters(app: Flask) -> None:
    """Offer these functions to the templates."""
    for function in (
        weekday_date, short_date, clock, when, hours, as_of, number, distance,
        day_abbr, day_number, month_name, iso, is_past,
    ):  # fmt: skip
        app.add_template_filter(function)
    app.add_template_global(days)


def _day(day: date) -> date:
    return local(day).date() if isinstance(day, datetime) else day


def _half_of_day(moment: datetime) -> str:
    return gettext("am") if moment.hour < 12 else gettext("pm")


def _locale() -> str:
    locale = get_locale()
    return str(locale) if locale else "en_GB"
