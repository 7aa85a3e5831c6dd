"""How often the authority of a postcode and of a pin is the one that its official row says.

Real rows and real boundaries, in a database of their own. By postcode all of them have to agree. By
pin some differ: boundaries are simplified, and a row’s point is in its middle house, not on its land.
"""

import csv
import gzip
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from bench.report import machine, print_table
from bench.scratch import scratch_database
from geo.points import Point
from webapp.config import Settings
from webapp.places.area_codes import AreaCodes, current_code
from webapp.places.areas import areas_at, areas_of_postcode
from webapp.places.imports.import_areas import import_areas
from webapp.places.imports.import_postcodes import import_postcodes
from webapp.places.models import Area, AreaKind, Postcode

DATA = Path(__file__).parents[2] / "shared/data"
AREAS = ("local_authorities_2025.geojson", "regions_and_nations_2022.geojson")
SAMPLES = {"nspl_2022-08_E.csv.gz": "laua", "onspd_2025-09_8048rows.csv": "oslaua"}
HEADER = ["rows and way", "rows", "differ", "share", "no shape covers", "median ms", "p95 ms"]


@dataclass(frozen=True)
class OfficialRow:
    """What the official file says of one postcode; the point is None unless people live there now."""

    compact: str
    authority: str | None
    point: Point | None


def run() -> None:
    """Compare all rows of the samples, by postcode and by pin, and print the shares."""
    missing = [DATA / "postcodes" / name for name in SAMPLES]
    missing = [path for path in [*missing, *(DATA / "areas" / name for name in AREAS)]
               if not path.exists()]  # fmt: skip
    if missing:
        print(f"The real rows that this needs are not there: {missing[0]}")
        return
    with scratch_database() as settings:
        import_areas(settings, [DATA / "areas" / name for name in AREAS], lambda _done: None)
        rows = [row for name in SAMPLES for row in _measured(settings, name)]
    print_table("The authority of official rows", HEADER, rows)


def _measured(settings: Settings, name: str) -> Iterator[list[str]]:
    path = DATA / "postcodes" / name
    import_postcodes(settings, path)
    engine = create_engine(settings.database_url)
    with Session(engine) as session:
        print(machine(session.connection()))
        official = list(_official_rows(path, SAMPLES[name]))
        by_code = [(row.authority, _asker(areas_of_postcode, session, row.compact))
                   for row in official]  # fmt: skip
        yield [f"{name}, by postcode", *_compared(by_code, "")]
        pins = [(row.authority, _asker(areas_at, session, row.point))
                for row in official if row.point and row.authority]  # fmt: skip
        yield [f"{name}, by pin", *_compared(pins, f"{_uncovered(session):,}")]
    engine.dispose()


def _official_rows(path: Path, column: str) -> Iterator[OfficialRow]:
    """Read the file itself, so that no mistake of the import can agree with itself."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        for row in csv.DictReader(file):
            lives = not row["doterm"] and float(row["lat"]) < 90
            point = Point(float(row["lat"]), float(row["long"])) if lives else None
            code = current_code(row[column])
            yield OfficialRow(row["pcds"].replace(" ", ""), code, point)


def _asker(
    ask: Callable[..., AreaCodes | None], session: Session, about: object
) -> Callable[[], AreaCodes | None]:
    return lambda: ask(session, about)


def _compared(
    asked: list[tuple[str | None, Callable[[], AreaCodes | None]]], uncovered: str
) -> list[str]:
    differ, times = 0, []
    for authority, ask in asked:
        start = time.perf_counter()
        found = ask()
        times.append((time.perf_counter() - start) * 1000)
        # A postcode that is none of ours, such as Jersey’s, has neither row nor authority.
        differ += (found or AreaCodes()).authority != authority
    return [
        f"{len(asked):,}",
        f"{differ:,}",
        f"{differ / len(asked):.2%}",
        uncovered,
        f"{statistics.median(times):.2f}",
        f"{statistics.quantiles(times, n=20)[-1]:.2f}",
    ]


def _uncovered(session: Session) -> int:
    """Count the live postcodes that no shape covers, so that the nearest within 5 km has to do."""
    covered = select(Area.code).where(
        Area.kind == AreaKind.AUTHORITY, func.ST_Covers(Area.shape, Postcode.point)
    )
    lives = Postcode.terminated.is_(None), Postcode.point.is_not(None)
    known = Postcode.authority_code.is_not(None)
    statement = select(func.count()).select_from(Postcode).where(*lives, known, ~covered.exists())
    return session.execute(statement).scalar_one()
