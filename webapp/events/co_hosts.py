"""Groups that host an event together with its host group, and those invited to.

An event counts once, and its totals by group belong to the host group alone.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, closed_set
from webapp.events.models import Event
from webapp.groups.models import Group


class CoHostAnswer(StrEnum):
    """What an invited group said."""

    INVITED = "invited"  # nothing yet
    ACCEPTED = "accepted"
    REFUSED = "refused"


class CoHost(Base):
    """One group invited to host an event together with its host group."""

    __tablename__ = "event_co_host"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("community_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answer: Mapped[CoHostAnswer] = mapped_column(
        closed_set(CoHostAnswer, "answer"), default=CoHostAnswer.INVITED
    )
    invited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    invited_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    answered_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    group: Mapped[Group] = relationship()
