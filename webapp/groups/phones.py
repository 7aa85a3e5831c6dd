"""Phone numbers as people write them."""

import re
from enum import StrEnum

# A national number begins with 0 and has ten or eleven digits; one from abroad begins with +.
FEWEST_DIGITS, MOST_DIGITS = 10, 11
FEWEST_ABROAD, MOST_ABROAD = 7, 15
BETWEEN_DIGITS = re.compile(r"[\s().\-–—/]+")


class PhoneFault(StrEnum):
    """Why a text is no phone number."""

    NOT_DIGITS = "not digits"
    NO_AREA_CODE = "no area code"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"


class PhoneError(ValueError):
    """A text that is no phone number, and why."""

    def __init__(self, fault: PhoneFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def parse_phone(text: str) -> str:
    """Return a number without what people write between its digits: 01614960000, +35315550100.

    “+44 (0)161 496 0000” and “0044 161 …” become national ones. Raises PhoneError.
    """
    plain = BETWEEN_DIGITS.sub("", text)
    plain = re.sub(r"^00", "+", plain)
    plain = re.sub(r"^\+440?", "0", plain)
    digits = plain.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        raise PhoneError(PhoneFault.NOT_DIGITS)
    is_abroad = plain.startswith("+")
    if not is_abroad and not plain.startswith("0"):
        raise PhoneError(PhoneFault.NO_AREA_CODE)
    fewest, most = (FEWEST_ABROAD, MOST_ABROAD) if is_abroad else (FEWEST_DIGITS, MOST_DIGITS)
    if len(digits) < fewest:
        raise PhoneError(PhoneFault.TOO_SHORT)
    if len(digits) > most:
        raise PhoneError(PhoneFault.TOO_LONG)
    return plain
