"""A database of a benchmark’s own, and a directory of postcodes as large as the real one.

Nothing of a benchmark that uses them stays behind. TEST_DATABASE_URL names a server where databases
and roles may be made; `make bench` sets it.
"""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from bench.made_postcodes import MadePostcode, made_postcodes
from tests.database import database
from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.places.area_codes import NATION_CODES
from webapp.places.gazetteer import GazetteerEntry, read_geonames
from webapp.places.import_places import import_places
from webapp.staticfiles import package_folder

SAMPLE = Path(__file__).parents[2] / "shared/data/postcodes/onspd_2025-09_8048rows.csv"
ROWS = 1_700_000
CODE_OF_NATION = {nation: code for code, nation in NATION_CODES.items()}


class SampleMissingError(Exception):
    """The real sample that made rows are copied from is not there."""


@contextmanager
def scratch_database(name: str = "one") -> Iterator[Settings]:
    """Make a database with the schema and the gazetteer, and drop it at the end."""
    with database(f"moment_map_bench_{name}_{os.getpid()}") as settings:
        with create_app(settings).app_context():
            import_places(db.session, gazetteer())
            db.session.commit()
            db.session.close()
            db.engine.dispose()
        yield settings


def gazetteer() -> list[GazetteerEntry]:
    """Return the places that a site loads."""
    return read_geonames(package_folder("seed_data"))


def write_directory(path: Path, rows: int = ROWS) -> None:
    """Write a directory of so many postcodes: real rows, each with a code and a place of its own.

    Raises SampleMissingError.
    """
    if not SAMPLE.exists():
        raise SampleMissingError
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        header, *sample = csv.reader(file)
    latitude = header.index("lat")
    located = (row for row in sample if not row[latitude].startswith("99"))
    templates = cycle([_template(header, row) for row in located])
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(header) + "\r\n")
        made = made_postcodes(gazetteer(), rows)
        file.writelines(next(templates) % _values(postcode) for postcode in made)


def _template(header: list[str], row: list[str]) -> str:
    """Return a row as the publisher writes it, in quotes, with gaps for what differs."""
    gaps = {
        "pcd7": "%(pcd7)s", "pcd8": "%(pcd8)s", "pcds": "%(pcds)s", "oslaua": "%(authority)s",
        "ctry": "%(country)s", "rgn": "%(region)s", "lat": "%(latitude)s", "long": "%(longitude)s",
    }  # fmt: skip
    cells = (gaps.get(name, cell) for name, cell in zip(header, row, strict=True))
    return ",".join(f'"{cell}"' for cell in cells) + "\r\n"


def _values(made: MadePostcode) -> dict[str, object]:
    return {
        "pcd7": f"{made.outward:<{7 - len(made.inward)}}{made.inward}",
        "pcd8": f"{made.outward:<4} {made.inward}",
        "pcds": f"{made.outward} {made.inward}",
        "authority": made.authority,
        "country": CODE_OF_NATION[made.nation],
        "region": made.region,
        "latitude": made.latitude,
        "longitude": made.longitude,
    }
