"""Days as people write them, in English or Welsh: “5 June 2027”, “5/6/2027”, “Sadwrn 5 Mehefin”.

Numbers are read in British order, the day first. Each mistake is one sentence, in
WrittenTimeError, which is for times of day too.
"""

import calendar
import re
import unicodedata
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.filters import weekday_date

LONGEST = 60
YEARS_TO_LOOK = 9  # until the next 29 February, whatever the century
YEAR_DIGITS = 4

MONTHS = (
    "january jan ionawr ion",
    "february feb chwefror chwef chw",
    "march mar mawrth fawrth maw",
    "april apr ebrill ebr",
    "may mai fai",
    "june jun mehefin fehefin meh",
    "july jul gorffennaf orffennaf gorff gor",
    "august aug awst aws",
    "september sept sep medi fedi",
    "october oct hydref hyd",
    "november nov tachwedd dachwedd tach",
    "december dec rhagfyr ragfyr rhag",
)
WEEKDAYS = (
    "monday mon llun",
    "tuesday tues tue mawrth",
    "wednesday weds wed mercher",
    "thursday thurs thur thu iau",
    "friday fri gwener gwen",
    "saturday sat sadwrn sad",
    "sunday sun sul",
)
MONTH_NUMBERS = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
WEEKDAY_NUMBERS = {word: number for number, words in enumerate(WEEKDAYS) for word in words.split()}
# What stands around a day and says nothing: “the 5th of”, “dydd Sadwrn y 5ed o”.
FILLERS = frozenset({
    "st", "nd", "rd", "th", "the", "of", "on",
    "o", "y", "yr", "ar", "dydd", "ddydd", "af", "ail", "il", "ydd", "ed", "fed", "eg", "ain",
})  # fmt: skip

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
NUMBERS = re.compile(r"(\d{1,2}) ?[./\- ] ?(\d{1,2})(?: ?[./\- ] ?(\d+))?\.?", re.ASCII)
PIECES = re.compile(r"\d+|[^\W\d_]+")

UNREADABLE = _l("Write the day like this: 5 June 2027.")


class WrittenTimeError(ValueError):
    """What was written is no day or no time; `sentence` says why and what to write instead."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__()
        self.sentence = sentence


def read_day(text: str, today: date) -> date:
    """Return the day that was written; without a year it is the next such day.

    Raises WrittenTimeError.
    """
    plain = plain_text(text)
    if iso := ISO.fullmatch(plain):
        year, month, day = iso.groups()
        return _day(int(day), int(month), year, today)
    if numbers := NUMBERS.fullmatch(plain):
        day, month, year = numbers.groups()
        return _day(int(day), int(month), year, today)
    return _day_in_words(plain, today)


def plain_text(text: str) -> str:
    """Return a short text in one width and case, with single spaces; else raise."""
    if len(text) > LONGEST:
        raise WrittenTimeError(UNREADABLE)
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace(",", " ").split())


def _day_in_words(plain: str, today: date) -> date:
    pieces = [piece for piece in PIECES.findall(plain) if piece not in FILLERS]
    numbers = [piece for piece in pieces if piece.isdigit()]
    month, weekday = _named([piece for piece in pieces if not piece.isdigit()])
    if not 1 <= len(numbers) <= 2 or [len(each) for each in numbers] == [YEAR_DIGITS]:
        raise WrittenTimeError(UNREADABLE)
    # “2027 June 5” has its year in front.
    numbers.sort(key=len) if len(numbers[0]) == YEAR_DIGITS else None
    day = _day(_day_number(numbers[0]), month, numbers[1] if len(numbers) > 1 else None, today)
    if weekday is not None and day.weekday() != weekday:
        shown = LazyString(weekday_date, day)
        raise WrittenTimeError(
            _l("The weekday does not fit: this is %(day)s. Check both.", day=shown)
        )
    return day


def _named(words: list[str]) -> tuple[int, int | None]:
    """Return the month and the weekday of words; Mawrth is both, and then the weekday is first."""
    if len(words) == 1 and words[0] in MONTH_NUMBERS:
        return MONTH_NUMBERS[words[0]], None
    for weekday, month in (words, words[::-1]) if len(words) == 2 else ():
        if weekday in WEEKDAY_NUMBERS and month in MONTH_NUMBERS:
            return MONTH_NUMBERS[month], WEEKDAY_NUMBERS[weekday]
    raise WrittenTimeError(UNREADABLE)


def _day_number(digits: str) -> int:
    return int(digits[:3])


def _day(day: int, month: int, year: str | None, today: date) -> date:
    if not 1 <= month <= 12:
        raise WrittenTimeError(
            _l("There is no month with that number. Write the day first: 5 June 2027.")
        )
    if year is None:
        return _next(day, month, today)
    if len(year) != YEAR_DIGITS or year < "1000":
        raise WrittenTimeError(
            _l("Write the year with all four digits, such as %(year)s.", year=str(today.year))
        )
    return _real(day, month, int(year))


def _next(day: int, month: int, today: date) -> date:
    _real(day, month, 2000)  # a leap year: it has every day there is
    for year in range(today.year, today.year + YEARS_TO_LOOK):
        if day <= calendar.monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    raise WrittenTimeError(UNREADABLE)


def _real(day: int, month: int, year: int) -> date:
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise WrittenTimeError(
            _l("There is no such day: that month has %(number)s days.", number=last)
        )
    return date(year, month, day)
