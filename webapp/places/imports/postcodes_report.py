"""What an import of postcodes tells at its end."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.places.imports.postcode_rows import Counts
from webapp.places.imports.refusals import Refusals

WIDTH = 90
FEW = 0.8  # of the rows there were before


@dataclass
class PostcodesReport:
    """What was read, what is loaded, and what the files did not know."""

    files: Sequence[str]
    counts: Counts
    refusals: Refusals
    before: int = 0
    kept: int = 0
    parts: int = 0
    seconds: float = 0.0
    news: list[str] = field(default_factory=list)

    @property
    def loaded(self) -> int:
        """How many postcodes there are now."""
        return self.counts.loaded + self.kept

    def __str__(self) -> str:
        """Return the whole report, in lines that fit a terminal."""
        counts = self.counts
        rows = [
            (counts.read, "rows read"),
            (counts.live, "live"),
            (counts.terminated, "terminated"),
            (counts.without_location, "of them without location"),
            (counts.left_out, "in the Channel Islands and the Isle of Man, left out"),
            (self.refusals.count, "refused"),
        ]
        wide = len(f"{counts.read:,}")
        lines = [f"{self._title()}:", *(f"  {number:>{wide},} {what}" for number, what in rows)]
        lines += [f"    {each}" for each in self.refusals.first]
        lines += [self.refusals.where()] if self.refusals.count else []
        lines += [*self.news, *self._warnings(), self._result()]
        return "\n".join(folded for line in lines for folded in _folded(line))

    def _title(self) -> str:
        more = f" and {len(self.files) - 1:,} more files" if len(self.files) > 1 else ""
        return f"{self.files[0]}{more}"

    def _warnings(self) -> list[str]:
        if self.loaded >= FEW * self.before:
            return []
        warning = (
            f"Warning: there were {self.before:,} postcodes before this import, and now there are "
            f"{self.loaded:,}. If this file was not the whole country, import one that is."
        )
        return [warning]

    def _result(self) -> str:
        return (
            f"Loaded {self.loaded:,} postcodes and {self.parts:,} outward codes and sectors in "
            f"{self.seconds:.1f} seconds."
        )


def _folded(line: str) -> list[str]:
    indent = len(line) - len(line.lstrip())
    return textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
