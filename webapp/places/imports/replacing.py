"""Tables that an import fills beside the old ones, which they then take the place of.

The site goes on answering: every transaction lasts about a second or less, but for making an index
of a table that nobody else knows, and the last one, which only renames. An import that is killed
leaves the old tables as they are, and its own to be dropped by the next.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from webapp.config import Settings
from webapp.places.imports.interrupts import interrupts_held
from webapp.schema import IMPORTED, grant_to_site

SECONDS_PER_COPY = 0.5
# Whoever asks while the swap waits for its locks must wait behind it, so it does not wait for long.
LOCK_MILLISECONDS = 250
SWAPS, SECONDS_BETWEEN_SWAPS = 120, 0.5

# Only an import’s own session: what is lost in a crash is imported again.
SESSION = (
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '256MB'",
    "SET work_mem = '64MB'",
    "SET jit = off",
    "SET client_min_messages = warning",
)
INDEXES = text("""
    SELECT index.relname AS name, pg_get_indexdef(indexrelid) AS definition,
        indisprimary AS is_primary
    FROM pg_index JOIN pg_class index ON index.oid = indexrelid
    WHERE indrelid = CAST(:name AS regclass) ORDER BY indisprimary DESC, index.relname
""")


class TableInUseError(Exception):
    """Somebody else has held a table for a minute, so that it could not be replaced."""


@dataclass(frozen=True)
class TableIndex:
    """An index of the old table, and how the same one of the new table is made."""

    name: str
    definition: str
    is_primary: bool

    def on(self, table: str) -> str:
        """Return the statement that makes it, under a name that it has until the swap."""
        old, new = f" INDEX {self.name} ON public.{table} ", f" INDEX {self.name}{IMPORTED} ON"
        return self.definition.replace(old, f"{new} public.{table}{IMPORTED} ")


@contextmanager
def replacement(connection: Connection, tables: Sequence[str]) -> Iterator["Replacement"]:
    """Make the new tables, and drop those that have not taken their place, however it ends."""
    with interrupts_held() as check:
        new = Replacement(connection, tables, check)
        try:
            new.create()
            yield new
        finally:
            # Where the database is gone, that is what to tell; the next import drops them.
            with suppress(DBAPIError):
                new.drop()


class Replacement:
    """New versions of some tables; `connection` is the schema’s owner’s and in no transaction.

    `check` is called between transactions, and raises what should end the work.
    """

    def __init__(
        self, connection: Connection, tables: Sequence[str], check: Callable[[], None]
    ) -> None:
        self._connection = connection
        self._tables = tables
        self.check = check

    def create(self) -> None:
        """Make the new tables, after dropping any that were left behind."""
        self.drop()
        self.run(*SESSION)
        self.run(
            *(
                f"CREATE TABLE {table}{IMPORTED} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
                for table in self._tables
            )
        )

    def drop(self) -> None:
        """Drop the new tables, if they are still there."""
        with self._connection.begin():
            for table in self._tables:
                self._execute(f"DROP TABLE IF EXISTS {table}{IMPORTED}")

    def run(self, *statements: str) -> None:
        """Run statements in a transaction of their own."""
        self.check()
        with self._connection.begin():
            for statement in statements:
                self._execute(statement)

    def copy(self, table: str, columns: Sequence[str], pieces: Iterable[str]) -> None:
        """Fill a new table with pieces of text as COPY takes it, committed every half second."""
        statement = f"COPY {table}{IMPORTED} ({', '.join(columns)}) FROM STDIN"
        pieces = iter(pieces)
        for first in pieces:
            until = time.monotonic() + SECONDS_PER_COPY
            with self._connection.begin():
                driver: Any = self._connection.connection.driver_connection
                with driver.cursor() as cursor, cursor.copy(statement) as copy:
                    copy.write(first)
                    for piece in pieces:
                        self.check()
                        copy.write(piece)
                        if time.monotonic() > until:
                            break

    def index(self, table: str) -> None:
        """Give a new table the old one’s indexes and its primary key, and gather its statistics."""
        for index in self._indexes(table):
            self.run(index.on(table))
            if index.is_primary:
                self.run(
                    f"ALTER TABLE {table}{IMPORTED} ADD CONSTRAINT {index.name}{IMPORTED}"
                    f" PRIMARY KEY USING INDEX {index.name}{IMPORTED}"
                )
        self.run(f"ANALYZE {table}{IMPORTED}")

    def swap(self, settings: Settings) -> None:
        """Let the new tables take the place of the old, all at once; raises TableInUseError."""
        with self._connection.begin():
            grant_to_site(self._connection, settings)
        indexes = [index for table in self._tables for index in self._indexes(table)]
        for _attempt in range(SWAPS):
            self.check()
            try:
                self._swap(indexes)
            except OperationalError as error:
                if not isinstance(error.orig, LockNotAvailable):
                    raise
                time.sleep(SECONDS_BETWEEN_SWAPS)
            else:
                return
        raise TableInUseError

    def _swap(self, indexes: Iterable[TableIndex]) -> None:
        names = ", ".join(self._tables)
        with self._connection.begin():
            self._execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
            self._execute("SET LOCAL synchronous_commit = on")
            self._execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
            self._execute(f"DROP TABLE {names}")
            for table in self._tables:
                self._execute(f"ALTER TABLE {table}{IMPORTED} RENAME TO {table}")
            for index in indexes:
                # A primary key is renamed with its index.
                self._execute(f"ALTER INDEX {index.name}{IMPORTED} RENAME TO {index.name}")

    def _execute(self, statement: str) -> None:
        self._connection.execute(text(statement))

    def _indexes(self, table: str) -> list[TableIndex]:
        with self._connection.begin():
            rows = self._connection.execute(INDEXES, {"name": table})
            return [TableIndex(*row) for row in rows]
