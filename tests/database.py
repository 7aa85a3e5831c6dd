"""A database of the tests’ own: real PostGIS, two roles, the schema by its migrations.

TEST_DATABASE_URL names a server where the tests may create databases and roles; `make test` sets it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from webapp import schema
from webapp.app import create_app
from webapp.config import Environment, MailBackend, Settings

OWNER, SITE, PASSWORD = "moment_test_owner", "moment_test_site", "for-tests-only"
EXTENSIONS = ("postgis", "pg_trgm")


def server_url() -> URL:
    """Return the server’s address; say how to get one where there is none."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        message = "TEST_DATABASE_URL is not set: run the tests with `make test`"
        raise RuntimeError(message)
    return make_url(url)


@contextmanager
def database(name: str, server: URL | None = None) -> Iterator[Settings]:
    """Make a database with the site’s schema, and drop it afterwards."""
    with empty_database(name, server) as settings:
        with create_app(settings).app_context():
            schema.upgrade(settings)
        yield settings


@contextmanager
def empty_database(name: str, server: URL | None = None) -> Iterator[Settings]:
    """Make a database with nothing but the extensions, and drop it afterwards."""
    server = server or server_url()
    _create(server, name)
    try:
        yield settings_for(server, name)
    finally:
        with _superuser(server) as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def settings_for(server: URL, name: str, **changes: object) -> Settings:
    """Return the settings of a site on a database, as a test runs it."""

    def as_role(role: str) -> str:
        url = server.set(username=role, password=PASSWORD, database=name)
        return url.render_as_string(hide_password=False)

    values: dict[str, object] = {
        "environment": Environment.TEST,
        "secret_key": "a-secret-that-only-the-tests-know",
        "site_url": "http://localhost",
        "database_url": as_role(SITE),
        "migrations_database_url": as_role(OWNER),
        "mail_backend": MailBackend.FOLDER,
        # A test’s work is undone after it; what is written on another connection would stay.
        "takes_pledges_together": False,
        "operator_name": "Neighbours Together",
        "operator_contact": "hello@example.org",
        "privacy_contact": "privacy@example.org",
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]  # pydantic checks them


def _create(server: URL, name: str) -> None:
    with _superuser(server) as connection:
        # Several test processes make the roles at the same time.
        connection.execute(text("SELECT pg_advisory_lock(20200705)"))
        for role in (OWNER, SITE):
            known = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
            if connection.execute(known, {"role": role}).scalar() is None:
                connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'"))
        _drop_left_behind(connection)
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" OWNER {OWNER}'))
        connection.execute(text("SELECT pg_advisory_unlock(20200705)"))
    with _superuser(server.set(database=name)) as connection:
        for extension in EXTENSIONS:
            connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
        connection.execute(text(f"GRANT ALL ON SCHEMA public TO {OWNER}"))


def _drop_left_behind(connection: Connection) -> None:
    """Drop those of tests and benchmarks that were killed: the ones whose process is gone."""
    known = text("SELECT datname FROM pg_database WHERE datname ~ '^moment_map_(test|bench)_'")
    for name in connection.execute(known).scalars().all():
        process = name.rpartition("_")[2]
        if process.isdigit() and not Path(f"/proc/{process}").exists() and Path("/proc").is_dir():
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@contextmanager
def _superuser(url: URL) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
