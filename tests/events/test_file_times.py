"""Times as files of events write them."""

from datetime import UTC, date, datetime

import pytest

from webapp.events.file_times import Times, UnreadableTimesError, into_week_of, parse_times

NEIGHBOURS_DAY = date(2027, 6, 5)


@pytest.mark.parametrize(
    ("start", "end", "starts_at", "ends_at"),
    [
        ("2025-06-10T18:30:00", "2025-06-10T21:00:00", "2025-06-10T17:30", "2025-06-10T20:00"),
        ("2025-01-10T18:30:00", "2025-01-10T21:00:00", "2025-01-10T18:30", "2025-01-10T21:00"),
        ("2024-10-12T10:00:00+01:00", "2024-10-12T12:00:00+01:00", "2024-10-12T09:00", "2024-10-12T11:00"),
        ("2024-10-03T19:00:00+0100", "2024-10-03T22:00:00+0100", "2024-10-03T18:00", "2024-10-03T21:00"),
        ("2025-09-27T12:30:00:00+01:00", "2025-09-27T14:30:00:00+01:00", "2025-09-27T11:30", "2025-09-27T13:30"),
        ("2016-03-07T10:00:00-05:00", "2016-03-07T11:00:00-05:00", "2016-03-07T15:00", "2016-03-07T16:00"),
        ("2022-11-25", "2022-11-25", "2022-11-25T00:00", "2022-11-25T23:59"),
        ("2018-12-05", "2018-12-06", "2018-12-05T00:00", "2018-12-05T23:59"),
        ("2019-08-24", "2019-08-27", "2019-08-23T23:00", "2019-08-26T22:59"),
        ("2027-03-28T01:30:00", "2027-03-28T03:00:00", "2027-03-28T01:30", "2027-03-28T02:00"),
    ],
)  # fmt: skip
def test_times_are_read(start, end, starts_at, ends_at):
    expected = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (starts_at, ends_at)]
    assert parse_times(start, end) == Times(*expected)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("", "2025-06-10", "start: is missing"),
        ("2025-06-10", "", "end: is missing"),
        ("next Tuesday", "2025-06-10", "start: “next Tuesday” is no date"),
        ("2025-02-30", "2025-03-01", "start: “2025-02-30” is no date"),
        ("2025-06-10T18:00:00", "2025-06-10", "start and end: one has a time and the other has none"),
        ("2025-06-10T18:00:00", "2025-06-10T17:00:00", "it ends before it starts"),
        ("2025-06-10", "2025-06-09", "it ends before it starts"),
        ("0001-01-01T00:00:00+05:00", "2025-06-10T17:00:00", "start: “0001-01-01T00:00:00+05:00” is no date"),
        ("9" * 5000, "2025-06-10", f"start: “{'9' * 40}” is no date"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_a_reason(start, end, reason):
    with pytest.raises(UnreadableTimesError) as refused:
        parse_times(start, end)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("start", "end", "expected_start", "expected_end"),
    [
        # A Tuesday evening in winter stays a Tuesday evening, though the clocks are an hour on.
        ("2025-01-14T18:30:00", "2025-01-14T21:00:00", "2027-06-01T17:30", "2027-06-01T20:00"),
        # A Saturday is Neighbours’ Day itself.
        ("2024-10-12T10:00:00+01:00", "2024-10-12T12:00:00+01:00", "2027-06-05T09:00", "2027-06-05T11:00"),
        # Past midnight on Sunday it may run into Monday.
        ("2025-01-12T22:00:00", "2025-01-13T01:00:00", "2027-06-06T21:00", "2027-06-07T00:00"),
        # A weekend stays a weekend.
        ("2018-10-06T09:00:00", "2018-10-07T18:00:00", "2027-06-05T08:00", "2027-06-06T17:00"),
        # What runs for a year is its first day.
        ("2024-10-03T19:00:00+0100", "2025-12-18T22:00:00+0000", "2027-06-03T18:00", "2027-06-03T21:00"),
        ("2024-10-03T19:00:00+0100", "2025-12-18T09:00:00+0000", "2027-06-03T18:00", "2027-06-03T22:59"),
    ],
)  # fmt: skip
def test_events_move_into_the_moments_week(start, end, expected_start, expected_end):
    moved = into_week_of(NEIGHBOURS_DAY, parse_times(start, end))
    assert moved.starts_at.strftime("%Y-%m-%dT%H:%M") == expected_start
    assert moved.ends_at.strftime("%Y-%m-%dT%H:%M") == expected_end
