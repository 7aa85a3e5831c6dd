"""Times as people enter them, on ordinary days and on the nights when the clocks change."""

from datetime import UTC, date, datetime, time

import pytest

from webapp.events.times import NoSuchTimeError, london_time


@pytest.mark.parametrize(
    ("day", "at", "in_utc"),
    [
        ("2027-01-10", "14:00", "2027-01-10T14:00"),
        ("2027-06-05", "14:00", "2027-06-05T13:00"),
        ("2027-03-28", "00:59", "2027-03-28T00:59"),
        ("2027-03-28", "02:00", "2027-03-28T01:00"),
        ("2027-10-31", "01:30", "2027-10-31T00:30"),  # comes twice: the first
        ("2027-10-31", "02:00", "2027-10-31T02:00"),
    ],
)
def test_london_time(day: str, at: str, in_utc: str) -> None:
    expected = datetime.fromisoformat(in_utc).replace(tzinfo=UTC)

    assert london_time(date.fromisoformat(day), time.fromisoformat(at)) == expected


@pytest.mark.parametrize("at", ["01:00", "01:30", "01:59"])
def test_the_hour_that_the_clocks_skip_does_not_exist(at: str) -> None:
    with pytest.raises(NoSuchTimeError):
        london_time(date(2027, 3, 28), time.fromisoformat(at))
