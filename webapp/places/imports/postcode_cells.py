"""What the cells of a postcode’s row say, as the text that COPY takes.

Each kind of cell has few values among a million rows, so that every value is judged once.
"""

import re
from collections.abc import Callable

from geo.postcodes import parse_postcode
from webapp.places.area_codes import NATION_CODES, current_code

NULL = r"\N"
ELSEWHERE = {"L93000001": "the Channel Islands", "M83000003": "the Isle of Man"}
AREA_CODE = re.compile(r"[A-Z]\d{8}", re.ASCII)
AFTER_AREA = re.compile(r"\d")
MONTH = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])", re.ASCII)
NUMBER = re.compile(r"\d{1,6}", re.ASCII)
WORD = re.compile(r"[A-Za-z0-9]{1,8}", re.ASCII)
CROWN_DEPENDENCIES = ("GY", "IM", "JE")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # of the inward half
LONGEST_QUOTE = 30


class RowError(Exception):
    """A row cannot be taken; the reason ends a sentence."""


class Cells(dict[str, str]):
    """Remembers what each value of a column becomes."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> str:
        text = self[cell] = self._read(cell.strip())
        return text


def months(what: str) -> Cells:
    """Return the reader of months such as 200406; raises RowError."""

    def read(cell: str) -> str:
        if cell and not MONTH.fullmatch(cell):
            raise RowError(f"{quoted(cell)} is no month of {what}")
        return cell or NULL

    return Cells(read)


def area_codes(what: str) -> Cells:
    """Return the reader of codes, which become those of today; raises RowError."""

    def read(cell: str) -> str:
        if cell and not AREA_CODE.fullmatch(cell):
            raise RowError(f"{quoted(cell)} is no code of {what}")
        return current_code(cell) or NULL

    return Cells(read)


def countries() -> Cells:
    """Return the reader of countries: a nation, NULL where it is not known, empty outside the UK."""

    def read(cell: str) -> str:
        if cell in ELSEWHERE:
            return ""
        if cell and not AREA_CODE.fullmatch(cell):
            raise RowError(f"{quoted(cell)} is no code of a country")
        nation = NATION_CODES.get(cell)
        return nation.value if nation else NULL

    return Cells(read)


def ranks() -> Cells:
    """Return the reader of deprivation ranks, where 0 says that there is none; raises RowError."""

    def read(cell: str) -> str:
        if cell and not NUMBER.fullmatch(cell):
            raise RowError(f"{quoted(cell)} is no deprivation rank")
        return cell.lstrip("0") or NULL

    return Cells(read)


def words(what: str) -> Cells:
    """Return the reader of short codes that are kept as they are; raises RowError."""

    def read(cell: str) -> str:
        if cell and not WORD.fullmatch(cell):
            raise RowError(f"{quoted(cell)} is no {what}")
        return cell or NULL

    return Cells(read)


def qualities(steps: dict[str, str]) -> Cells:
    """Return the reader of how good locations are; raises RowError for what is not among the steps."""

    def read(cell: str) -> str:
        if cell and cell not in steps:
            raise RowError(f"{quoted(cell)} is no quality of a location")
        return steps.get(cell, NULL)

    return Cells(read)


# The directory’s own steps; 9 says that there is no location.
ONS_QUALITIES = {step: step for step in "12345678"} | {"9": NULL}


class Postcodes:
    """The postcodes that a file has had so far, in 4,000 bytes for each outward code."""

    def __init__(self) -> None:
        self._inwards = {
            f"{digit}{first}{second}": (digit * len(LETTERS) + m) * len(LETTERS) + n
            for digit in range(10)
            for m, first in enumerate(LETTERS)
            for n, second in enumerate(LETTERS)
        }
        self._seen: dict[str, bytearray] = {}

    @property
    def areas(self) -> list[str]:
        """The letters that the postcodes began with."""
        return sorted({AFTER_AREA.split(outward)[0] for outward in self._seen})

    def take(self, cell: str) -> str:
        """Return a postcode without its space; raises RowError for none and for one seen before."""
        code = cell.replace(" ", "")
        inward, seen = self._inwards.get(code[-3:]), self._seen.get(code[:-3])
        if inward is None or seen is None:
            code = self._judged(cell)
            inward, seen = self._inwards[code[-3:]], self._seen[code[:-3]]
        if seen[inward]:
            raise RowError(f"{code[:-3]} {code[-3:]} stands in an earlier line as well")
        seen[inward] = 1
        return code

    def _judged(self, cell: str) -> str:
        postcode = parse_postcode(cell)
        if postcode is None or not postcode.is_full:
            raise RowError(f"{quoted(cell)} is no postcode")
        self._seen.setdefault(postcode.outward, bytearray(len(self._inwards)))
        return postcode.compact


def quoted(cell: str) -> str:
    """Return a cell as a sentence quotes it, cut short and without what does not print."""
    shown = "".join(each if each.isprintable() else "?" for each in cell.strip()[:LONGEST_QUOTE])
    return f"“{shown}”"
