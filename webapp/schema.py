"""The schema’s migrations, and what the site’s own database role may do afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import geoalchemy2.alembic_helpers as geo_alembic
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.pool import NullPool

from webapp.config import Settings
from webapp.database import Base, TransactionId
from webapp.extensions import alembic

# What the site may write of the ledger: when, and in which transaction, is the database’s to say.
LEDGER = "ledger_entry"
LEDGER_COLUMNS = (
    "moment_id", "nonce", "kind", "pledge", "participant", "event_id", "party_change", "via", "reason",
    "authority_code", "region_code", "nation", "place_id",
)  # fmt: skip

# What is only added to, as the ledger is: what people on sheets of paper add up to, and what proves the
# number or says that it was wrong, which would prove nothing if it could be changed.
ONLY_ADDED_TO = ("sheet_entry", "checkpoint", "tally_correction")

# The rollup compares transaction ids, and in a backup are those of the server that it was made on. Where
# this one’s are lower, they are used up till they are past them: about 100,000 a second.
PASS_LEDGER = text("""
    DO $$
    DECLARE
        last xid8 := greatest(
            (SELECT xid FROM ledger_entry ORDER BY xid DESC LIMIT 1),
            (SELECT folded_below FROM rollup_state)
        );
    BEGIN
        WHILE pg_snapshot_xmax(pg_current_snapshot()) <= last LOOP
            PERFORM pg_current_xact_id();
            COMMIT;
        END LOOP;
    END $$
""")

# How the table is called that an import fills before it takes the place of the old one.
IMPORTED = "_imported"

# Else reflection warns of a type that it has never heard of.
ischema_names["xid8"] = TransactionId

# An expression index cannot be compared by its text: PostgreSQL writes the cast its own way.
EXPRESSION_INDEXES = frozenset({"ix_event_public_geography", "ix_place_geography"})


def init_schema(app: Flask) -> None:
    """Tell Alembic where the migrations are and what is not ours to compare."""
    alembic.metadatas = {"default": Base.metadata}
    app.config["ALEMBIC"] = {"script_location": "migrations"}
    app.config["ALEMBIC_CONTEXT"] = {
        "compare_type": True,
        "include_object": _include_object,
        "include_name": _include_name,
        "process_revision_directives": geo_alembic.writer,
        "render_item": geo_alembic.render_item,
    }
    alembic.init_app(app)


def upgrade(settings: Settings, target: str = "head") -> None:
    """Bring the schema up to a migration, tell the site’s role what it may do, and make it ready to count."""
    with _as_owner(settings) as engine:
        alembic.upgrade(target)
        with engine.begin() as connection:
            grant_to_site(connection, settings)
            has_rollup = inspect(connection).has_table("rollup_state")
        if has_rollup:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(PASS_LEDGER)


def downgrade(settings: Settings, target: str) -> None:
    """Take the schema back to an earlier migration."""
    with _as_owner(settings):
        alembic.downgrade(target)


def differences(settings: Settings) -> list[Any]:
    """Return what would have to change for the schema to be what the models say."""
    with _as_owner(settings):
        return list(alembic.compare_metadata())


@contextmanager
def _as_owner(settings: Settings) -> Iterator[Engine]:
    engine = create_engine(settings.owner_database_url, poolclass=NullPool)
    alembic.engines = {"default": engine}
    try:
        yield engine
    finally:
        alembic._get_cache().clear()
        engine.dispose()


def grant_to_site(connection: Connection, settings: Settings) -> None:
    """Let the site’s role use the tables, and only add to the ledger; nothing with one role."""
    if not settings.ledger_is_protected:
        return
    role = connection.dialect.identifier_preparer.quote_identifier(
        make_url(settings.database_url).username or ""
    )
    columns = ", ".join(LEDGER_COLUMNS)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {LEDGER} FROM {role}",
        f"GRANT INSERT ({columns}) ON {LEDGER} TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM {role}",
    ):
        connection.execute(text(statement))
    for table in filter(inspect(connection).has_table, ONLY_ADDED_TO):
        connection.execute(text(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}"))


def _include_object(thing: Any, name: str | None, kind: str, *rest: Any) -> bool:
    if kind == "index" and name in EXPRESSION_INDEXES:
        return False
    return bool(geo_alembic.include_object(thing, name, kind, *rest))


def _include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave alone what is not ours, and what an import that was killed has left behind."""
    name = name or ""
    is_foreign = name.startswith("procrastinate_") or name.endswith(IMPORTED)
    return not (kind == "table" and is_foreign)
