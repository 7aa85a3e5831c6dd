"""Which files of a release hold the postcodes: a release is a zip file, a folder or a single file."""

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from webapp.places.imports.archives import files_in_zip
from webapp.places.imports.refusals import SUFFIX
from webapp.places.imports.source_files import (
    ZIP,
    SourceFile,
    SourceFileError,
    file_on_disk,
)

# The first that fits counts: a release has the same rows in one file and again in one per area.
LAYOUTS = (
    re.compile(r"(.*/)?Data/[^/]*_UK\.csv", re.IGNORECASE),
    re.compile(r"(.*/)?Data/multi_csv/[^/]*\.csv", re.IGNORECASE),
    re.compile(r"(.*/)?Data/CSV/[^/]*\.csv", re.IGNORECASE),
)
DESCRIBED = "Data/…_UK.csv, Data/multi_csv/….csv or, of Code-Point Open, Data/CSV/….csv"
DEEPEST = 3  # folders below the one that was named


def files_of_release(path: Path) -> list[SourceFile]:
    """Return the files to read, in the order of their names; raises SourceFileError."""
    if path.is_dir():
        # With the folder’s own path, because somebody may name the folder Data itself.
        on_disk = {each.as_posix(): each for each in _files_below(path.resolve())}
        return [file_on_disk(on_disk[name]) for name in _chosen(path, list(on_disk))]
    if _is_zip(path):
        in_zip = files_in_zip(path)
        return [in_zip[name] for name in _chosen(path, list(in_zip))]
    return [file_on_disk(path)]


def _is_zip(path: Path) -> bool:
    """Tell whether it is a zip file, or the beginning of one."""
    try:
        with path.open("rb") as file:
            return file.read(len(ZIP)) == ZIP or zipfile.is_zipfile(file)
    except OSError:
        return False  # which is told when it is read


def _files_below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        here = Path(root)
        if len(here.relative_to(folder).parts) >= DEEPEST:
            folders.clear()
        yield from (here / name for name in names if not name.startswith("."))


def _chosen(path: Path, names: list[str]) -> list[str]:
    tables = sorted(name for name in names if not name.casefold().endswith(SUFFIX))
    for layout in LAYOUTS:
        if found := [name for name in tables if layout.fullmatch(name)]:
            return _one_release(path, found)
    tables = [name for name in tables if name.casefold().endswith((".csv", ".csv.gz"))]
    if len(tables) == 1:
        return tables
    raise SourceFileError(f"{path.name or path} {_fault(tables, names)}.")


def _one_release(path: Path, found: list[str]) -> list[str]:
    """Return the files of one layout, if they are of one release."""
    folders = {name.rpartition("/")[0] for name in found}
    is_whole_country = LAYOUTS[0].fullmatch(found[0])
    if len(folders) > 1 or (is_whole_country and len(found) > 1):
        several = " and ".join(found[:2]) if is_whole_country else " and ".join(sorted(folders)[:2])
        msg = f"{path.name or path} holds more than one release: name one of {several}."
        raise SourceFileError(msg)
    return found


def _fault(tables: list[str], names: list[str]) -> str:
    if tables:
        return (
            f"holds {len(tables)} CSV files, and none of them is {DESCRIBED}: name the one to read"
        )
    zips = [name for name in names if name.casefold().endswith(".zip")]
    if zips:
        return f"holds {zips[0]}, a zip file itself: unpack it and import what is in it"
    return "holds no CSV file" if names else "is empty"
