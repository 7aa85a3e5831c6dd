"""Figures about local authorities, from CSV files: how many people, and how deprived."""

import re
from dataclasses import dataclass, field
from typing import TypeVar

from webapp.places.area_codes import REPLACED, current_code
from webapp.places.imports.area_features import CODE, Refuse, kind_of
from webapp.places.imports.area_names import normalised, region_code
from webapp.places.imports.area_tables import Subject, Table, TableRow
from webapp.places.models import AreaKind

# Glasgow’s codes followed each other; wherever else a new code has several old ones, it is because
# their areas were merged.
IN_TURN = {"S12000043", "S12000046"}

PEOPLE = re.compile(r"(\d{1,3}(,\d{3})+|\d{1,9})(\.0+)?")
SCORE = re.compile(r"-?\d{1,6}(\.\d{1,20})?")
DECILE = re.compile(r"([1-9]|10)(\.0)?")


Value = TypeVar("Value", int, "Deprivation")


class _RefusedRowError(Exception):
    """A row cannot be used; says why."""


@dataclass(frozen=True)
class Deprivation:
    """How deprived an authority is: a score over all four nations, and a tenth."""

    score: float
    decile: int | None


@dataclass
class Figures:
    """What was read. Population is by the codes of the file until `merged_population` adds it up.

    Deprivation is by code, or by the name that the file gives where it has no official code.
    """

    population: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    deprivation: dict[str, Deprivation] = field(default_factory=dict)
    deprivation_by_name: dict[str, Deprivation] = field(default_factory=dict)
    other_rows: int = 0

    @property
    def are_any(self) -> bool:
        """Whether any figure was read."""
        return bool(self.population or self.deprivation or self.deprivation_by_name)

    def read(self, table: Table, refuse: Refuse) -> int:
        """Add what a table tells and return its number of rows; `refuse` hears of unusable ones."""
        number = 0
        for row in table.rows:
            number += 1
            try:
                self._add(table.subject, row)
            except _RefusedRowError as error:
                refuse(row.line, str(error), row.cells)
        return number

    def _add(self, subject: Subject, row: TableRow) -> None:
        code = row["code"] if CODE.fullmatch(row["code"]) else ""
        if code and kind_of(code) is not AreaKind.AUTHORITY:
            self.other_rows += 1
        elif subject is Subject.POPULATION:
            self._add_population(code, row)
        else:
            self._add_deprivation(code, row)

    def _add_population(self, code: str, row: TableRow) -> None:
        if not code:
            raise _RefusedRowError(f"“{row['code']}” is not the code of an area")
        if not PEOPLE.fullmatch(row["population"]):
            raise _RefusedRowError(f"“{row['population']}” is no number of people")
        _set_once(self.population, code, int(float(row["population"].replace(",", ""))))
        current = current_code(code) or code
        self.names.setdefault(current, row["name"])
        if region := region_code(row["region"]):
            self.regions[current] = region

    def _add_deprivation(self, code: str, row: TableRow) -> None:
        if not SCORE.fullmatch(row["score"]):
            raise _RefusedRowError(f"“{row['score']}” is no deprivation score")
        if row["decile"] and not DECILE.fullmatch(row["decile"]):
            raise _RefusedRowError(f"“{row['decile']}” is no tenth from 1 to 10")
        decile = int(float(row["decile"])) if row["decile"] else None
        found = Deprivation(float(row["score"]), decile)
        if code:
            new = current_code(code) or code
            if new != code and len(merged_into(new)) > 1:
                raise _RefusedRowError(f"{code} is only a part of today’s {new}")
            _set_once(self.deprivation, new, found)
        elif normalised(row["name"]):
            _set_once(self.deprivation_by_name, row["name"], found)
        else:
            raise _RefusedRowError("it names no area")


@dataclass(frozen=True)
class MergedPopulation:
    """People by the codes of today, and of which codes too few parts were given to add them up."""

    people: dict[str, int]
    from_older: dict[str, list[str]]
    incomplete: list[str]


def merged_population(given: dict[str, int]) -> MergedPopulation:
    """Return the population by codes of today; what was merged since is added up."""
    parts: dict[str, dict[str, int]] = {}
    for code, people in given.items():
        parts.setdefault(current_code(code) or code, {})[code] = people
    merged = MergedPopulation({}, {}, [])
    for new, olds in parts.items():
        if new in olds:
            merged.people[new] = olds[new]
        elif merged_into(new) - olds.keys():
            merged.incomplete.append(new)
        else:
            merged.people[new] = (
                max(olds.values()) if olds.keys() <= IN_TURN else sum(olds.values())
            )
            merged.from_older[new] = sorted(olds)
    return merged


def merged_into(code: str) -> set[str]:
    """Return the older codes whose areas together are that of a new one."""
    return set(REPLACED.get(code, ())) - IN_TURN


def _set_once(target: dict[str, Value], key: str, value: Value) -> None:
    if target.setdefault(key, value) != value:
        raise _RefusedRowError(f"{key} came before, with another figure")
