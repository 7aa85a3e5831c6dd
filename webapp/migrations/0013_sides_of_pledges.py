"""What fairness keeps beside pledges for a week, and an index of those that are held."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# The group window that a pledge came through is no foreign key: a window may be erased before it.
SIDES = """
    CREATE TABLE bucket_salt (day date CONSTRAINT pk_bucket_salt PRIMARY KEY, salt bytea NOT NULL);
    CREATE TABLE pledge_side (
        moment_id bigint REFERENCES moment (id) ON DELETE CASCADE, pledge uuid,
        bucket bytea, wide_bucket bytea, signals smallint NOT NULL, group_window_id bigint,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_pledge_side PRIMARY KEY (moment_id, pledge)
    );
    CREATE INDEX ix_pledge_side_created_at ON pledge_side USING brin (created_at);
    CREATE TABLE bucket_count (
        bucket bytea, moment_id bigint REFERENCES moment (id) ON DELETE CASCADE,
        event_id bigint, area text, day date, is_wide boolean NOT NULL,
        pledges bigint NOT NULL, heads bigint NOT NULL, held bigint NOT NULL,
        repeats bigint NOT NULL, signs bigint NOT NULL,
        minute timestamptz NOT NULL, in_minute bigint NOT NULL, busiest bigint NOT NULL,
        released bigint NOT NULL DEFAULT 0, allowed bigint NOT NULL DEFAULT 0,
        CONSTRAINT pk_bucket_count PRIMARY KEY (bucket, moment_id, event_id, area, day)
    );
    CREATE INDEX ix_pledge_standing_held ON pledge_standing (moment_id) WHERE held > 0;
"""


def upgrade() -> None:
    op.execute(SIDES)


def downgrade() -> None:
    op.drop_index("ix_pledge_standing_held", "pledge_standing")
    for table in ("bucket_count", "pledge_side", "bucket_salt"):
        op.drop_table(table)
