"""Invitations into a group, by e-mail or by a link that is claimed, and requests to be let in.

Of a link only a keyed hash is kept; the address that was invited is forgotten once it is answered.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import User
from webapp.database import Base, CreatedAt, PrimaryKey, closed_set
from webapp.groups.models import Group, MemberRole


class InvitationKind(StrEnum):
    """How somebody comes to belong to a group."""

    MEMBER = "member"  # an owner invites an address
    CLAIM = "claim"  # a network’s coordinator hands over a group to whoever runs it
    REQUEST = "request"  # somebody asks the owners to be let in


class InvitationAnswer(StrEnum):
    """What became of an invitation."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Invitation(Base):
    """One invitation; `email` is lower case, null for a claim link and once it is answered.

    Of a request, `invited_by_id` is who asks. `answered_by_id` is who said yes or no.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_whole"),
        Index("ix_invitation_expires_at", "expires_at"),
    )

    id: Mapped[PrimaryKey]
    group_id: Mapped[int] = mapped_column(
        ForeignKey("community_group.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[InvitationKind] = mapped_column(closed_set(InvitationKind, "kind"))
    role: Mapped[MemberRole] = mapped_column(closed_set(MemberRole, "role"))
    email: Mapped[str | None]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    answer: Mapped[InvitationAnswer | None] = mapped_column(closed_set(InvitationAnswer, "answer"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )

    group: Mapped[Group] = relationship()
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can still be answered."""
        return self.answer is None and now < self.expires_at
