"""Days as people write them."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from webapp.events.written_days import WrittenTimeError, read_day

TODAY = date(2026, 11, 21)
FIFTH = date(2027, 6, 5)


@pytest.fixture(autouse=True)
def in_a_page(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    "text",
    [
        "5 June 2027",
        "5 june 2027",
        "05 June 2027",
        "5th June 2027",
        "the 5th of June, 2027",
        "5 Jun 2027",
        "5 Jun. 2027",
        "June 5, 2027",
        "2027 June 5",
        "Saturday 5 June 2027",
        "Sat 5 June",
        "Saturday, 5th June",
        "5 June",
        "5/6",
        "5.6.2027",
        "5. 6. 2027",
        "05/06/2027",
        "5-6-2027",
        "5 6 2027",
        "2027-06-05",
        "2027-6-5",
        "  5   June   2027  ",
        "５ June ２０２７",
        "5 Mehefin 2027",
        "5ed o Fehefin 2027",
        "Dydd Sadwrn, 5 Mehefin",
        "dydd Sadwrn y 5ed o Fehefin 2027",
        "Sad 5 Meh 2027",
    ],
)
def test_a_day_is_read_as_it_is_written(text: str) -> None:
    assert read_day(text, TODAY) == FIFTH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21 November", TODAY),
        ("20 November", date(2027, 11, 20)),
        ("29 February", date(2028, 2, 29)),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("1 Mawrth 2027", date(2027, 3, 1)),
        ("Dydd Mawrth 2 Mawrth 2027", date(2027, 3, 2)),
        ("1af o Fai 2027", date(2027, 5, 1)),
        ("31 Rhagfyr", date(2026, 12, 31)),
        ("2il o Orffennaf 2027", date(2027, 7, 2)),
        ("3 Tachwedd 2027", date(2027, 11, 3)),
        ("Iau 3 Rhagfyr 2026", date(2026, 12, 3)),
    ],
)
def test_a_day_without_a_year_is_the_next_and_welsh_months_are_known(
    text: str, expected: date
) -> None:
    assert read_day(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31 June 2027", "There is no such day"),
        ("31 June", "There is no such day"),
        ("31/6/2027", "There is no such day"),
        ("2027-06-31", "There is no such day"),
        ("29 February 2027", "28 days"),
        ("0 June 2027", "There is no such day"),
        ("05/07/27", "all four digits"),
        ("5 June 27", "all four digits"),
        ("5.6.207", "all four digits"),
        ("5 June 0027", "all four digits"),
        ("6/25/2027", "Write the day first"),
        ("5/0/2027", "Write the day first"),
        ("Sunday 5 June 2027", "this is Saturday 5 June 2027"),
        ("Sunday 5 June", "this is Saturday 5 June 2027"),
        ("tomorrow", "5 June 2027"),
        ("Saturday", "5 June 2027"),
        ("June 2027", "5 June 2027"),
        ("5 Juin 2027", "5 June 2027"),
        ("5 June to 6 June 2027", "5 June 2027"),
        ("5 June 2027 14:00", "5 June 2027"),
        ("", "5 June 2027"),
        ("🎉", "5 June 2027"),
        ("9" * 5000, "5 June 2027"),
        ("9" * 50 + " June", "There is no such day"),
        ("٥ يونيو ٢٠٢٧", "5 June 2027"),
    ],
)
def test_what_is_no_day_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WrittenTimeError) as caught:
        read_day(text, TODAY)

    assert sentence in str(caught.value.sentence)
