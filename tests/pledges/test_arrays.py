"""What is sent in arrays comes to the database as it was."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.pledges.arrays import arrays, unnest

TYPES = {
    "number": "bigint", "small": "smallint", "yes": "boolean", "key": "uuid", "day": "date",
    "at": "timestamptz", "words": "text", "bucket": "bytea",
}  # fmt: skip
QUESTION = text(f"SELECT * FROM {unnest(TYPES)}")
KEY = UUID("0192f1d0-7c1e-7b3a-9c55-0123456789ab")
DAY = date(2027, 6, 5)
AT = datetime(2027, 6, 5, 23, 59, 59, 123456, tzinfo=UTC)
ROWS = [
    (-1, 12, True, KEY, DAY, AT, "Neighbours’ Day", b"\x00\xff"),
    (2**62, -3, False, KEY, DAY, AT, "", b""),
    (0, 0, False, KEY, DAY, AT, "NULL", b'"\\,{}'),
    (None, None, None, None, None, None, None, None),
]
ODD_WORDS = (
    'say "tea"',
    r"C:\new",
    "{a,b}",
    " both ends ",
    "two\nlines",
    "null",
    "ŵ🎉",
    "'; --",
    ":key",
)


def sent(session: Session, rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(QUESTION, arrays(TYPES, rows))]


def test_every_type_comes_as_it_was(session: Session) -> None:
    assert sent(session, ROWS) == ROWS


@pytest.mark.parametrize("words", ODD_WORDS)
def test_odd_words_come_as_they_were(session: Session, words: str) -> None:
    row = (1, 1, True, KEY, DAY, AT, words, b"")

    assert sent(session, [row]) == [row]


def test_no_rows_are_none(session: Session) -> None:
    assert sent(session, []) == []
