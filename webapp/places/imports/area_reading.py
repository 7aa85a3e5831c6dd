"""Read the files of one import of areas, in any order: shapes beside the old areas, figures apart."""

from collections import Counter
from pathlib import Path

from webapp.places.imports.area_features import AreaFeature, area_features
from webapp.places.imports.area_figures import Figures
from webapp.places.imports.area_files import Content, content_of
from webapp.places.imports.area_staging import AreaStaging
from webapp.places.imports.area_tables import open_table
from webapp.places.imports.areas_report import AreasReport, FileRead, RefusedRow
from webapp.places.imports.geojson_features import Advance, OtherKindError
from webapp.places.imports.source_files import SourceFileError
from webapp.places.models import AreaKind, Nation


class AreaReading:
    """What the files have told so far.

    `seen` maps each code of today to the codes that files have for it, and each of these to its
    file; `given` tells of which kind and nation there were any shapes.
    """

    def __init__(self, staging: AreaStaging, report: AreasReport, advance: Advance) -> None:
        self.figures = Figures()
        self.seen: dict[str, dict[str, str]] = {}
        self.given: set[tuple[AreaKind, Nation]] = set()
        self._staging, self._report, self._advance = staging, report, advance

    def read(self, path: Path, *, is_named: bool) -> None:
        """Read one file; one of another kind is left out where it only lay in a folder."""
        try:
            if content_of(path) is Content.BOUNDARIES:
                self._read_boundaries(path)
            else:
                self._read_table(path)
        except OtherKindError as error:
            if is_named:
                raise
            self._report.not_used.append(str(error))

    def _read_boundaries(self, path: Path) -> None:
        refused: list[RefusedRow] = []
        kinds: Counter[str] = Counter()
        for area in area_features(path, self._advance, lambda *row: refused.append(row)):
            earlier = self.seen.setdefault(area.code, {})
            # Counted even so: a file that only repeats another is no broken one.
            kinds[area.kind.value] += area.original_code not in earlier
            if area.original_code in earlier:
                why = f"{area.original_code} came before, in {earlier[area.original_code]}"
                refused.append((area.number, why, [area.original_code, area.name]))
                continue
            earlier[area.original_code] = path.name
            self._add(area)
        self._note(FileRead(path, "feature", dict(kinds), refused))

    def _add(self, area: AreaFeature) -> None:
        self.given.add((area.kind, area.nation))
        self._report.turned += area.shape.was_turned
        if area.shape.was_repaired:
            self._report.repaired.append(f"{area.name} ({area.original_code})")
        self._staging.add(area)

    def _read_table(self, path: Path) -> None:
        refused: list[RefusedRow] = []
        others = self.figures.other_rows
        with open_table(path, self._advance) as table:
            rows = self.figures.read(table, lambda *row: refused.append(row))
        good = rows - len(refused) - (self.figures.other_rows - others)
        self._note(FileRead(path, "line", {table.subject.value: good} if good else {}, refused))

    def _note(self, file: FileRead) -> None:
        if file.counts:
            self._report.files.append(file)
            return
        if file.refused:
            number, why, _cells = file.refused[0]
            msg = f"{file.path.name}, {file.unit} {number}: {why}; nothing in it can be used."
        else:
            msg = f"{file.path.name} tells nothing of local authorities."
        raise SourceFileError(msg)
