"""Load nations, regions and local authorities, with their population and deprivation.

Everything is written beside the old areas first; a fault in any file leaves them as they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from webapp.config import Settings
from webapp.places.imports.area_figures import merged_into
from webapp.places.imports.area_files import files_in
from webapp.places.imports.area_joining import joined_figures, kept_from
from webapp.places.imports.area_names import NAMES_OF_MERGED
from webapp.places.imports.area_reading import AreaReading
from webapp.places.imports.area_staging import ENGLAND, AreaStaging, staged
from webapp.places.imports.areas_report import AreasReport
from webapp.places.imports.geojson_features import Advance
from webapp.places.imports.source_files import SourceFileError
from webapp.places.models import AreaKind, Nation

LOCK = 20200102  # any number that no other lock of ours has


def import_areas(settings: Settings, paths: Iterable[Path], advance: Advance) -> AreasReport:
    """Bring the areas up to date from files and folders; safe to repeat.

    `advance` hears of the bytes that were read. Raises SourceFileError.
    """
    files = files_in(paths)
    engine = create_engine(settings.owner_database_url, poolclass=NullPool)
    with _alone(engine) as connection, staged(connection) as staging:
        report = AreasReport()
        reading = AreaReading(staging, report, advance)
        for path, is_named in files:
            reading.read(path, is_named=is_named)
        _complete(staging, reading, report)
        report.swapped = staging.swap()
        with connection.begin():
            connection.execute(text("ANALYZE area"))
        return report


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Give a connection that holds the lock, so that two imports do not write at once."""
    with engine.connect() as connection:
        with connection.begin():
            lock = text("SELECT pg_try_advisory_lock(:lock)").bindparams(lock=LOCK)
            is_free = connection.execute(lock).scalar()
        if not is_free:
            msg = "Another import of areas is running: wait until it has ended."
            raise SourceFileError(msg)
        yield connection


def _complete(staging: AreaStaging, read: AreaReading, report: AreasReport) -> None:
    """Make of what was read the areas as they will be."""
    old = staging.old_rows()
    merged = _settle_codes(staging, read.seen, report)
    staging.keep_others()
    kept = kept_from(old)
    staging.find_regions(kept.regions | read.figures.regions)
    if (AreaKind.REGION, Nation.ENGLAND) in read.given and ENGLAND not in read.seen:
        report.england_is_made = staging.make_england()
    authorities = [row for row in staging.rows() if row["kind"] == AreaKind.AUTHORITY]
    if not authorities and read.figures.are_any:
        msg = "There are no local authorities yet: import their boundaries first, or as well."
        raise SourceFileError(msg)
    staging.set_figures(joined_figures(authorities, read.figures, kept, report))
    report.describe(staging.rows(), merged)


def _settle_codes(
    staging: AreaStaging, seen: Mapping[str, Mapping[str, str]], report: AreasReport
) -> dict[str, list[str]]:
    """Make one area of each code of today; return the older codes that it was made of."""
    made_of = {}
    for code, given in sorted(seen.items()):
        olds = sorted(given.keys() - {code})
        if code in given:
            staging.remove(code, except_original=code)
        elif merged_into(code) - given.keys():
            staging.remove(code)
            report.incomplete.append(f"{code}, of which there is only {', '.join(olds)}")
            continue
        elif len(olds) > 1:
            staging.join_parts(code, NAMES_OF_MERGED.get(code, code))
        if olds:
            made_of[code] = olds
    return made_of
