"""Fill the new tables of postcodes and of their parts from the files of a release."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from webapp.places.imports import code_point
from webapp.places.imports.postcode_cells import ONS_QUALITIES, qualities
from webapp.places.imports.postcode_files import PostcodeFile
from webapp.places.imports.postcode_parts import fill_parts
from webapp.places.imports.postcode_rows import COLUMNS, NORTHERN_IRELAND, PostcodeRows
from webapp.places.imports.postcodes_report import PostcodesReport
from webapp.places.imports.refusals import Refusals
from webapp.places.imports.replacing import Replacement
from webapp.places.imports.source_files import SourceFileError
from webapp.progress import Advance, progress_bar
from webapp.schema import IMPORTED

TABLES = POSTCODES, PARTS = "postcode", "postcode_part"
MOST_REFUSED = 0.1  # of the rows: with more than that, it is not the file that it should be
IRISH = f"code LIKE '{NORTHERN_IRELAND}%'"


class PostcodesFilling:
    """Writes what will be, and tells what it met."""

    def __init__(
        self, connection: Connection, files: Sequence[PostcodeFile], refusals: Refusals
    ) -> None:
        self._connection = connection
        self._files = files
        self._refusals = refusals
        self._is_code_point = files[0].is_code_point
        steps = code_point.QUALITIES if self._is_code_point else ONS_QUALITIES
        self._rows = PostcodeRows(refusals, qualities(steps))
        names = [file.source.name for file in files]
        self.report = PostcodesReport(names, self._rows.counts, refusals)

    def fill(self, new: Replacement) -> None:
        """Fill both tables to the last index; raises SourceFileError where too much is wrong."""
        self.report.before = self._number(f"SELECT count(*) FROM {POSTCODES}")  # noqa: S608 -- of names of our own
        if self._is_code_point:
            self._rows.regions = self._regions_of_authorities()
        size = sum(file.source.size for file in self._files)
        with progress_bar("Postcodes", size, in_bytes=True) as advance:
            new.copy(POSTCODES, COLUMNS, self._pieces(advance))
        self._check()
        self._tell_what_is_missing()
        if self._is_code_point:
            self._keep_northern_ireland(new)
        self._finish(new)

    def _pieces(self, advance: Advance) -> Iterator[str]:
        for file in self._files:
            yield from self._rows.copied(file.source, file.columns, file.rows(advance))

    def _check(self) -> None:
        """Refuse the whole release where too many of its rows are refused, or none is left."""
        counts, refused = self._rows.counts, self._refusals.count
        if refused and refused >= MOST_REFUSED * counts.read:
            first = self._refusals.first[0]
            msg = (
                f"{first}. With {refused:,} of {counts.read:,} rows refused, nothing was imported. "
                f"{self._refusals.where()}"
            )
            raise SourceFileError(msg)
        if not counts.loaded:
            raise self._files[0].source.error("holds no postcode of the United Kingdom")

    def _tell_what_is_missing(self) -> None:
        if self._is_code_point:
            return
        told = [news for file in self._files for news in file.columns.news]
        if irish := self._rows.counts.on_irish_grid:
            number = f"{irish:,} postcode is" if irish == 1 else f"{irish:,} postcodes are"
            told.append(
                f"{number} left without location, because eastings and northings of Northern "
                "Ireland are on a grid of its own."
            )
        self.report.news += dict.fromkeys(told)

    def _finish(self, new: Replacement) -> None:
        """Make the indexes, and the parts area by area."""
        areas = self._rows.postcodes.areas + [NORTHERN_IRELAND] * bool(self.report.kept)
        with progress_bar("Outward codes and indexes", len(areas) + 1) as advance:
            new.index(POSTCODES)
            advance(1)
            for area in areas:
                new.check()
                fill_parts(self._connection, area)
                advance(1)
            new.index(PARTS)
        self.report.parts = self._number(f"SELECT count(*) FROM {PARTS}{IMPORTED}")  # noqa: S608 -- of names of our own

    def _regions_of_authorities(self) -> dict[str, str]:
        with self._connection.begin():
            rows = self._connection.execute(
                text("SELECT code, region_code FROM area WHERE region_code <> ''")
            )
            return dict(tuple(row) for row in rows)

    def _keep_northern_ireland(self, new: Replacement) -> None:
        """Keep what Code-Point Open cannot replace, and say what is lost."""
        report = self.report
        report.kept = self._number(f"SELECT count(*) FROM {POSTCODES} WHERE {IRISH}")  # noqa: S608 -- of names of our own
        retired = self._number(
            f"SELECT count(*) FROM {POSTCODES} WHERE terminated IS NOT NULL AND NOT {IRISH}"  # noqa: S608 -- of names of our own
        )
        columns = ", ".join(COLUMNS)
        new.run(
            f"INSERT INTO {POSTCODES}{IMPORTED} ({columns}) SELECT {columns} FROM {POSTCODES} WHERE {IRISH}"  # noqa: S608 -- of names of our own
        )
        report.news += code_point.news(report.kept, retired, has_regions=bool(self._rows.regions))

    def _number(self, query: str) -> int:
        with self._connection.begin():
            number: Any = self._connection.execute(text(query)).scalar()
            return int(number)
