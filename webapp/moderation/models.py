"""What the public tells staff about an event, and why staff trust a group or no longer do."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import User
from webapp.database import Base, CreatedAt, PrimaryKey, closed_set
from webapp.events.models import Event
from webapp.groups.models import Standing

LONGEST_CONCERN = 1000
LONGEST_REASON = 1000


class ConcernKind(StrEnum):
    """What may be wrong with an event."""

    HOME_ADDRESS = "home-address"
    NOT_REAL = "not-real"
    UNSAFE = "unsafe"
    HATEFUL = "hateful"
    WRONG_DETAILS = "wrong-details"
    OTHER = "other"


class Concern(Base):
    """One report by somebody who need not have an account; nothing is kept of who it was.

    `client_hash` is a keyed hash of the address bucket, for limits; it is erased after a day.
    `nonce` is its form’s, sent once. `staff_told` marks the one that staff got a mail about.
    """

    __tablename__ = "concern"
    __table_args__ = (
        Index("ix_concern_open", "created_at", postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[PrimaryKey]
    nonce: Mapped[UUID] = mapped_column(unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ConcernKind] = mapped_column(closed_set(ConcernKind, "kind"))
    text: Mapped[str] = mapped_column(default="")
    client_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    staff_told: Mapped[bool] = mapped_column(default=False, server_default="false")
    created_at: Mapped[CreatedAt]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )

    event: Mapped[Event] = relationship()


class StandingChange(Base):
    """One decision of staff to trust a group, or no longer to; `reason` is for staff alone."""

    __tablename__ = "standing_change"

    id: Mapped[PrimaryKey]
    group_id: Mapped[int] = mapped_column(
        ForeignKey("community_group.id", ondelete="CASCADE"), index=True
    )
    standing: Mapped[Standing] = mapped_column(closed_set(Standing, "standing"))
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))

    by: Mapped[User | None] = relationship()
