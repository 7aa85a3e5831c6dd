"""The rows of a postcode directory, as text that COPY takes into the table."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeAlias

from geo.bounds import UK_BOX
from geo.grid_references import points_of_grid
from webapp.places.area_codes import nation_of
from webapp.places.imports.csv_rows import CsvRows
from webapp.places.imports.postcode_cells import (
    CROWN_DEPENDENCIES,
    NULL,
    Cells,
    Postcodes,
    RowError,
    area_codes,
    countries,
    months,
    quoted,
    ranks,
    words,
)
from webapp.places.imports.postcode_columns import Columns
from webapp.places.imports.refusals import Refusal, Refusals
from webapp.places.imports.source_files import SourceFile

COLUMNS = (
    "code", "quality", "introduced", "terminated", "authority_code", "region_code", "nation",
    "deprivation_rank", "rural_urban", "point",
)  # fmt: skip
AT_A_TIME = 300  # rows that fit into a processor’s cache: twice as fast as 4,000
NORTHERN_IRELAND = "BT"
NOWHERE = 99.0  # latitudes from here on say that there is no location: 99.999999
# A point as PostGIS reads it in hexadecimal: little-endian, with its reference system.
EWKB = struct.Struct("<BIIdd")
POINT_WITH_SRID, WGS84 = 0x20000001, 4326

Position: TypeAlias = tuple[float, float]


# A row whose cells are right: its line, all its cells, its text for COPY up to the point, where it
# is as the file says it, and whether it is in use. No class, because there are millions of them.
Taken: TypeAlias = tuple[int, list[str], str, Position | None, bool]


@dataclass
class Counts:
    """How many rows there were of each sort."""

    read: int = 0
    live: int = 0
    terminated: int = 0
    without_location: int = 0
    on_irish_grid: int = 0
    left_out: int = 0

    def add(self, *, is_live: bool, is_located: bool) -> None:
        """Count a postcode that is taken."""
        self.live += is_live
        self.terminated += not is_live
        self.without_location += not is_located

    @property
    def loaded(self) -> int:
        """How many postcodes there are to be."""
        return self.live + self.terminated


@dataclass
class PostcodeRows:
    """Reads the files of one release: counts them, and refuses what is wrong with its line.

    `regions` are those of authorities, for a file that has no column of regions.
    """

    refusals: Refusals
    qualities: Cells
    regions: dict[str, str] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    postcodes: Postcodes = field(default_factory=Postcodes)

    def __post_init__(self) -> None:
        self._introduced, self._terminated = months("introduction"), months("termination")
        self._authorities, self._regions = area_codes("a local authority"), area_codes("a region")
        self._countries, self._ranks = countries(), ranks()
        self._rural = words("rural or urban class")

    def copied(self, file: SourceFile, columns: Columns, rows: CsvRows) -> Iterator[str]:
        """Yield some thousand rows of a file at a time, as text for COPY; raises SourceFileError."""
        batch: list[Taken] = []
        name, refused = file.name, 0
        pick, width = itemgetter(*columns.places), columns.width
        for cells in rows:
            if not cells:
                continue
            self.counts.read += 1
            try:
                if len(cells) != width:
                    raise RowError(f"has {len(cells)} cells and not {width}")
                taken = self._taken(pick([*cells, ""]), is_metric=columns.is_metric)
            except RowError as fault:
                refused = rows.line
                self._refuse(name, refused, str(fault), cells)
                continue
            if taken:
                batch.append((rows.line, cells, *taken))
            if len(batch) >= AT_A_TIME:
                yield self._located(name, batch, is_metric=columns.is_metric)
                batch.clear()
        if refused == rows.line and rows.ends_mid_line:
            raise file.error("the file breaks off in the middle of it", refused)
        yield self._located(name, batch, is_metric=columns.is_metric)

    def _taken(
        self, picked: Sequence[str], *, is_metric: bool
    ) -> tuple[str, Position | None, bool] | None:
        """Return what a row says, None for one outside the UK; raises RowError."""
        (cell, introduced, terminated, authority, region, country, quality, rank, rural,
         east, north) = picked  # fmt: skip
        authority, nation = self._authorities[authority], self._countries[country]
        region = self.regions.get(authority, NULL) if self.regions else self._regions[region]
        introduced, terminated = self._introduced[introduced], self._terminated[terminated]
        quality, rank, rural = self.qualities[quality], self._ranks[rank], self._rural[rural]
        position = _position(east, north, is_metric=is_metric)
        # Last, because a row that is refused does not stand in the way of a right one.
        code = self.postcodes.take(cell)
        if not nation or code.startswith(CROWN_DEPENDENCIES):
            self.counts.left_out += 1
            return None
        if is_metric and position and code.startswith(NORTHERN_IRELAND):
            self.counts.on_irish_grid += 1
            position = None
        quality = quality if position else NULL
        nation = (nation_of(authority) or NULL) if nation == NULL else nation
        text = (
            f"{code}\t{quality}\t{introduced}\t{terminated}\t{authority}\t{region}\t{nation}\t"
            f"{rank}\t{rural}\t"
        )
        return text, position, terminated == NULL

    def _located(self, name: str, batch: Sequence[Taken], *, is_metric: bool) -> str:
        """Return rows as text with their points; those outside the United Kingdom are refused."""
        positions = [position for *_, position, _ in batch if position]
        if is_metric and positions:
            positions = points_of_grid(*zip(*positions, strict=True))
        points = iter(positions)
        texts = []
        for line, cells, text, position, is_live in batch:
            point = NULL
            if position:
                x, y = next(points)
                if not (UK_BOX.west <= x <= UK_BOX.east and UK_BOX.south <= y <= UK_BOX.north):
                    self._refuse(name, line, f"{_shown(position)} is outside the UK", cells)
                    continue
                point = EWKB.pack(1, POINT_WITH_SRID, WGS84, x, y).hex()
            texts.append(f"{text}{point}\n")
            self.counts.add(is_live=is_live, is_located=position is not None)
        return "".join(texts)

    def _refuse(self, name: str, line: int, reason: str, cells: Sequence[str]) -> None:
        self.refusals.add(Refusal(name, line, reason), cells)


def _position(east: str, north: str, *, is_metric: bool) -> Position | None:
    """Return what a row says of where it is, None where it says nowhere; raises RowError."""
    try:
        x, y = float(east), float(north)
    except ValueError:
        if east.strip() or north.strip():
            raise RowError(f"{quoted(north)}, {quoted(east)} is no location") from None
        return None
    is_nowhere = (x == 0 and y == 0) if is_metric else y >= NOWHERE
    return None if is_nowhere else (x, y)


def _shown(position: Position) -> str:
    """Return a position as people write it, with what goes north first."""
    return f"{position[1]:.9g}, {position[0]:.9g}"
