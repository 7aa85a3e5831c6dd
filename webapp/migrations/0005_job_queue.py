"""The job queue’s own schema, and the mail that waits to be sent.

The queue’s tables, types and functions come from the installed package: it is their author, and a
copy here would only grow old. A later version of the package brings its changes in a migration of
ours that asks first whether they are there.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DROP_QUEUE = """
DO $$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT format('%I', relname) AS name FROM pg_class
        WHERE relkind = 'r' AND relname LIKE 'procrastinate\\_%'
          AND relnamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP TABLE ' || item.name || ' CASCADE';
    END LOOP;
    FOR item IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%'
          AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || item.name || ' CASCADE';
    END LOOP;
    FOR item IN
        SELECT format('%I', typname) AS name FROM pg_type
        WHERE typname LIKE 'procrastinate\\_%'
          AND typnamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP TYPE IF EXISTS ' || item.name || ' CASCADE';
    END LOOP;
END;
$$
"""


def upgrade() -> None:
    _run(SchemaManager.get_schema())
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("details", postgresql.JSONB, nullable=False),
        sa.Column("send_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mail"),
        sa.CheckConstraint("language IN ('en-GB', 'cy')", name=op.f("ck_outgoing_mail_language")),
    )
    op.create_index("ix_outgoing_mail_send_before", "outgoing_mail", ["send_before"])


def downgrade() -> None:
    op.drop_table("outgoing_mail")
    _run(DROP_QUEUE)


def _run(statements: str) -> None:
    # Straight to the driver: the script has colons and percent signs that are nobody’s parameters.
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(statements)
