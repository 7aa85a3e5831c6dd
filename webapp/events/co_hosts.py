"""Groups that host an event together with its host group, and those invited to.

An event counts once, and its totals by group belong to the host group alone.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, contains_eager, joinedload, mapped_column, relationship

from webapp.database import Base, closed_set
from webapp.events.models import Event, EventStatus
from webapp.groups.models import Group


class CoHostAnswer(StrEnum):
    """What an invited group said."""

    INVITED = "invited"  # nothing yet
    ACCEPTED = "accepted"
    REFUSED = "refused"  # or accepted, and stepped back later
    WITHDRAWN = "withdrawn"  # by the host


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
    # When the group was written to: once, and not before everybody may know of the event.
    told_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    answered_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    group: Mapped[Group] = relationship()


def co_hosts_of(session: Session, event_id: int) -> list[Group]:
    """Return the groups that host an event together with its host group, by name."""
    statement = (
        select(Group)
        .join(CoHost, CoHost.group_id == Group.id)
        .where(CoHost.event_id == event_id, CoHost.answer == CoHostAnswer.ACCEPTED)
        .order_by(Group.name, Group.id)
    )
    return list(session.execute(statement).scalars())


def invitations_waiting(
    session: Session, group_ids: Sequence[int], *, not_over_at: datetime | None = None
) -> list[CoHost]:
    """Return what groups are asked to co-host and have not answered, soonest first.

    Each comes with its group, its event and the event’s host. An event that is not published is not
    told of.
    """
    statement = (
        select(CoHost)
        .join(CoHost.event)
        .where(
            CoHost.group_id.in_(group_ids),
            CoHost.answer == CoHostAnswer.INVITED,
            Event.status == EventStatus.PUBLISHED,
        )
        .options(contains_eager(CoHost.event).joinedload(Event.group), joinedload(CoHost.group))
        .order_by(Event.starts_at, Event.id, CoHost.group_id)
    )
    if not_over_at is not None:
        statement = statement.where(Event.ends_at > not_over_at)
    return list(session.execute(statement).scalars())
