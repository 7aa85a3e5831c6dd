"""The rows of a CSV file, read as a stream: neither its length nor a broken line costs memory."""

import codecs
import csv
from collections.abc import Iterator
from typing import Any

from webapp.places.imports.source_files import SourceFile
from webapp.progress import Advance

LONGEST_LINE = 1 << 20  # bytes; the directory’s have about 500
FALLBACK = "windows-1252-where-not-utf-8"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    try:
        return error.object[error.start : error.end].decode("windows-1252"), error.end
    except UnicodeDecodeError:
        raise error from None


codecs.register_error(FALLBACK, _as_windows_1252)


class CsvRows:
    """The rows of one file; `line` is that of the last one, counted from 1. Raises SourceFileError."""

    def __init__(self, file: SourceFile, advance: Advance) -> None:
        self._file = file
        self._reader = csv.reader(self._lines(advance))
        self._rest = ""

    @property
    def line(self) -> int:
        """The line that the last row ended in."""
        return self._reader.line_num

    @property
    def ends_mid_line(self) -> bool:
        """Whether the last line, once it is read, turned out to have no end."""
        return bool(self._rest)

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the cells of each row; a blank line has none."""
        try:
            yield from self._reader
        except csv.Error as error:
            fault = f"is no row of a CSV file ({error})"
            raise self._file.error(fault, self.line) from None

    def _lines(self, advance: Advance) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")(FALLBACK)
        done, rest = 0, ""
        for block in self._file.blocks(advance):
            *lines, rest = (rest + self._decoded(decoder, block, done)).split("\n")
            yield from lines
            done += len(lines)
            if len(rest) > LONGEST_LINE:
                fault = f"is longer than {LONGEST_LINE:,} characters"
                raise self._file.error(fault, done + 1)
        self._rest = rest + self._decoded(decoder, b"", done)
        if self._rest:
            yield self._rest

    def _decoded(self, decoder: Any, block: bytes, done: int) -> str:
        """Return a block’s text; `done` lines came before it."""
        if 0 in block:
            line = done + 1 + block[: block.index(0)].count(b"\n")
            fault = "holds a NUL byte, so it is not text"
            raise self._file.error(fault, line)
        try:
            text: str = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            line = done + 1 + error.object[: error.start].count(b"\n")
            fault = "is neither UTF-8 nor Windows-1252 text"
            raise self._file.error(fault, line) from None
        return text
