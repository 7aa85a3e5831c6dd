"""Give exact places a table of their own; say in which areas events and pledges count."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NATIONS = "'england', 'northern-ireland', 'scotland', 'wales'"
IN_UK = (
    "NOT ST_IsEmpty({0}) AND ST_X({0}) BETWEEN -8.7 AND 1.85 AND ST_Y({0}) BETWEEN 49.8 AND 60.95"
)
AREAS = ("authority_code", "region_code")


def upgrade() -> None:
    _create_event_exact_place()
    # How well a home was known was never kept; a public venue’s radius was just that.
    op.execute("""
        INSERT INTO event_exact_place (event_id, point, precision_metres)
        SELECT id, exact_point, CASE venue_type WHEN 'public' THEN public_radius_metres ELSE 0 END
        FROM event
    """)
    op.drop_column("event", "exact_point")
    for table in ("event", "ledger_entry"):
        _add_areas(table)
    op.add_column("ledger_entry", sa.Column("place_id", sa.BigInteger))
    op.create_foreign_key(
        "fk_ledger_entry_place_id_place", "ledger_entry", "place", ["place_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("ledger_entry", "place_id")
    for table in ("ledger_entry", "event"):
        for column in (*AREAS, "nation"):
            op.drop_column(table, column)
    op.add_column("event", _point("exact_point", nullable=True))
    # An event without an exact place is not known better than the public knows it.
    op.execute("""
        UPDATE event SET exact_point = coalesce(
            (SELECT point FROM event_exact_place WHERE event_id = event.id), public_point
        )
    """)
    op.alter_column("event", "exact_point", nullable=False)
    op.create_check_constraint(
        op.f("ck_event_exact_point_in_uk"), "event", IN_UK.format("exact_point")
    )
    op.drop_table("event_exact_place")


def _point(name: str, *, nullable: bool) -> sa.Column:
    # The type keeps what its column said, so that each column has one of its own.
    return sa.Column(name, Geometry("POINT", srid=4326, spatial_index=False), nullable=nullable)


def _create_event_exact_place() -> None:
    op.create_table(
        "event_exact_place",
        sa.Column("event_id", sa.BigInteger, nullable=False, autoincrement=False),
        _point("point", nullable=False),
        sa.Column("precision_metres", sa.BigInteger, nullable=False),
        sa.Column("postcode", sa.Text),
        sa.Column("cell", sa.Text),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_exact_place"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            ondelete="CASCADE",
            name="fk_event_exact_place_event_id_event",
        ),
        sa.CheckConstraint(IN_UK.format("point"), name=op.f("ck_event_exact_place_point_in_uk")),
        sa.CheckConstraint(
            "precision_metres >= 0", name=op.f("ck_event_exact_place_precision_not_negative")
        ),
    )


def _add_areas(table: str) -> None:
    for column in AREAS:
        op.add_column(table, sa.Column(column, sa.Text))
    op.add_column(table, sa.Column("nation", sa.String(16)))
    op.create_check_constraint(op.f(f"ck_{table}_nation"), table, f"nation IN ({NATIONS})")
