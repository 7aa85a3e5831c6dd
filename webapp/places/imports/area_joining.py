"""Join figures to local authorities: by the codes of today, or by name where there are no codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.places.area_codes import current_code
from webapp.places.imports.area_figures import (
    Deprivation,
    Figures,
    merged_into,
    merged_population,
)
from webapp.places.imports.area_names import EXCEPTIONS, is_larger_area, normalised
from webapp.places.imports.area_staging import AreaRow
from webapp.places.imports.areas_report import AreasReport, Joined


@dataclass(frozen=True)
class Kept:
    """What is known from earlier imports, by codes of today."""

    population: dict[str, int]
    deprivation: dict[str, Deprivation]
    regions: dict[str, str]


def kept_from(old: Sequence[AreaRow]) -> Kept:
    """Return what the areas of now know; figures of what was merged since are added up."""
    people = {row["code"]: row["population"] for row in old if row["population"] is not None}
    deprivation, regions = {}, {}
    for row in old:
        code = current_code(row["code"]) or row["code"]
        if row["region_code"]:
            regions[code] = row["region_code"]
        is_whole = code == row["code"] or len(merged_into(code)) <= 1
        if row["deprivation_score"] is not None and is_whole:
            deprivation[code] = Deprivation(row["deprivation_score"], row["deprivation_decile"])
    return Kept(merged_population(people).people, deprivation, regions)


def joined_figures(
    authorities: Sequence[AreaRow], figures: Figures, kept: Kept, report: AreasReport
) -> list[dict[str, object]]:
    """Return population and deprivation of every authority, and report what did not join.

    What the files do not tell anew is kept from earlier imports.
    """
    names = {row["code"]: row["name"] for row in authorities}
    people = _population(names, figures, kept, report)
    deprivation = _deprivation(names, figures, kept, report)
    return [
        {
            "code": code,
            "population": people.get(code),
            "deprivation_score": deprivation[code].score if code in deprivation else None,
            "deprivation_decile": deprivation[code].decile if code in deprivation else None,
        }
        for code in names
    ]


def _population(
    names: dict[str, str], figures: Figures, kept: Kept, report: AreasReport
) -> dict[str, int]:
    merged = merged_population(figures.population)
    if figures.population:
        left_over = [
            _called(figures.names.get(code, ""), code)
            for code in sorted(merged.people.keys() - names)
        ]
        left_over += [f"{code}, of which only parts are in the file" for code in merged.incomplete]
        report.population = _joined(names, merged.people, kept.population, left_over)
        report.population.other_rows = figures.other_rows
    for new, olds in sorted(merged.from_older.items()):
        report.replaced_rows.append(f"{' + '.join(olds)} → {_called(names.get(new, ''), new)}")
    return kept.population | merged.people


def _deprivation(
    names: dict[str, str], figures: Figures, kept: Kept, report: AreasReport
) -> dict[str, Deprivation]:
    found, left_over = dict(figures.deprivation), sorted(figures.deprivation.keys() - names)
    codes = _codes_by_name(names)
    for name, deprivation in figures.deprivation_by_name.items():
        key = normalised(name)
        code = codes.get(key) or EXCEPTIONS.get(key)
        if code in names and code not in found:
            found[code] = deprivation
        elif is_larger_area(name):
            report.larger_areas += 1
        else:
            left_over.append(name)
    if found or left_over:
        report.deprivation = _joined(names, found, kept.deprivation, left_over)
    return kept.deprivation | found


def _codes_by_name(names: dict[str, str]) -> dict[str, str]:
    """Map normalised names to codes; a name that two authorities share is left out."""
    codes: dict[str, list[str]] = {}
    for code, name in names.items():
        codes.setdefault(normalised(name), []).append(code)
    return {name: found[0] for name, found in codes.items() if len(found) == 1}


def _joined(
    names: dict[str, str],
    found: Mapping[str, object],
    kept: Mapping[str, object],
    left_over: list[str],
) -> Joined:
    missing = [code for code in names if code not in found]
    return Joined(
        joined=len(names) - len(missing),
        kept=[_called(names[code], code) for code in missing if code in kept],
        without=[_called(names[code], code) for code in missing if code not in kept],
        left_over=left_over,
    )


def _called(name: str, code: str) -> str:
    return f"{name} ({code})" if name else code
