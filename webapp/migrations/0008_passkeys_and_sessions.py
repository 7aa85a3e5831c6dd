"""Passkeys, authenticator apps, and the browsers that somebody is signed in with."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("user_account", sa.Column("totp_secret", sa.Text))
    op.add_column("user_account", sa.Column("totp_counter", sa.BigInteger))
    op.add_column("user_account", sa.Column("passkey_handle", sa.LargeBinary))
    op.create_unique_constraint(
        "uq_user_account_passkey_handle", "user_account", ["passkey_handle"]
    )
    _create_passkey()
    _create_signed_in()
    _create_sign_in_tries()


def downgrade() -> None:
    for table in (
        "sign_in_try",
        "signed_in",
        "passkey",
    ):
        op.drop_table(table)
    op.drop_column("user_account", "passkey_handle")
    op.drop_column("user_account", "totp_counter")
    op.drop_column("user_account", "totp_secret")


def _create_passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("credential_id", sa.LargeBinary, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        _created_at(),
        sa.Column("last_used_at", TIME),
        _refers("passkey", "user_id", "user_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("credential_id", name="pk_passkey"),
    )
    op.create_index("ix_passkey_user_id", "passkey", ["user_id"])


def _create_signed_in() -> None:
    op.create_table(
        "signed_in",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        _created_at(),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("proved_at", TIME),
        _refers("signed_in", "user_id", "user_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_signed_in"),
    )
    op.create_index("ix_signed_in_seen_at", "signed_in", ["seen_at"])
    op.create_index("ix_signed_in_user_id", "signed_in", ["user_id"])


def _create_sign_in_tries() -> None:
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_hash", sa.LargeBinary),
        sa.Column("client_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_try"),
    )
    for column in ("account_hash", "client_hash"):
        op.create_index(f"ix_sign_in_try_{column}", "sign_in_try", [column, "created_at"])
    op.create_index("ix_sign_in_try_created_at", "sign_in_try", ["created_at"])


def _created_at() -> sa.Column:
    return sa.Column("created_at", TIME, nullable=False, server_default=sa.func.now())


def _refers(
    table: str, column: str, target: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], ondelete=ondelete, name=name)
