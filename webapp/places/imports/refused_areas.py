"""Write down what an import of areas refused, beside the file that it stood in."""

import csv
from collections.abc import Iterable
from pathlib import Path

from webapp.places.imports.area_files import REFUSED
from webapp.places.imports.areas_report import FileRead


def write_refused(files: Iterable[FileRead]) -> list[str]:
    """Write a file for each that has refusals, and return a sentence about each.

    Where the folder may not be written to, it goes into the current one.
    """
    return [_written(file) for file in files if file.refused]


def _written(file: FileRead) -> str:
    beside = file.path.with_name(f"{file.path.name}{REFUSED}")
    for path in (beside, Path(beside.name)):
        try:
            _write(path, file)
        except OSError:
            continue
        return f"What was refused of {file.path.name} is in {path}."
    return f"What was refused of {file.path.name} could not be written to {beside}."


def _write(path: Path, file: FileRead) -> None:
    with path.open("w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written)
        writer.writerow([file.unit, "reason", "content"])
        writer.writerows([number, why, *cells] for number, why, cells in file.refused)
