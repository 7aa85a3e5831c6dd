"""Tables of figures about areas: which of their columns is what, whatever the publisher calls it."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from webapp.places.imports.geojson_features import Advance, OtherKindError
from webapp.places.imports.source_files import SourceFileError

WHOSE = r"(geography|area|lad|ltla|utla|la|localauthority(district)?|gss|ons|official)?\d{0,4}"
# Of headings in small letters and without anything between them; never a year.
COLUMNS = {
    "code": re.compile(rf"{WHOSE}(cd|code)"),
    "name": re.compile(rf"{WHOSE}(nm|name)"),
    "region": re.compile(r"region|regionname|rgn\d{0,4}nm"),
    # Nomis calls every figure “OBS_VALUE”.
    "population": re.compile(r"(?!.*(density|percent|decile|quintile)).*population.*|obsvalue"),
    "score": re.compile(r".*(deprivation|imd).*score.*"),
    "decile": re.compile(r".*decile"),
}
CHUNK = 1 << 16
NOT_IN_A_HEADING = re.compile(r"[^a-z0-9]")


class Subject(StrEnum):
    """What a table tells of areas."""

    POPULATION = "population"
    DEPRIVATION = "deprivation"


@dataclass(frozen=True)
class TableRow:
    """One row; what the table has no column for is empty."""

    line: int
    cells: list[str]
    columns: dict[str, int]

    def __getitem__(self, column: str) -> str:
        """Return what stands in one of the columns that we know, without spaces around it."""
        index = self.columns.get(column)
        return self.cells[index].strip() if index is not None and index < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """A table that was opened: what it tells, and its rows, which can be read once."""

    subject: Subject
    rows: Iterator[TableRow]


@contextmanager
def open_table(path: Path, advance: Advance) -> Iterator[Table]:
    """Open a CSV file of figures; `advance` hears of the bytes that were read.

    Raises SourceFileError, also while the rows are read.
    """
    with path.open("rb") as file:
        lines = _lines(path, file, advance)
        yield _table(path, lines)


def _table(path: Path, lines: Iterator[tuple[int, list[str]]]) -> Table:
    _line, header = next(lines, (0, []))
    if not any(cell.strip() for cell in header):
        msg = f"{path.name} is empty."
        raise SourceFileError(msg)
    columns = _columns(header)
    subject = Subject.POPULATION if "population" in columns else Subject.DEPRIVATION
    if subject is Subject.DEPRIVATION and "score" not in columns:
        msg = f"{path.name}, line 1: there is no column of population or of deprivation scores."
        raise OtherKindError(msg)
    if not {"code", "name"} & columns.keys():
        msg = f"{path.name}, line 1: there is no column with the codes or names of areas."
        raise OtherKindError(msg)
    rows = (TableRow(line, cells, columns) for line, cells in lines if any(map(str.strip, cells)))
    return Table(subject, rows)


def _columns(header: list[str]) -> dict[str, int]:
    """Map what we know to where it stands; of several years of population, the last."""
    plain = [NOT_IN_A_HEADING.sub("", cell.casefold()) for cell in header]
    found = {
        column: [index for index, cell in enumerate(plain) if pattern.fullmatch(cell)]
        for column, pattern in COLUMNS.items()
    }
    columns = {column: indexes[0] for column, indexes in found.items() if indexes}
    if years := found["population"]:
        columns["population"] = max(years, key=lambda index: (_year(plain[index]), -index))
    return columns


def _year(heading: str) -> int:
    year = re.search(r"(19|20)\d\d", heading)
    return int(year[0]) if year else 0


def _lines(path: Path, file: IO[bytes], advance: Advance) -> Iterator[tuple[int, list[str]]]:
    """Yield each line’s number and cells."""
    encoding = _encoding(file)
    file.seek(0)
    reader, done = csv.reader(io.TextIOWrapper(file, encoding, errors="replace", newline="")), 0
    try:
        for cells in reader:
            yield reader.line_num, cells
            advance(file.tell() - done)
            done = file.tell()
    except csv.Error:
        msg = f"{path.name}, line {reader.line_num}: this is not CSV."
        raise SourceFileError(msg) from None


def _encoding(file: IO[bytes]) -> str:
    """Return how the file is written: in UTF-8, in UTF-16, or as Windows does in our countries."""
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[1:2] == b"\0":
        return "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
