"""Is the server that DATABASE_URL names one that the site can use? Run inside .venv.

`python -m dev.server_check` reads the two settings and prints one sentence where it is not.
"""

import os
import sys

import psycopg

OLDEST = 140000
EXTENSIONS = ("postgis", "pg_trgm")


class Unusable(Exception):  # noqa: N818 - an answer, not an error
    """The server cannot be used, and why."""


def plain_url(url: str) -> str:
    """Return a URL as PostgreSQL's own library reads it, without SQLAlchemy's driver."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in {"postgresql", "postgres"}:
        raise Unusable(
            "DATABASE_URL must look like postgresql://user:password@host/database, "
            "for PostgreSQL is the one database that Moment Map works with."
        )
    return f"postgresql://{rest}"


def connect(name: str, url: str) -> psycopg.Connection:
    """Connect within a few seconds, or say why that did not work."""
    try:
        return psycopg.connect(plain_url(url), connect_timeout=8, autocommit=True)
    except (psycopg.Error, ValueError) as error:
        raise Unusable(
            f"{name} names a database that does not answer ({reason_in(str(error))}): "
            f"start it, correct {name}, or leave it out for a private database."
        ) from None


def reason_in(message: str) -> str:
    """Return what the driver's message comes down to: where, why, and hints make several lines."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    for line in lines:
        for sign in ("FATAL:", "failed:"):
            if sign in line:
                return line.rpartition(sign)[2].strip()
    return lines[0].rstrip(".") if lines else "it gives no reason"


def check(site_url: str, migrations_url: str) -> None:
    """Raise Unusable unless both addresses work and the extensions are or can be there."""
    connect("DATABASE_URL", site_url).close()
    with connect("MIGRATIONS_DATABASE_URL", migrations_url) as connection:
        if connection.info.server_version < OLDEST:
            major = connection.info.server_version // 10000
            raise Unusable(
                f"DATABASE_URL's server is PostgreSQL {major}, and Moment Map needs 14 or newer."
            )
        for extension in EXTENSIONS:
            ensure_extension(connection, extension)
        version = connection.execute(
            "SELECT extversion FROM pg_extension WHERE extname = 'postgis'"
        ).fetchone()
        if version and int(version[0].split(".")[0]) < 3:
            raise Unusable(
                f"DATABASE_URL's database has PostGIS {version[0]}, and Moment Map needs 3 or "
                "newer: update it with “ALTER EXTENSION postgis UPDATE”."
            )


def ensure_extension(connection: psycopg.Connection, extension: str) -> None:
    """Create an extension where it is missing, or say who must."""
    known = connection.execute(
        "SELECT installed_version IS NOT NULL FROM pg_available_extensions WHERE name = %s",
        (extension,),
    ).fetchone()
    if known is None:
        raise Unusable(
            f"DATABASE_URL's server does not have the extension {extension}: install PostGIS and "
            "PostgreSQL's contrib modules there, or leave DATABASE_URL out."
        )
    if known[0]:
        return
    try:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    except psycopg.Error:
        raise Unusable(
            f"DATABASE_URL's database lacks the extension {extension} and its user may not create "
            f"it: let the server's administrator run “CREATE EXTENSION {extension}” in it."
        ) from None


if __name__ == "__main__":
    try:
        check(os.environ["DATABASE_URL"], os.environ["MIGRATIONS_DATABASE_URL"])
    except Unusable as unusable:
        print(unusable)
        sys.exit(1)
