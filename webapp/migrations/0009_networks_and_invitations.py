"""What groups say of themselves, how far they are trusted, invitations, and networks of groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ANSWERED = "(answer IS NULL) = (answered_at IS NULL)"
PEOPLE = ("answered_by_id", "invited_by_id")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in _group_columns():
        op.add_column("community_group", column)
    _restrict_group_columns()
    _fold_group_names()
    # Whoever listed events when no event waited for review goes on as before.
    op.execute("""
        UPDATE community_group SET standing = 'trusted'
        WHERE EXISTS (SELECT FROM event WHERE group_id = community_group.id)
    """)
    _create_network()
    _create_network_coordinator()
    _create_network_group()
    _create_network_invitation()
    _create_invitation()


def downgrade() -> None:
    for table in (
        "invitation",
        "network_invitation",
        "network_group",
        "network_coordinator",
        "network",
    ):
        op.drop_table(table)
    op.drop_index("ix_community_group_trigrams", table_name="community_group")
    for column in reversed(_group_columns()):
        op.drop_column("community_group", column.name)


def _group_columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("website", sa.Text),
        sa.Column("contact_email", sa.Text),
        sa.Column("contact_phone", sa.Text),
        sa.Column("helper_id", sa.BigInteger),
        sa.Column("languages", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("size_band", sa.String(12)),
        sa.Column("works_with", sa.Text, nullable=False, server_default=""),
        sa.Column("standing", sa.String(10), nullable=False, server_default="unverified"),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("folded_name", sa.Text, nullable=False, server_default=""),
    )


def _restrict_group_columns() -> None:
    op.create_check_constraint(
        op.f("ck_community_group_size_band"),
        "community_group",
        "size_band IN ('1-9', '10-49', '50-249', '250-and-more')",
    )
    op.create_check_constraint(
        op.f("ck_community_group_standing"),
        "community_group",
        "standing IN ('unverified', 'trusted')",
    )
    op.create_foreign_key(
        "fk_community_group_helper_id_user_account",
        "community_group",
        "user_account",
        ["helper_id"],
        ["id"],
        ondelete="SET NULL",
    )


def _fold_group_names() -> None:
    """Write names as they are compared: small letters without accents or signs, one space."""
    op.execute(r"""
        UPDATE community_group SET folded_name = btrim(regexp_replace(regexp_replace(
            regexp_replace(
                lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f''’‘ʼ`´.]', '', 'g')),
                '[^[:alnum:]]+', ' ', 'g'),
            '\msaint\M', 'st', 'g'), '\mupon\M', 'on', 'g'))
    """)
    op.create_index(
        "ix_community_group_trigrams",
        "community_group",
        ["folded_name"],
        postgresql_using="gin",
        postgresql_ops={"folded_name": "gin_trgm_ops"},
    )


def _create_network() -> None:
    op.create_table(
        "network",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        _created_at(),
        sa.CheckConstraint("name <> ''", name=op.f("ck_network_name_not_empty")),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_network_slug_is_plain")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_network"),
        sa.UniqueConstraint("slug", name="uq_network_slug"),
    )


def _create_network_coordinator() -> None:
    op.create_table(
        "network_coordinator",
        sa.Column("network_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        _refers("network_coordinator", "network_id", "network", ondelete="CASCADE"),
        _refers("network_coordinator", "user_id", "user_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("network_id", "user_id", name="pk_network_coordinator"),
    )
    op.create_index("ix_network_coordinator_user_id", "network_coordinator", ["user_id"])


def _create_network_group() -> None:
    op.create_table(
        "network_group",
        sa.Column("network_id", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("joined_at", TIME, server_default=sa.text("now()"), nullable=False),
        _refers("network_group", "group_id", "community_group", ondelete="CASCADE"),
        _refers("network_group", "network_id", "network", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("network_id", "group_id", name="pk_network_group"),
    )
    op.create_index("ix_network_group_group_id", "network_group", ["group_id"])


def _create_network_invitation() -> None:
    op.create_table(
        "network_invitation",
        sa.Column("network_id", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("invited_by_id", sa.BigInteger),
        sa.Column("invited_at", TIME, nullable=False),
        sa.Column("answer", sa.String(9)),
        sa.Column("answered_at", TIME),
        sa.Column("answered_by_id", sa.BigInteger),
        _one_of("network_invitation", "answer", "accepted", "refused", "withdrawn"),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_network_invitation_answered_whole"),
        ),
        _refers("network_invitation", "answered_by_id", "user_account", ondelete="SET NULL"),
        _refers("network_invitation", "group_id", "community_group", ondelete="CASCADE"),
        _refers("network_invitation", "invited_by_id", "user_account", ondelete="SET NULL"),
        _refers("network_invitation", "network_id", "network", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("network_id", "group_id", name="pk_network_invitation"),
    )
    op.create_index("ix_network_invitation_group_id", "network_invitation", ["group_id"])


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("role", sa.String(6), nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("invited_by_id", sa.BigInteger),
        _created_at(),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("answer", sa.String(9)),
        sa.Column("answered_at", TIME),
        sa.Column("answered_by_id", sa.BigInteger),
        _one_of("invitation", "kind", "member", "claim", "request"),
        _one_of("invitation", "role", "owner", "editor"),
        _one_of("invitation", "answer", "accepted", "refused", "withdrawn"),
        sa.CheckConstraint(ANSWERED, name=op.f("ck_invitation_answered_whole")),
        _refers("invitation", "group_id", "community_group", ondelete="CASCADE"),
        *(_refers("invitation", each, "user_account", ondelete="SET NULL") for each in PEOPLE),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
    )
    for column in ("expires_at", "group_id", "invited_by_id"):
        op.create_index(f"ix_invitation_{column}", "invitation", [column])


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
