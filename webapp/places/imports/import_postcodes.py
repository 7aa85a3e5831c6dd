"""Load a release of the postcode directory, or Code-Point Open, in place of all postcodes.

Everything is written beside the old postcodes first; a fault in any file leaves them as they are.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from webapp.config import Settings
from webapp.places.imports.postcode_files import postcode_files
from webapp.places.imports.postcodes_filling import TABLES, PostcodesFilling
from webapp.places.imports.postcodes_report import PostcodesReport
from webapp.places.imports.refusals import Refusals
from webapp.places.imports.replacing import replacement
from webapp.places.imports.source_files import SourceFileError

LOCK = 20200103  # any number that no other lock of ours has


def import_postcodes(settings: Settings, path: Path) -> PostcodesReport:
    """Replace all postcodes by those of a zip file, a folder or a CSV file; safe to repeat.

    Raises SourceFileError where the file is at fault, and TableInUseError.
    """
    start = time.monotonic()
    files = postcode_files(path)
    with _alone(settings) as connection, Refusals(path) as refusals:
        filling = PostcodesFilling(connection, files, refusals)
        with replacement(connection, TABLES) as new:
            filling.fill(new)
            new.swap(settings)
    filling.report.seconds = time.monotonic() - start
    return filling.report


@contextmanager
def _alone(settings: Settings) -> Iterator[Connection]:
    """Give a connection that holds the lock, so that two imports do not write at once."""
    engine = create_engine(settings.owner_database_url, poolclass=NullPool)
    with engine.connect() as connection:
        with connection.begin():
            lock = text("SELECT pg_try_advisory_lock(:lock)").bindparams(lock=LOCK)
            is_free = connection.execute(lock).scalar()
        if not is_free:
            msg = "Another import of postcodes is running: wait until it has ended."
            raise SourceFileError(msg)
        yield connection
