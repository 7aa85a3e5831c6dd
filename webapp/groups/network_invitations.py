"""Invitations of groups that exist into networks; their owners answer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, closed_set
from webapp.groups.invitations import InvitationAnswer
from webapp.groups.models import Group
from webapp.groups.networks import Network


class NetworkInvitation(Base):
    """One group asked into one network; a group that has left again counts as having refused."""

    __tablename__ = "network_invitation"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_whole"),
    )

    network_id: Mapped[int] = mapped_column(
        ForeignKey("network.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("community_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    invited_at: Mapped[datetime]
    answer: Mapped[InvitationAnswer | None] = mapped_column(closed_set(InvitationAnswer, "answer"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )

    network: Mapped[Network] = relationship()
    group: Mapped[Group] = relationship()
