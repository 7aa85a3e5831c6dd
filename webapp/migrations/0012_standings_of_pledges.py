"""More kinds of ledger entries, how each pledge stands, and tallies by area, hour and partner."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


class Xid8(sa.types.UserDefinedType[int]):
    """PostgreSQL’s xid8: the number of a transaction, in the order in which they began."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        """Return the type’s name in SQL."""
        return "xid8"


LEDGER = sa.table("ledger_entry", *map(sa.column, ("nonce", "pledge", "participant")))
TABLES = (
    "checkpoint",
    "movement",
    "tally_correction",
    "slice_tally",
    "event_tally",
    "moment_tally",
    "pledge_standing",
)
FIGURES = ("pledges", "heads", "people", "held")
NOT_NEGATIVE = "pledges >= 0 AND heads >= 0 AND people >= 0 AND held >= 0"
KINDS = "'pledged', 'changed', 'withdrawn', 'held', 'released', 'invalidated', 'moved'"
PARTY_CHANGES = """
    CASE kind
        WHEN 'pledged' THEN party_change BETWEEN 1 AND 12
        WHEN 'released' THEN party_change BETWEEN 1 AND 12
        WHEN 'changed' THEN party_change BETWEEN -11 AND 11 AND party_change <> 0
        WHEN 'moved' THEN party_change BETWEEN -12 AND 12 AND party_change <> 0
        ELSE party_change BETWEEN -12 AND 0
    END
