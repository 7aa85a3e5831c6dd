"""People who sign in, the codes they sign in by, community groups and their members."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SECTORS = (
    "'faith', 'sport', 'school', 'charity', 'business', 'council', 'arts', 'media', 'health',"
    " 'union', 'other'"
)


def upgrade() -> None:
    _create_people()
    _create_roles()
    _create_sign_in_codes()
    _create_groups()
    _create_members()


def downgrade() -> None:
    for table in (
        "membership", "community_group", "sign_in_code", "user_role", "role", "user_account",
    ):  # fmt: skip
        op.drop_table(table)


def _created_at(*, default: bool = True) -> sa.Column:
    now = sa.func.now() if default else None
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=now)


def _create_people() -> None:
    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False, server_default="true"),
        sa.Column("fs_uniquifier", sa.Text, nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        _created_at(),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("email", name="uq_user_account_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_user_account_fs_uniquifier"),
        sa.CheckConstraint(
            "email = lower(email)", name=op.f("ck_user_account_email_is_lower_case")
        ),
        sa.CheckConstraint("language IN ('en-GB', 'cy')", name=op.f("ck_user_account_language")),
    )


def _create_roles() -> None:
    op.create_table(
        "role",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_role"),
        sa.UniqueConstraint("name", name="uq_role_name"),
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("role_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "role_id", name="pk_user_role"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            ondelete="CASCADE",
            name="fk_user_role_user_id_user_account",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], ondelete="CASCADE", name="fk_user_role_role_id_role"
        ),
    )


def _create_sign_in_codes() -> None:
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email_hash", sa.LargeBinary, nullable=False),
        sa.Column("client_hash", sa.LargeBinary, nullable=False),
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("tries", sa.BigInteger, nullable=False, server_default="0"),
        _created_at(default=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_code"),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_sign_in_code_tries_not_negative")),
    )
    for column in ("email_hash", "client_hash"):
        op.create_index(f"ix_sign_in_code_{column}", "sign_in_code", [column, "created_at"])
    op.create_index("ix_sign_in_code_created_at", "sign_in_code", ["created_at"])


def _create_groups() -> None:
    op.create_table(
        "community_group",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sector", sa.String(8), nullable=False),
        sa.Column("description", sa.Text, nullable=False, server_default=""),
        sa.Column("place_id", sa.BigInteger),
        _created_at(),
        sa.PrimaryKeyConstraint("id", name="pk_community_group"),
        sa.UniqueConstraint("slug", name="uq_community_group_slug"),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_community_group_slug_is_plain")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_community_group_name_not_empty")),
        sa.CheckConstraint(f"sector IN ({SECTORS})", name=op.f("ck_community_group_sector")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name="fk_community_group_place_id_place"
        ),
    )
    op.create_index("ix_community_group_place_id", "community_group", ["place_id"])


def _create_members() -> None:
    op.create_table(
        "membership",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("role", sa.String(6), nullable=False),
        _created_at(),
        sa.PrimaryKeyConstraint("user_id", "group_id", name="pk_membership"),
        sa.CheckConstraint("role IN ('owner', 'editor')", name=op.f("ck_membership_role")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            ondelete="CASCADE",
            name="fk_membership_user_id_user_account",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["community_group.id"],
            ondelete="CASCADE",
            name="fk_membership_group_id_community_group",
        ),
    )
    op.create_index("ix_membership_group_id", "membership", ["group_id"])
