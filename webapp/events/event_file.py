"""A file of events (CSV, UTF-8) read row by row; each row keeps its line for the report.

Each fault of the file as a whole is one sentence, in EventFileError.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COLUMNS = (
    "source", "title", "start", "end", "venue", "address", "postcode",
    "lat", "long", "url", "status",
)  # fmt: skip
LARGEST_BYTES = 50 * 1024 * 1024


class EventFileError(Exception):
    """The file cannot be read as events; says which file, where, and what is wrong."""


@dataclass(frozen=True)
class FileRow:
    """One row as the file has it; `line` is where it ends in the file, counted from 1."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column].strip()


def read_event_file(path: Path) -> list[FileRow]:
    """Return all rows of a file; raises EventFileError for a file that is no such thing."""
    text = _text(path)
    if "\0" in text:
        msg = f"{path}, line {_line_of(text, chr(0))}: holds NUL bytes; it is not a text file."
        raise EventFileError(msg)
    lines = _lines(path, text)
    _, first = next(lines, (0, []))
    header = [name.strip() for name in first]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        msg = f"{path}, line 1: lacks the columns {', '.join(missing)}."
        raise EventFileError(msg)
    return [_row(path, line, header, cells) for line, cells in lines if any(cells)]


def _lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line’s number and cells; a quoted cell may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        msg = f"{path}, line {reader.line_num}: not well-formed CSV ({error})."
        raise EventFileError(msg) from error


def _row(path: Path, line: int, header: list[str], cells: list[str]) -> FileRow:
    if len(cells) != len(header):
        msg = f"{path}, line {line}: {len(cells)} cells instead of {len(header)}."
        raise EventFileError(msg)
    return FileRow(line, dict(zip(header, cells, strict=True)))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            msg = f"{path}: larger than {LARGEST_BYTES // 1024**2} MB; split it."
            raise EventFileError(msg)
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path}: {error.strerror or error}."
        raise EventFileError(msg) from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        msg = f"{path}: is UTF-16; save it as “CSV UTF-8”."
        raise EventFileError(msg)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        msg = f"{path}, line {line}: is not UTF-8; save it as “CSV UTF-8”."
        raise EventFileError(msg) from error


def _line_of(text: str, character: str) -> int:
    return text[: text.index(character)].count("\n") + 1
