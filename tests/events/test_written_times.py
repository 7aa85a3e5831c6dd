"""Times of day as people write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask

from webapp.events.written_times import (
    WrittenTimeError,
    clock_moment,
    read_clock,
    read_day,
    written_clock,
    written_when,
)
from webapp.language import Language, in_language

BACK, FORWARD = date(2027, 10, 31), date(2028, 3, 26)


@pytest.fixture(autouse=True)
def in_a_page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2pm", "14:00"),
        ("2 pm", "14:00"),
        ("2 p.m.", "14:00"),
        ("2PM", "14:00"),
        ("2.30pm", "14:30"),
        ("2:30 pm", "14:30"),
        ("230pm", "14:30"),
        ("at 2pm", "14:00"),
        ("2 o’clock pm", "14:00"),
        ("7 in the evening", "19:00"),
        ("11am", "11:00"),
        ("12pm", "12:00"),
        ("12.30am", "00:30"),
        ("14:00", "14:00"),
        ("14.00", "14:00"),
        ("1400", "14:00"),
        ("14", "14:00"),
        ("14h30", "14:30"),
        ("930", "09:30"),
        ("9.30", "09:30"),
        ("02:30", "02:30"),
        ("0:00", "00:00"),
        ("00:00", "00:00"),
        ("23:59", "23:59"),
        ("noon", "12:00"),
        ("12 noon", "12:00"),
        ("midday", "12:00"),
        ("hanner dydd", "12:00"),
        ("2yh", "14:00"),
        ("2 y.h.", "14:00"),
        ("am 2yp", "14:00"),
        ("9 y bore", "09:00"),
        ("１４：００", "14:00"),
    ],
)
def test_a_time_is_read_as_it_is_written(text: str, expected: str) -> None:
    assert read_clock(text) == time.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("24:00", "midnight as 0:00 of the next day"),
        ("2400", "midnight as 0:00 of the next day"),
        ("midnight", "midnight as 0:00 of the next day"),
        ("hanner nos", "midnight as 0:00 of the next day"),
        ("12am", "midnight as 0:00 of the next day"),
        ("2", "Write 2am or 2pm"),
        ("2:30", "Write 2:30am or 2:30pm"),
        ("2 o'clock", "Write 2am or 2pm"),
        ("10", "Write 10am or 10pm"),
        ("14pm", "from 1 to 12"),
        ("0am", "from 1 to 12"),
        ("25:00", "Write a time like this"),
        ("14:75", "Write a time like this"),
        ("2pm-4pm", "Write a time like this"),
        ("afternoon", "Write a time like this"),
        ("", "Write a time like this"),
        ("🕑", "Write a time like this"),
        ("1" * 5000, "Write a time like this"),
    ],
)
def test_what_is_no_time_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WrittenTimeError) as caught:
        read_clock(text)

    assert sentence in str(caught.value.sentence)


@pytest.mark.parametrize("at", ["01:00", "01:30", "01:59"])
def test_the_nights_on_which_the_clocks_change_are_told(at: str) -> None:
    for day, sentence in ((BACK, "comes twice"), (FORWARD, "skip this hour")):
        with pytest.raises(WrittenTimeError) as caught:
            clock_moment(day, time.fromisoformat(at))
        assert sentence in str(caught.value.sentence)


@pytest.mark.parametrize("at", ["00:59", "02:00"])
def test_the_hours_beside_them_are_as_ever(at: str) -> None:
    assert clock_moment(BACK, time.fromisoformat(at)).tzinfo is UTC
    assert clock_moment(FORWARD, time.fromisoformat(at)).tzinfo is UTC


@pytest.mark.parametrize("language", Language)
def test_every_minute_that_is_written_reads_back(language: Language) -> None:
    with in_language(language):
        for hour in range(24):
            for minute in (0, 1, 30, 59):
                at = time(hour, minute)
                assert read_clock(written_clock(at)) == at


def test_the_times_of_an_event_read_back() -> None:
    start, end = (
        datetime(2027, 6, 5, 13, tzinfo=UTC),
        datetime(2027, 6, 5, 23, 30, tzinfo=UTC),
    )
    written = written_when(start, end)

    assert written == {
        "starts_on": "5 June 2027",
        "starts_at": "2pm",
        "ends_at": "0:30",
        "ends_on": "6 June 2027",
    }
    last_day = read_day(written["ends_on"], date(2026, 1, 1))
    assert clock_moment(last_day, read_clock(written["ends_at"])) == end
