"""Listings that turn out to be the same event as another, whose people count there."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

EARLIER_KINDS = (
    "'listed', 'sent', 'approved', 'returned', 'edited', 'postponed', 'cancelled', 'restored', "
    "'hidden', 'shown'"
)
KINDS = f"{EARLIER_KINDS}, 'merged', 'took-in', 'parted'"
EARLIER_PARTS = ("status", "nation", "region_code", "authority_code")


def upgrade() -> None:
    op.add_column("event", sa.Column("merged_into_id", sa.BigInteger))
    op.create_foreign_key(
        "fk_event_merged_into_id_event",
        "event",
        "event",
        ["merged_into_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(
        "ix_event_merged_into_id",
        "event",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_check_constraint(
        op.f("ck_event_merged_is_hidden"),
        "event",
        "merged_into_id IS NULL OR status = 'hidden' AND merged_into_id <> id",
    )
    _set_kinds(KINDS)
    _note_changes_of(*EARLIER_PARTS, "merged_into_id")


def downgrade() -> None:
    _note_changes_of(*EARLIER_PARTS)
    # The earlier rollup finds them hidden, and takes their people out of where they count.
    op.execute(
        "INSERT INTO changed_event (event_id) "
        "SELECT merged_into_id FROM event WHERE merged_into_id IS NOT NULL"
    )
    op.execute("DELETE FROM event_change WHERE kind IN ('merged', 'took-in', 'parted')")
    _set_kinds(EARLIER_KINDS)
    op.drop_constraint(op.f("ck_event_merged_is_hidden"), "event")
    op.drop_index("ix_event_merged_into_id", "event")
    op.drop_column("event", "merged_into_id")


def _set_kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_event_change_kind"), "event_change")
    op.create_check_constraint(op.f("ck_event_change_kind"), "event_change", f"kind IN ({kinds})")


def _note_changes_of(*columns: str) -> None:
    """Let the trigger note changes of these columns of an event."""
    before, after = (", ".join(f"{row}.{each}" for each in columns) for row in ("OLD", "NEW"))
    op.execute("DROP TRIGGER note_changed_event ON event")
    op.execute(f"""
        CREATE TRIGGER note_changed_event
        AFTER UPDATE OF {", ".join(columns)} ON event FOR EACH ROW
        WHEN (({before}) IS DISTINCT FROM ({after}))
        EXECUTE FUNCTION note_changed_event('id')
    """)
