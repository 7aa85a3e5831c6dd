"""Details of events, their life from review to cancellation, and events being written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHANGES = (
    "listed",
    "sent",
    "approved",
    "returned",
    "edited",
    "postponed",
    "cancelled",
    "restored",
    "hidden",
    "shown",
)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in _event_columns():
        op.add_column("event", column)
    op.alter_column("event", "public_point", nullable=True)
    op.alter_column("event", "place_id", nullable=True)
    _set_event_rules(STATUSES, VENUE_TYPES)
    op.create_check_constraint(op.f("ck_event_capacity_positive"), "event", "capacity > 0")
    op.create_check_constraint(
        op.f("ck_event_online_or_a_point"),
        "event",
        "(venue_type = 'online') = (public_point IS NULL)",
    )
    op.create_index("ix_event_ends_at", "event", ["ends_at"])
    waiting = sa.text("status = 'in-review'")
    op.create_index("ix_event_in_review", "event", ["submitted_at"], postgresql_where=waiting)
    changed = sa.text("version > reviewed_version")
    op.create_index("ix_event_changed", "event", ["id"], postgresql_where=changed)
    for column in _moment_columns():
        op.add_column("moment", column)
    op.create_check_constraint(
        op.f("ck_moment_usual_length_positive"), "moment", "usual_length_minutes > 0"
    )
    _create_event_change()
    _create_event_draft()


def downgrade() -> None:
    op.drop_constraint(op.f("ck_moment_usual_length_positive"), "moment")
    for column in reversed(_moment_columns()):
        op.drop_column("moment", column.name)
    for table in (
        "event_draft",
        "event_change",
    ):
        op.drop_table(table)
    op.drop_index("ix_event_changed", "event")
    op.drop_index("ix_event_in_review", "event")
    op.drop_index("ix_event_ends_at", "event")
    op.drop_constraint(op.f("ck_event_online_or_a_point"), "event")
    # What the earlier schema has no word or no place for is hidden, or goes.
    op.execute("DELETE FROM event WHERE public_point IS NULL OR place_id IS NULL")
    op.execute(
        "UPDATE event SET status = 'hidden' WHERE status IN ('draft', 'in-review', 'postponed')"
    )
    _set_event_rules(EARLIER_STATUSES, EARLIER_VENUE_TYPES)
    op.alter_column("event", "place_id", nullable=False)
    op.alter_column("event", "public_point", nullable=False)
    for column in reversed(_event_columns()):
        op.drop_column("event", column.name)


STATUSES = "'draft', 'in-review', 'published', 'postponed', 'cancelled', 'hidden'"
VENUE_TYPES = "'public', 'street', 'private', 'online'"
EARLIER_STATUSES = "'published', 'cancelled', 'hidden'"
EARLIER_VENUE_TYPES = "'public', 'street', 'private'"


def _set_event_rules(statuses: str, venue_types: str) -> None:
    for column, values in (("status", statuses), ("venue_type", venue_types)):
        op.drop_constraint(op.f(f"ck_event_{column}"), "event")
        op.create_check_constraint(op.f(f"ck_event_{column}"), "event", f"{column} IN ({values})")


def _event_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("joining_link", sa.Text),
        sa.Column("capacity", sa.BigInteger),
        sa.Column("cost", sa.Text),
        sa.Column("food", sa.Text),
        sa.Column("children", sa.Text),
        sa.Column("bring", sa.Text),
        sa.Column("access_facts", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("access_notes", sa.Text),
        sa.Column("languages", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("takes_questions", sa.Boolean, nullable=False, server_default="true"),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("sequence", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("notice", sa.Text),
        sa.Column("notice_at", TIME),
        sa.Column("submitted_at", TIME),
        sa.Column("reviewed_version", sa.BigInteger),
        sa.Column("hidden_by_staff", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("headcount_asked_at", TIME),
    )


def _moment_columns() -> tuple[sa.Column, ...]:
    """Return what an event listed for a moment begins with."""
    texts = ("title_pattern_en", "title_pattern_cy", "starting_text_en", "starting_text_cy")
    return (
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in texts),
        sa.Column("usual_start", sa.Time),
        sa.Column("usual_length_minutes", sa.BigInteger),
    )


def _create_event_change() -> None:
    op.create_table(
        "event_change",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_id", sa.BigInteger),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("explanation", sa.Text),
        sa.Column("changes", JSONB, nullable=False),
        _one_of("event_change", "kind", *CHANGES),
        _refers("event_change", "by_id", "user_account", ondelete="SET NULL"),
        _refers("event_change", "event_id", "event", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_event_change"),
    )
    op.create_index("ix_event_change_event_id", "event_change", ["event_id"])


def _create_event_draft() -> None:
    op.create_table(
        "event_draft",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("copied_from_id", sa.BigInteger),
        sa.Column("version", sa.BigInteger, server_default="1", nullable=False),
        _created_at(),
        sa.Column("changed_at", TIME, nullable=False),
        _refers("event_draft", "copied_from_id", "event", ondelete="SET NULL"),
        _refers("event_draft", "user_id", "user_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_event_draft"),
    )
    op.create_index("ix_event_draft_changed_at", "event_draft", ["changed_at"])
    op.create_index("ix_event_draft_user_id", "event_draft", ["user_id"])


def _created_at() -> sa.Column:
    return sa.Column("created_at", TIME, nullable=False, server_default=sa.func.now())


def _refers(
    table: str, column: str, target: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], ondelete=ondelete, name=name)


def _one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))
