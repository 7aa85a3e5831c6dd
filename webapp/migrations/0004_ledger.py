"""The append-only ledger of pledges, its tallies, and how far the rollup has come."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import UserDefinedType

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


class Xid8(UserDefinedType):
    """PostgreSQL’s xid8."""

    def get_col_spec(self, **_kw: object) -> str:
        """Return the type’s name in SQL."""
        return "xid8"


def upgrade() -> None:
    _create_ledger_entry()
    for owner in ("event", "moment"):
        _create_tally(owner)
    _create_rollup_state()


def downgrade() -> None:
    for table in ("rollup_state", "moment_tally", "event_tally", "ledger_entry"):
        op.drop_table(table)


def _create_ledger_entry() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("moment_id", sa.BigInteger, nullable=False),
        sa.Column("nonce", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=True),
        sa.Column("party_change", sa.SmallInteger, nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("xid", Xid8(), nullable=False, server_default=sa.text("pg_current_xact_id()")),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_entry"),
        sa.UniqueConstraint("moment_id", "nonce", name="uq_ledger_entry_moment_id_nonce"),
        sa.CheckConstraint(
            "party_change BETWEEN 1 AND 12", name=op.f("ck_ledger_entry_party_in_range")
        ),
        sa.CheckConstraint("kind IN ('pledged')", name=op.f("ck_ledger_entry_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["moment_id"], ["moment.id"], name="fk_ledger_entry_moment_id_moment"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_ledger_entry_event_id_event"),
    )
    op.create_index("ix_ledger_entry_xid", "ledger_entry", ["xid"])


def _create_tally(owner: str) -> None:
    op.create_table(
        f"{owner}_tally",
        sa.Column(f"{owner}_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("pledges", sa.BigInteger, nullable=False),
        sa.Column("heads", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(f"{owner}_id", name=f"pk_{owner}_tally"),
        sa.ForeignKeyConstraint(
            [f"{owner}_id"],
            [f"{owner}.id"],
            ondelete="CASCADE",
            name=f"fk_{owner}_tally_{owner}_id_{owner}",
        ),
    )


def _create_rollup_state() -> None:
    op.create_table(
        "rollup_state",
        sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("folded_below", Xid8(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rollup_state"),
        sa.CheckConstraint("id = 1", name=op.f("ck_rollup_state_one_row")),
    )
    op.execute("INSERT INTO rollup_state (id, folded_below, as_of) VALUES (1, '0', now())")
