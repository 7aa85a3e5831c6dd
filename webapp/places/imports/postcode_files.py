"""The files of a release, each recognised by its first row."""

from dataclasses import dataclass
from pathlib import Path

from webapp.places.imports import code_point
from webapp.places.imports.csv_rows import CsvRows
from webapp.places.imports.postcode_columns import Columns, columns_in
from webapp.places.imports.releases import files_of_release
from webapp.places.imports.source_files import SourceFile, SourceFileError
from webapp.progress import Advance


@dataclass(frozen=True)
class PostcodeFile:
    """A file of postcodes and what its columns are."""

    source: SourceFile
    columns: Columns
    is_code_point: bool

    def rows(self, advance: Advance) -> CsvRows:
        """Return its rows without the header; `advance` hears of the bytes."""
        rows = CsvRows(self.source, advance)
        if not self.is_code_point:
            next(cells for cells in rows if cells)
        return rows


def postcode_files(path: Path) -> list[PostcodeFile]:
    """Return the files that hold a release’s postcodes; raises SourceFileError."""
    files = [_recognised(source) for source in files_of_release(path)]
    if len({file.is_code_point for file in files}) > 1:
        msg = f"{path.name} holds files of Code-Point Open and of a directory: name one of them."
        raise SourceFileError(msg)
    return files


def _recognised(source: SourceFile) -> PostcodeFile:
    rows = CsvRows(source, lambda _bytes: None)
    first = next((cells for cells in rows if cells), None)
    if first is None:
        fault = "is empty"
        raise source.error(fault)
    if code_point.is_code_point(first):
        return PostcodeFile(source, code_point.COLUMNS, is_code_point=True)
    try:
        return PostcodeFile(source, columns_in(first), is_code_point=False)
    except ValueError as error:
        raise source.error(str(error), rows.line) from None
