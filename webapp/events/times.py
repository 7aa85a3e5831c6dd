"""Times as people enter them, in Europe/London, checked for the nights on which the clocks change."""

from datetime import UTC, date, datetime, time

from webapp.filters import LONDON


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
