"""Rows that an import refused, written beside the file that they stood in."""

import csv
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

SUFFIX = ".refused.csv"
MOST_SHOWN = 5  # all of them are in the file


@dataclass(frozen=True)
class Refusal:
    """One row that was not taken, and why: a reason that ends a sentence."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class Refusals:
    """Counts refused rows, keeps the first few and writes all of them to a file.

    The file appears with the first of them; an older one of that name is removed at the start,
    because it would tell of another import. Where its folder may not be written to, it goes into
    the current one.
    """

    def __init__(self, source: Path) -> None:
        beside = source.resolve()
        self._paths = [beside.with_name(beside.name + SUFFIX), Path(beside.name + SUFFIX)]
        self._open = ExitStack()
        self._writer: Any = None
        self.path: Path | None = None
        self.count = 0
        self.first: list[Refusal] = []

    def __enter__(self) -> Self:
        # Whatever is in the way shows when there is something to write.
        with suppress(OSError):
            self._paths[0].unlink(missing_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def add(self, refusal: Refusal, cells: Sequence[str]) -> None:
        """Refuse one row."""
        if not self.count:
            self._start()
        self.count += 1
        if len(self.first) < MOST_SHOWN:
            self.first.append(refusal)
        if self._writer:
            self._writer.writerow([refusal.file, refusal.line, refusal.reason, *cells])

    def where(self) -> str:
        """Return the sentence that says where they all are; empty where there are none."""
        if not self.count:
            return ""
        if self.path is None:
            return f"The refused rows could not be written to {self._paths[0]}."
        return f"The refused rows are in {self.path}."

    def _start(self) -> None:
        for path in self._paths:
            try:
                file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
            except OSError:
                continue
            self._open.enter_context(file)
            self._writer = csv.writer(file)
            self._writer.writerow(["file", "line", "reason", "content"])
            self.path = path
            return
