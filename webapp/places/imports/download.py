"""One download: into a part beside the file, continued where it broke off, checked at its end."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from webapp.places.imports.file_checks import fault_in
from webapp.places.imports.http_answers import (
    PassingError,
    RefusedError,
    first_byte,
    judge,
    total_size,
)
from webapp.places.imports.origins import Origin, forget
from webapp.places.imports.sources import MEGABYTE, Source
from webapp.progress import Advance, progress_bar

# What has come of a chunk when a server breaks off in it is lost; so chunks are small.
CHUNK = 1 << 14

# Takes an address and headers; returns the answer to read from, or raises the trouble.
Ask = Callable[[str, dict[str, str]], Any]


class DiskFullError(Exception):
    """There is no room for the file; says so in sentences."""


@dataclass(frozen=True)
class Download:
    """A source’s file on its way from an address to a path; may be run again after a trouble."""

    source: Source
    address: str
    path: Path
    ask: Ask

    def run(self) -> bool:
        """Bring the file up to date; tells whether it is a new one.

        Raises AnswerError, DiskFullError, and OSError where it cannot be written.
        """
        with self.ask(self.address, self._headers()) as response:
            if response.status_code == 416:
                # What we have is longer than the file is now, or the server counts otherwise.
                forget(self.part)
                msg = f"{self.host} cannot go on where it broke off"
                raise PassingError(msg)
            judge(response)
            if response.status_code == 304 and self.path.exists():
                return False
            self._receive(response)
        self._accept()
        return True

    @property
    def part(self) -> Path:
        """What has come so far."""
        return self.path.with_name(f"{self.path.name}.part")

    @property
    def host(self) -> str | None:
        """Who is asked."""
        return urlsplit(self.address).hostname

    def _headers(self) -> dict[str, str]:
        """Return what to ask for: the rest of a part, or the file if it has changed, or the file."""
        begun = Origin.read_beside(self.part, is_growing=True)
        if begun and begun.address == self.address and begun.version and self._size:
            return {"Range": f"bytes={self._size}-", "If-Range": begun.version}
        forget(self.part)
        have = Origin.read_beside(self.path)
        return have.unless_changed() if have and have.address == self.address else {}

    @property
    def _size(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _receive(self, response: Any) -> None:
        """Add an answer to the part, or begin the part anew where the answer is the whole file."""
        origin = Origin.of(self.address, response.headers)
        already = self._size if response.status_code == 206 else 0
        if response.status_code == 206:
            self._must_continue(response, origin, already)
        total = total_size(response, already)
        self._must_fit(total, already)
        with (
            self.part.open("ab" if already else "wb") as file,
            progress_bar(f"  {self.source.name}", total, in_bytes=True) as advance,
        ):
            origin.write_beside(self.part)
            advance(already)
            self._write(response, file, advance, already)

    def _must_continue(self, response: Any, origin: Origin, already: int) -> None:
        begun = Origin.read_beside(self.part, is_growing=True)
        if first_byte(response) != already or begun is None or origin.version != begun.version:
            forget(self.part)
            msg = f"{self.host} does not go on where it broke off"
            raise PassingError(msg)

    def _write(self, response: Any, file: Any, advance: Advance, received: int) -> None:
        from requests import RequestException  # noqa: PLC0415 -- an extra

        try:
            for chunk in response.iter_content(CHUNK):
                received += len(chunk)
                self._must_fit(received, received)
                file.write(chunk)
                advance(len(chunk))
        except RequestException:
            msg = f"{self.host} broke off in the middle"
            raise PassingError(msg) from None

    def _must_fit(self, size: int | None, already: int) -> None:
        """Refuse what is too large to be it, and what the disk has no room for."""
        if size is None:
            return
        if size > self.source.largest_bytes:
            forget(self.part)
            limit = self.source.largest_bytes // MEGABYTE
            msg = f"{self.host} sends more than the {limit} MB that it can be"
            raise RefusedError(msg)
        room = shutil.disk_usage(self.path.parent).free
        if size - already > room:
            msg = (
                f"The disk is full: {self.path.parent} has room for {room // MEGABYTE} MB, and the "
                f"rest of it is {(size - already) // MEGABYTE} MB. Free some space and try again."
            )
            raise DiskFullError(msg)

    def _accept(self) -> None:
        """Put the part in the file’s place, if it is what it should be."""
        if fault := fault_in(self.part, self.source.kind):
            forget(self.part)
            msg = f"What {self.host} sends is not {self.source.kind.described}: {fault}"
            raise RefusedError(msg)
        origin = Origin.read_beside(self.part, is_growing=True)
        self.part.replace(self.path)
        if origin:
            origin.write_beside(self.path)
        forget(self.part)