"""


def upgrade() -> None:
    _widen_ledger()
    _create_pledge_standing()
    for table in ("event_tally", "moment_tally"):
        op.drop_table(table)
    _create_tally("moment_tally", "moment_id")
    _create_tally("event_tally", "event_id", "moment_id")
    _create_slice_tally()
    _create_correction()
    _create_movement()
    _create_checkpoint()
    op.add_column("rollup_state", sa.Column("reconciled_at", sa.DateTime(timezone=True)))
    op.add_column(
        "rollup_state",
        sa.Column("open_checkpoint", sa.BigInteger, nullable=False, server_default="1"),
    )
    # The rollup folds the whole ledger anew, and pledges of events learn where those are.
    op.execute("""
        UPDATE ledger_entry AS entry SET authority_code = event.authority_code,
            region_code = event.region_code, nation = event.nation
        FROM event WHERE event.id = entry.event_id
    """)
    op.execute("UPDATE rollup_state SET folded_below = '0'")


def downgrade() -> None:
    for column in ("open_checkpoint", "reconciled_at"):
        op.drop_column("rollup_state", column)
    for table in TABLES:
        op.drop_table(table)
    # The earlier schema knows pledges alone: those still in force, as they stand.
    op.execute("""
        UPDATE ledger_entry AS entry SET party_change = stands.party FROM (
            SELECT moment_id, pledge, sum(party_change) AS party FROM ledger_entry GROUP BY 1, 2
        ) AS stands
        WHERE entry.moment_id = stands.moment_id AND entry.nonce = stands.pledge
            AND stands.party BETWEEN 1 AND 12
    """)
    op.execute("""
        DELETE FROM ledger_entry AS entry WHERE kind <> 'pledged' OR (
            SELECT sum(party_change) FROM ledger_entry AS each
            WHERE each.moment_id = entry.moment_id AND each.pledge = entry.pledge
        ) <= 0
    """)
    _narrow_ledger()
    for owner in ("event", "moment"):
        _create_earlier_tally(owner)
    op.execute("UPDATE rollup_state SET folded_below = '0'")


def _widen_ledger() -> None:
    for column in ("pledge", "participant"):
        op.add_column("ledger_entry", sa.Column(column, sa.Uuid))
        op.execute(sa.update(LEDGER).values({column: LEDGER.c.nonce}))
        op.alter_column("ledger_entry", column, nullable=False)
    op.add_column("ledger_entry", sa.Column("via", sa.Text))
    op.add_column("ledger_entry", sa.Column("reason", sa.Text))
    for name in ("party_in_range", "kind_is_known"):
        op.drop_constraint(op.f(f"ck_ledger_entry_{name}"), "ledger_entry")
    _check("kind_is_known", f"kind IN ({KINDS})")
    _check("party_in_range", PARTY_CHANGES)
    _check("pledge_is_first", "(kind = 'pledged') = (pledge = nonce)")
    _check("via_is_plain", "via ~ '^[a-z0-9-]{1,40}$'")
    op.create_index("ix_ledger_entry_pledge", "ledger_entry", ["moment_id", "pledge"])


def _narrow_ledger() -> None:
    op.drop_index("ix_ledger_entry_pledge", "ledger_entry")
    for name in ("kind_is_known", "party_in_range", "pledge_is_first", "via_is_plain"):
        op.drop_constraint(op.f(f"ck_ledger_entry_{name}"), "ledger_entry")
    for column in ("reason", "via", "participant", "pledge"):
        op.drop_column("ledger_entry", column)
    _check("kind_is_known", "kind IN ('pledged')")
    _check("party_in_range", "party_change BETWEEN 1 AND 12")


def _check(name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_ledger_entry_{name}"), "ledger_entry", condition)


def _refers(table: str, column: str) -> sa.ForeignKeyConstraint:
    target = column.removesuffix("_id")
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=f"fk_{table}_{column}_{target}"
    )


def _slice() -> tuple[sa.Column, ...]:
    return (
        sa.Column("nation", sa.Text, nullable=False),
        sa.Column("region_code", sa.Text, nullable=False),
        sa.Column("authority_code", sa.Text, nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("via", sa.Text, nullable=False),
    )


def _create_pledge_standing() -> None:
    small = [
        sa.Column(name, sa.SmallInteger, nullable=False) for name in ("party", "held", "people")
    ]
    op.create_table(
        "pledge_standing",
        sa.Column("moment_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("pledge", sa.Uuid, nullable=False),
        sa.Column("participant", sa.Uuid, nullable=False),
        sa.Column("first_entry", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.BigInteger),
        *_slice(),
        *small,
        sa.PrimaryKeyConstraint("moment_id", "pledge", name="pk_pledge_standing"),
        _refers("pledge_standing", "moment_id"),
        _refers("pledge_standing", "event_id"),
        sa.CheckConstraint(
            "party >= 0 AND held >= 0 AND people >= 0", name=op.f("ck_pledge_standing_not_negative")
        ),
    )
    columns = ["moment_id", "participant"]
    op.create_index("ix_pledge_standing_participant", "pledge_standing", columns)
    op.create_index("ix_pledge_standing_event_id", "pledge_standing", ["event_id"])


def _figures() -> list[sa.Column]:
    return [sa.Column(n, sa.BigInteger, nullable=False, server_default="0") for n in FIGURES]


def _create_tally(table: str, *keys: str) -> None:
    op.create_table(
        table,
        *(sa.Column(key, sa.BigInteger, nullable=False, autoincrement=False) for key in keys),
        *_figures(),
        sa.PrimaryKeyConstraint(*keys, name=f"pk_{table}"),
        *(_refers(table, key) for key in keys),
        sa.CheckConstraint(NOT_NEGATIVE, name=op.f(f"ck_{table}_not_negative")),
    )


def _create_slice_tally() -> None:
    keys = ("moment_id", "nation", "region_code", "authority_code", "hour", "via")
    op.create_table(
        "slice_tally",
        sa.Column("moment_id", sa.BigInteger, nullable=False, autoincrement=False),
        *_slice(),
        *_figures(),
        sa.PrimaryKeyConstraint(*keys, name="pk_slice_tally"),
        _refers("slice_tally", "moment_id"),
        sa.CheckConstraint(NOT_NEGATIVE, name=op.f("ck_slice_tally_not_negative")),
    )


def _create_correction() -> None:
    op.create_table(
        "tally_correction",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("moment_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people_before", sa.BigInteger, nullable=False),
        sa.Column("people_after", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tally_correction"),
        _refers("tally_correction", "moment_id"),
    )
    op.create_index("ix_tally_correction_moment_id", "tally_correction", ["moment_id"])


def _create_movement() -> None:
    keys = ("checkpoint", "moment_id", "slot", "nation", "kind")
    op.create_table(
        "movement",
        sa.Column("checkpoint", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("moment_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nation", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        *(sa.Column(n, sa.BigInteger, nullable=False) for n in ("entries", "heads", "people")),
        sa.PrimaryKeyConstraint(*keys, name="pk_movement"),
        _refers("movement", "moment_id"),
    )


def _create_checkpoint() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folded_below", Xid8(), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_checkpoint"),
    )
    op.create_index("ix_checkpoint_folded_below", "checkpoint", ["folded_below"])


def _create_earlier_tally(owner: str) -> None:
    op.create_table(
        f"{owner}_tally",
        sa.Column(f"{owner}_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("pledges", sa.BigInteger, nullable=False),
        sa.Column("heads", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(f"{owner}_id", name=f"pk_{owner}_tally"),
        _refers(f"{owner}_tally", f"{owner}_id"),
    )
