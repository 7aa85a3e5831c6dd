"""Make the tables of postcodes, of what parts of postcodes have in common, and of areas."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NATIONS = "'england', 'northern-ireland', 'scotland', 'wales'"
IN_UK = (
    "NOT ST_IsEmpty(point) AND ST_X(point) BETWEEN -8.7 AND 1.85"
    " AND ST_Y(point) BETWEEN 49.8 AND 60.95"
)


def upgrade() -> None:
    _create_postcode()
    _create_postcode_part()
    _create_area()


def downgrade() -> None:
    for table in ("area", "postcode_part", "postcode"):
        op.drop_table(table)


def _point(*, nullable: bool) -> sa.Column:
    kind = Geometry("POINT", srid=4326, spatial_index=False)
    return sa.Column("point", kind, nullable=nullable)


def _create_postcode() -> None:
    op.create_table(
        "postcode",
        sa.Column("code", sa.Text, nullable=False),
        _point(nullable=True),
        sa.Column("quality", sa.SmallInteger),
        sa.Column("introduced", sa.BigInteger),
        sa.Column("terminated", sa.BigInteger),
        sa.Column("authority_code", sa.Text),
        sa.Column("region_code", sa.Text),
        sa.Column("nation", sa.String(16)),
        sa.Column("deprivation_rank", sa.BigInteger),
        sa.Column("rural_urban", sa.Text),
        sa.PrimaryKeyConstraint("code", name="pk_postcode"),
        sa.CheckConstraint(IN_UK, name=op.f("ck_postcode_point_in_uk")),
        sa.CheckConstraint(f"nation IN ({NATIONS})", name=op.f("ck_postcode_nation")),
    )
    op.create_index(
        "ix_postcode_live_point",
        "postcode",
        ["point"],
        postgresql_using="gist",
        postgresql_where=sa.text("terminated IS NULL"),
    )


def _create_postcode_part() -> None:
    op.create_table(
        "postcode_part",
        sa.Column("code", sa.Text, nullable=False),
        _point(nullable=False),
        sa.Column("radius_metres", sa.BigInteger, nullable=False),
        sa.Column("live", sa.BigInteger, nullable=False),
        sa.Column("authority_codes", ARRAY(sa.Text), nullable=False),
        sa.Column("region_codes", ARRAY(sa.Text), nullable=False),
        sa.Column("nations", ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_postcode_part"),
        sa.CheckConstraint(IN_UK, name=op.f("ck_postcode_part_point_in_uk")),
    )


def _create_area() -> None:
    op.create_table(
        "area",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("nation", sa.String(16), nullable=False),
        sa.Column("region_code", sa.Text),
        sa.Column("population", sa.BigInteger),
        sa.Column("deprivation_score", sa.Float),
        sa.Column("deprivation_decile", sa.SmallInteger),
        sa.Column("shape", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)),
        sa.PrimaryKeyConstraint("code", name="pk_area"),
        sa.CheckConstraint("kind IN ('nation', 'region', 'authority')", name=op.f("ck_area_kind")),
        sa.CheckConstraint(f"nation IN ({NATIONS})", name=op.f("ck_area_nation")),
        sa.CheckConstraint("population >= 0", name=op.f("ck_area_population_not_negative")),
        sa.CheckConstraint(
            "deprivation_decile BETWEEN 1 AND 10", name=op.f("ck_area_decile_in_range")
        ),
    )
    op.create_index("ix_area_shape", "area", ["shape"], postgresql_using="gist")
