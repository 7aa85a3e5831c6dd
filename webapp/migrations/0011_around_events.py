"""Pictures, co-hosts, questions to hosts, headcounts, encounters, concerns, whom staff trust."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CONCERNS = (
    "home-address",
    "not-real",
    "unsafe",
    "hateful",
    "wrong-details",
    "other",
)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_event_picture()
    _create_event_co_host()
    _create_question()
    _create_headcount()
    _create_encounter()
    _create_concern()
    _create_standing_change()


def downgrade() -> None:
    for table in (
        "standing_change",
        "concern",
        "encounter",
        "headcount",
        "question",
        "event_co_host",
        "event_picture",
    ):
        op.drop_table(table)


def _create_event_picture() -> None:
    op.create_table(
        "event_picture",
        sa.Column("event_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("width", sa.BigInteger, nullable=False),
        sa.Column("height", sa.BigInteger, nullable=False),
        sa.Column("alternative_text", sa.Text, nullable=False),
        _created_at(),
        sa.CheckConstraint(
            "alternative_text <> ''", name=op.f("ck_event_picture_has_alternative_text")
        ),
        sa.CheckConstraint("key ~ '^[0-9a-f]{32}$'", name=op.f("ck_event_picture_key_is_plain")),
        _refers("event_picture", "event_id", "event", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_picture"),
    )
    op.create_index("ix_event_picture_key", "event_picture", ["key"])


def _create_event_co_host() -> None:
    op.create_table(
        "event_co_host",
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.String(9), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger),
        sa.Column("invited_at", TIME, nullable=False),
        sa.Column("told_at", TIME),
        sa.Column("answered_by_id", sa.BigInteger),
        sa.Column("answered_at", TIME),
        _one_of("event_co_host", "answer", "invited", "accepted", "refused", "withdrawn"),
        _refers("event_co_host", "answered_by_id", "user_account", ondelete="SET NULL"),
        _refers("event_co_host", "event_id", "event", ondelete="CASCADE"),
        _refers("event_co_host", "group_id", "community_group", ondelete="CASCADE"),
        _refers("event_co_host", "invited_by_id", "user_account", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("event_id", "group_id", name="pk_event_co_host"),
    )
    op.create_index("ix_event_co_host_group_id", "event_co_host", ["group_id"])


def _create_question() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("nonce", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("asker_email", sa.Text),
        sa.Column("asker_name", sa.Text),
        sa.Column("client_hash", sa.LargeBinary),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _created_at(),
        sa.Column("answered_at", TIME),
        sa.Column("answered_by_id", sa.BigInteger),
        _one_of("question", "language", "en-GB", "cy"),
        sa.CheckConstraint(
            "answered_at IS NOT NULL OR asker_email IS NOT NULL",
            name=op.f("ck_question_can_be_answered"),
        ),
        _refers("question", "answered_by_id", "user_account", ondelete="SET NULL"),
        _refers("question", "event_id", "event", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sa.UniqueConstraint("nonce", name="uq_question_nonce"),
    )
    op.create_index("ix_question_created_at", "question", ["created_at"])
    op.create_index("ix_question_event_id", "question", ["event_id"])


def _create_headcount() -> None:
    op.create_table(
        "headcount",
        sa.Column("event_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.Column("reported_at", TIME, nullable=False),
        sa.CheckConstraint(
            "people BETWEEN 0 AND 100000", name=op.f("ck_headcount_people_in_range")
        ),
        _refers("headcount", "event_id", "event", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_headcount"),
    )


def _create_encounter() -> None:
    op.create_table(
        "encounter",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("moment_id", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.BigInteger),
        sa.Column("teller", sa.String(9), nullable=False),
        sa.Column("teller_key", sa.LargeBinary, nullable=False),
        sa.Column("met_new", sa.Boolean, nullable=False),
        sa.Column("met_unusual", sa.Boolean, nullable=False),
        sa.Column("told_on", sa.Date, nullable=False),
        _one_of("encounter", "teller", "host", "neighbour"),
        sa.CheckConstraint("met_new OR NOT met_unusual", name=op.f("ck_encounter_unusual_is_new")),
        _refers("encounter", "event_id", "event", ondelete="CASCADE"),
        _refers("encounter", "moment_id", "moment"),
        sa.PrimaryKeyConstraint("id", name="pk_encounter"),
        sa.UniqueConstraint("teller_key", name="uq_encounter_teller_key"),
    )
    op.create_index("ix_encounter_event_id", "encounter", ["event_id"])
    op.create_index("ix_encounter_moment_id", "encounter", ["moment_id", "event_id"])


def _create_concern() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("nonce", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(13), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("client_hash", sa.LargeBinary),
        sa.Column("staff_told", sa.Boolean, nullable=False, server_default="false"),
        _created_at(),
        sa.Column("settled_at", TIME),
        sa.Column("settled_by_id", sa.BigInteger),
        _one_of("concern", "kind", *CONCERNS),
        _refers("concern", "event_id", "event", ondelete="CASCADE"),
        _refers("concern", "settled_by_id", "user_account", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_concern"),
        sa.UniqueConstraint("nonce", name="uq_concern_nonce"),
    )
    op.create_index("ix_concern_event_id", "concern", ["event_id"])
    op.create_index(
        "ix_concern_open", "concern", ["created_at"], postgresql_where=sa.text("settled_at IS NULL")
    )


def _create_standing_change() -> None:
    op.create_table(
        "standing_change",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_id", sa.BigInteger),
        _one_of("standing_change", "standing", "unverified", "trusted"),
        _refers("standing_change", "by_id", "user_account", ondelete="SET NULL"),
        _refers("standing_change", "group_id", "community_group", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_standing_change"),
    )
    op.create_index("ix_standing_change_group_id", "standing_change", ["group_id"])


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
