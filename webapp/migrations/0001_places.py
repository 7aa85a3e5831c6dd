"""Make the gazetteer: places and the names they are found by."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both are there already where the database was made by somebody who may do it.
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    _create_place()
    _create_place_name()


def downgrade() -> None:
    op.drop_table("place_name")
    op.drop_table("place")


def _create_place() -> None:
    op.create_table(
        "place",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("geonames_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_cy", sa.Text),
        sa.Column("nation", sa.String(16), nullable=False),
        sa.Column("near", sa.Text),
        sa.Column("population", sa.BigInteger, nullable=False),
        sa.Column("point", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("geonames_id", name="uq_place_geonames_id"),
        sa.CheckConstraint(
            "NOT ST_IsEmpty(point) AND ST_X(point) BETWEEN -8.7 AND 1.85"
            " AND ST_Y(point) BETWEEN 49.8 AND 60.95",
            name=op.f("ck_place_point_in_uk"),
        ),
        sa.CheckConstraint("population >= 0", name=op.f("ck_place_population_not_negative")),
        sa.CheckConstraint(
            "nation IN ('england', 'northern-ireland', 'scotland', 'wales')",
            name=op.f("ck_place_nation"),
        ),
    )
    _index_place()


def _index_place() -> None:
    op.create_index("ix_place_point", "place", ["point"], postgresql_using="gist")
    op.create_index(
        "ix_place_geography", "place", [sa.text("(point::geography)")], postgresql_using="gist"
    )
    op.create_index("ix_place_population", "place", [sa.text("population DESC"), "id"])


def _create_place_name() -> None:
    op.create_table(
        "place_name",
        sa.Column("place_id", sa.BigInteger, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("is_own", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("place_id", "folded", name="pk_place_name"),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name="fk_place_name_place_id_place", ondelete="CASCADE"
        ),
    )
    op.create_index(
        "ix_place_name_prefix",
        "place_name",
        ["folded"],
        postgresql_ops={"folded": "text_pattern_ops"},
    )
    op.create_index(
        "ix_place_name_trigrams",
        "place_name",
        ["folded"],
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
