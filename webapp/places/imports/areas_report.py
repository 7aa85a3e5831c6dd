"""What an import of areas tells at its end."""

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from webapp.places.imports.area_staging import Swapped
from webapp.places.imports.area_tables import Subject
from webapp.places.models import AreaKind, Nation

WIDTH = 90
LONGEST_LIST = 12
MOST_SHOWN = 5  # refusals of one file; all are in the file beside it
COUNTED = {
    AreaKind.NATION.value: ("nation", "nations"),
    AreaKind.REGION.value: ("region", "regions"),
    AreaKind.AUTHORITY.value: ("local authority", "local authorities"),
    Subject.POPULATION.value: ("row of population", "rows of population"),
    Subject.DEPRIVATION.value: ("row of deprivation", "rows of deprivation"),
}

# A line or feature, why it was refused, and what stands there.
RefusedRow: TypeAlias = tuple[int, str, list[str]]


@dataclass
class Joined:
    """How a figure met the authorities: for how many it was new, and what was left on both sides.

    `kept` authorities have an earlier import’s figure, because the files have none for them.
    """

    joined: int = 0
    kept: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    other_rows: int = 0


@dataclass(frozen=True)
class FileRead:
    """One file: how much of what it held, and what was refused; `unit` is what its numbers count."""

    path: Path
    unit: str
    counts: Mapping[str, int]
    refused: list[RefusedRow]

    def __str__(self) -> str:
        """Return what was read in one line, and the first refusals in one each."""
        counts = ", ".join(_count(number, *COUNTED[what]) for what, number in self.counts.items())
        refused = f"; {len(self.refused)} refused" if self.refused else ""
        lines = [f"{self.path.name}: {counts}{refused}."]
        lines += [f"  {self.unit} {number}: {why}" for number, why, _ in self.refused[:MOST_SHOWN]]
        return "\n".join(lines)


@dataclass
class AreasReport:
    """What was read, what was done to it, and what the areas are now."""

    files: list[FileRead] = field(default_factory=list)
    not_used: list[str] = field(default_factory=list)
    turned: int = 0
    repaired: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    replaced_rows: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    larger_areas: int = 0
    population: Joined | None = None
    deprivation: Joined | None = None
    england_is_made: bool = False
    without_region: list[str] = field(default_factory=list)
    kinds: Counter[AreaKind] = field(default_factory=Counter)
    people: int = 0
    swapped: Swapped = field(default_factory=lambda: Swapped(0, 0, 0, 0))

    def __str__(self) -> str:
        """Return the whole report, in lines that fit a terminal."""
        lines = ["Files:", *(f"  {line}" for each in self.files for line in str(each).splitlines())]
        lines += [f"  Not used: {each}" for each in self.not_used]
        for title, told in (
            ("Shapes:", self._shapes()),
            ("Population:", self._population()),
            ("Deprivation:", self._deprivation()),
            (self._kinds(), self._areas()),
        ):
            lines += [title, *(f"  {line}" for line in told)] if told else []
        return "\n".join(folded for line in lines for folded in _folded(line))

    def describe(self, rows: Sequence[Mapping[str, Any]], made_of: Mapping[str, list[str]]) -> None:
        """Take in what the areas will be, and of which older codes some were made."""
        names = {row["code"]: row["name"] for row in rows}
        self.replaced = [
            f"{' + '.join(olds)} → {code} ({names[code]})" for code, olds in made_of.items()
        ]
        self.kinds = Counter(AreaKind(row["kind"]) for row in rows)
        authorities = [row for row in rows if row["kind"] == AreaKind.AUTHORITY]
        self.people = sum(row["population"] or 0 for row in authorities)
        self.without_region = [
            row["name"]
            for row in authorities
            if row["nation"] == Nation.ENGLAND and row["region_code"] is None
        ]

    def _shapes(self) -> list[str]:
        lines = []
        if self.turned:
            lines.append(f"{_count(self.turned, 'shape')} wound the other way round, and turned.")
        lines += _told("Repaired", self.repaired)
        lines += _told("Codes replaced by newer ones", self.replaced)
        lines += _told("Left out, because parts of them are missing", self.incomplete)
        if self.england_is_made:
            lines.append("England’s shape is made of its nine regions.")
        return lines + _told("Authorities in no region", self.without_region)

    def _population(self) -> list[str]:
        if self.population is None:
            return []
        lines = _joined(self.population)
        lines += _told("Codes replaced by newer ones", self.replaced_rows)
        if self.population.other_rows:
            lines.append(f"{_count(self.population.other_rows, 'row')} about other areas left out.")
        return lines

    def _deprivation(self) -> list[str]:
        if self.deprivation is None:
            return []
        lines = _joined(self.deprivation)
        if self.larger_areas:
            what = _count(self.larger_areas, "row")
            lines.append(f"{what} about counties and combined authorities left out.")
        return lines

    def _kinds(self) -> str:
        kinds = ", ".join(
            _count(self.kinds[kind], *COUNTED[kind]) for kind in AreaKind if self.kinds[kind]
        )
        return f"Areas: {kinds}."

    def _areas(self) -> list[str]:
        done = self.swapped
        lines = []
        if self.people:
            lines.append(
                f"{self.people:,} people; those of regions and nations are the sums of their "
                "authorities."
            )
        if not (done.new or done.changed or done.removed):
            return [*lines, "Nothing has changed."]
        lines.append(
            f"{done.new:,} new, {done.changed:,} changed, {done.unchanged:,} as before, "
            f"{done.removed:,} removed."
        )
        return lines


def _joined(joined: Joined) -> list[str]:
    lines = [f"Joined to {_count(joined.joined, *COUNTED[AreaKind.AUTHORITY])}."]
    lines += _told("Kept from an earlier import", joined.kept)
    lines += _told("Authorities without it", joined.without)
    return lines + _told("In the file, but no area of ours", joined.left_over)


def _told(title: str, names: Sequence[str]) -> list[str]:
    """Return the line that lists some names, or none where there are none."""
    if not names:
        return []
    shown = "; ".join(names[:LONGEST_LIST])
    more = f"; and {len(names) - LONGEST_LIST} more" if len(names) > LONGEST_LIST else ""
    return [f"{title} ({len(names)}): {shown}{more}."]


def _folded(line: str) -> list[str]:
    indent = len(line) - len(line.lstrip())
    return textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _count(number: int, singular: str, plural: str = "") -> str:
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
