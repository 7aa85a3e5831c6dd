"""Mails to those who are moved up from a waiting list, for those who asked for them."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CONSTRAINT = "ck_pledge_contact_wants_something"


def upgrade() -> None:
    """Add what somebody wants to know of their place, and what they were told of it."""
    op.execute(f"""
        ALTER TABLE pledge_contact
            ADD wants_place boolean NOT NULL DEFAULT false,
            ADD place_told_at timestamptz,
            DROP CONSTRAINT {CONSTRAINT},
            ADD CONSTRAINT {CONSTRAINT} CHECK (wants_reminder OR wants_news OR wants_place)
    """)


def downgrade() -> None:
    """Drop them, and the addresses that were left for nothing else."""
    op.execute("DELETE FROM pledge_contact WHERE NOT wants_reminder AND NOT wants_news")
    op.execute(f"""
        ALTER TABLE pledge_contact
            DROP CONSTRAINT {CONSTRAINT},
            DROP wants_place,
            DROP place_told_at,
            ADD CONSTRAINT {CONSTRAINT} CHECK (wants_reminder OR wants_news)
    """)
