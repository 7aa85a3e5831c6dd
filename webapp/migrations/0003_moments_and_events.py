"""Moments with their estimates, events, and which events count towards which moments."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The United Kingdom’s box; a comparison with NaN or Infinity fails BETWEEN too.
IN_UK = (
    "NOT ST_IsEmpty({0}) AND ST_X({0}) BETWEEN -8.7 AND 1.85 AND ST_Y({0}) BETWEEN 49.8 AND 60.95"
)


def upgrade() -> None:
    _create_moment()
    _create_moment_estimate()
    op.create_table("event", *_event_columns(), *_event_rules(), *_event_references())
    _index_event()
    _create_event_moment()


def downgrade() -> None:
    for table in ("event_moment", "event", "moment_estimate", "moment"):
        op.drop_table(table)


def _create_moment() -> None:
    op.create_table(
        "moment",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("name_cy", sa.Text, nullable=False),
        sa.Column("summary_en", sa.Text, nullable=False),
        sa.Column("summary_cy", sa.Text, nullable=False),
        sa.Column("description_en", sa.Text, nullable=False),
        sa.Column("description_cy", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("colour", sa.Text, nullable=False),
        sa.Column("is_demonstration", sa.Boolean, nullable=False, server_default="false"),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moment"),
        sa.UniqueConstraint("slug", name="uq_moment_slug"),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_moment_ends_after_start")),
        sa.CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name=op.f("ck_moment_colour_is_hex")),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_moment_slug_is_plain")
        ),
    )


def _create_moment_estimate() -> None:
    op.create_table(
        "moment_estimate",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("moment_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("label_en", sa.Text, nullable=False),
        sa.Column("label_cy", sa.Text, nullable=False),
        sa.Column("value_en", sa.Text, nullable=False),
        sa.Column("value_cy", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_url", sa.Text, nullable=True),
        sa.Column("measured_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moment_estimate"),
        sa.ForeignKeyConstraint(
            ["moment_id"],
            ["moment.id"],
            ondelete="CASCADE",
            name="fk_moment_estimate_moment_id_moment",
        ),
    )
    op.create_index("ix_moment_estimate_moment_id", "moment_estimate", ["moment_id"])


def _event_columns() -> tuple[sa.Column[Any], ...]:
    point = Geometry("POINT", srid=4326, spatial_index=False)
    return (
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("venue_type", sa.String(7), nullable=False),
        sa.Column("venue_name", sa.Text, nullable=True),
        sa.Column("exact_point", point, nullable=False),
        sa.Column("public_point", point, nullable=False),
        sa.Column("public_radius_metres", sa.BigInteger, nullable=False),
        sa.Column("place_id", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("listed_by_id", sa.BigInteger, nullable=True),
        sa.Column("import_key", sa.Text, nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
    )


def _event_rules() -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("public_id", name="uq_event_public_id"),
        sa.UniqueConstraint("import_key", name="uq_event_import_key"),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_event_ends_after_start")),
        sa.CheckConstraint("public_radius_metres >= 0", name=op.f("ck_event_radius_not_negative")),
        sa.CheckConstraint(
            "status IN ('published', 'cancelled', 'hidden')", name=op.f("ck_event_status")
        ),
        sa.CheckConstraint(
            "venue_type IN ('public', 'street', 'private')", name=op.f("ck_event_venue_type")
        ),
        sa.CheckConstraint(IN_UK.format("exact_point"), name=op.f("ck_event_exact_point_in_uk")),
        sa.CheckConstraint(IN_UK.format("public_point"), name=op.f("ck_event_public_point_in_uk")),
    )


def _event_references() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_event_place_id_place"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name="fk_event_group_id_community_group"
        ),
        sa.ForeignKeyConstraint(
            ["listed_by_id"],
            ["user_account.id"],
            ondelete="SET NULL",
            name="fk_event_listed_by_id_user_account",
        ),
    )


def _index_event() -> None:
    for column in ("place_id", "group_id"):
        op.create_index(f"ix_event_{column}", "event", [column])
    op.create_index("ix_event_starts_at", "event", ["starts_at", "id"])
    op.create_index("ix_event_public_point", "event", ["public_point"], postgresql_using="gist")
    op.create_index(
        "ix_event_public_geography",
        "event",
        [sa.text("(public_point::geography)")],
        postgresql_using="gist",
    )


def _create_event_moment() -> None:
    op.create_table(
        "event_moment",
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("moment_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "moment_id", name="pk_event_moment"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], ondelete="CASCADE", name="fk_event_moment_event_id_event"
        ),
        sa.ForeignKeyConstraint(
            ["moment_id"], ["moment.id"], name="fk_event_moment_moment_id_moment"
        ),
    )
    op.create_index("ix_event_moment_moment_id", "event_moment", ["moment_id", "event_id"])
