"""People who sign in, what they are trusted with, and the codes that they sign in by."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from flask_security import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, CreatedAt, PrimaryKey, closed_set
from webapp.language import Language

STAFF = "staff"

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """Something that a person is trusted with on the whole site."""

    __tablename__ = "role"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(unique=True)


class User(Base, UserMixin):
    """Somebody who signs in; the e-mail address is kept in lower case and is theirs alone.

    `fs_uniquifier` is what a session holds instead of the id: a new one ends all sessions.
    """

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    fs_uniquifier: Mapped[str] = mapped_column(unique=True, default=lambda: uuid4().hex)
    language: Mapped[Language] = mapped_column(
        closed_set(Language, "language"), default=Language.ENGLISH
    )
    # What an authenticator app and the site share; kept encrypted.
    totp_secret: Mapped[str | None] = mapped_column(deferred=True)
    # Which half minute the last code was of: no code is taken twice, nor one before it.
    totp_counter: Mapped[int | None] = mapped_column(deferred=True)
    # What passkeys know the account by: random, so that it tells nobody the address.
    passkey_handle: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[CreatedAt]

    # Flask-Security says list[RoleMixin], which no list of our own can be.
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # as said above
        secondary=user_role, lazy="joined"
    )

    # Whether this is somebody in a browser where no second factor was given lately; set for the
    # person of a session when it is read.
    is_unproven = False

    @property
    def is_staff(self) -> bool:
        """Whether this is one of the campaign’s own people, and has proved it where they are."""
        return self.has_role(STAFF) and not self.is_unproven

    @property
    def owes_proof(self) -> bool:
        """Whether a second factor would make this person one of the campaign’s own."""
        return self.has_role(STAFF) and self.is_unproven


class Passkey(Base):
    """A passkey of somebody: what a device proves that it holds, without any secret of it."""

    __tablename__ = "passkey"

    credential_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0, server_default="0")
    name: Mapped[str]
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[datetime | None]

    @property
    def reference(self) -> str:
        """What addresses of our pages call it: nothing that a device would know it by."""
        return sha256(self.credential_id).hexdigest()[:16]


class SignedIn(Base):
    """One browser that somebody is signed in with; deleting the row signs it out.

    `device` is what its user agent calls itself, in two words; no address is kept. `seen_at` is
    written at most once an hour. `proved_at` is when a second factor was last given there.
    """

    __tablename__ = "signed_in"
    __table_args__ = (Index("ix_signed_in_seen_at", "seen_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    device: Mapped[str]
    created_at: Mapped[CreatedAt]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]


class SignInTry(Base):
    """A try to sign in by a passkey or an authenticator’s code; kept for an hour, to limit them.

    Of a passkey the id is its challenge, which therefore works once.
    """

    __tablename__ = "sign_in_try"
    __table_args__ = (
        Index("ix_sign_in_try_account_hash", "account_hash", "created_at"),
        Index("ix_sign_in_try_client_hash", "client_hash", "created_at"),
        Index("ix_sign_in_try_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    client_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class SignInCode(Base):
    """A six-digit code that was sent; only keyed hashes are kept of it and of the addresses."""

    __tablename__ = "sign_in_code"
    __table_args__ = (
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        Index("ix_sign_in_code_email_hash", "email_hash", "created_at"),
        Index("ix_sign_in_code_client_hash", "client_hash", "created_at"),
        Index("ix_sign_in_code_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email_hash: Mapped[bytes]
    client_hash: Mapped[bytes]
    code_hash: Mapped[bytes]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
