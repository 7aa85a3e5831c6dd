"""Times as people enter them, in Europe/London, checked for the nights on which the clocks change."""

from datetime import UTC, date, datetime, time

from webapp.filters import LONDON, local


class NoSuchTimeError(ValueError):
    """The clocks skipped this time when they went forward."""


def london_time(day: date, at: time) -> datetime:
    """Return the moment that clocks in the United Kingdom show so, in UTC.

    In the hour that comes twice in October it is the first. Raises NoSuchTimeError in the hour
    that is missing in March.
    """
    wanted = datetime.combine(day, at, tzinfo=LONDON)
    moment = wanted.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != wanted.replace(tzinfo=None):
        raise NoSuchTimeError
    return moment


def comes_twice(day: date, at: time) -> bool:
    """Tell whether the clocks show this time twice that night, because they go back."""
    first = datetime.combine(day, at, tzinfo=LONDON)
    again = first.replace(fold=1).astimezone(UTC)
    is_later = again > first.astimezone(UTC)
    # In the hour that is missing, too, the two readings differ: the other way round.
    return is_later and again.astimezone(LONDON).time() == at


def lies_outside(starts_at: datetime, ends_at: datetime, first_day: date, last_day: date) -> bool:
    """Tell whether something begins or ends outside a moment’s days."""
    return local(starts_at).date() < first_day or local(ends_at).date() > last_day
