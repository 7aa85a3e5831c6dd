"""Local events, and which moments they count towards."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.privacy import VenueType
from webapp.database import Base, CreatedAt, PointColumn, PrimaryKey, closed_set, inside_uk
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.places.models import Nation, Place
from webapp.security import Act

# No vowels and no look-alikes: nothing rude, nothing misread from a poster. 28^10 is about 3e14.
PUBLIC_ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 10


class EventStatus(StrEnum):
    """Where an event is in its life."""

    PUBLISHED = "published"
    CANCELLED = "cancelled"
    HIDDEN = "hidden"


def new_public_id() -> str:
    """Return an id for an event’s address that nobody can guess or count."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


event_moment = Table(
    "event_moment",
    Base.metadata,
    Column("event_id", ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("moment_id", ForeignKey("moment.id"), primary_key=True),
    Index("ix_event_moment_moment_id", "moment_id", "event_id"),
)


class Event(Base):
    """One local gathering. Where it really is stands in a table of its own (`exact_places.py`).

    The authority and region are those of the exact place, for that is where it counts. At a border
    they would tell more than `public_point` does, so reading them from an event raises: they are
    there to be counted by.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("public_radius_metres >= 0", name="radius_not_negative"),
        inside_uk("public_point"),
        Index("ix_event_public_point", "public_point", postgresql_using="gist"),
        Index(
            "ix_event_public_geography",
            text("(public_point::geography)"),
            postgresql_using="gist",
        ),
        Index("ix_event_starts_at", "starts_at", "id"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    title: Mapped[str]
    description: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[EventStatus] = mapped_column(
        closed_set(EventStatus, "status"), default=EventStatus.PUBLISHED
    )
    venue_type: Mapped[VenueType] = mapped_column(closed_set(VenueType, "venue_type"))
    venue_name: Mapped[str | None]
    public_point: Mapped[PointColumn]
    public_radius_metres: Mapped[int]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    authority_code: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    region_code: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    nation: Mapped[Nation | None] = mapped_column(
        closed_set(Nation, "nation"), deferred=True, deferred_raiseload=True
    )
    group_id: Mapped[int] = mapped_column(ForeignKey("community_group.id"), index=True)
    listed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    import_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]

    place: Mapped[Place] = relationship()
    group: Mapped[Group] = relationship()
    moments: Mapped[list[Moment]] = relationship(
        secondary=event_moment, order_by=(Moment.starts_on, Moment.id)
    )

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it."""
        return self.status is not EventStatus.HIDDEN

    @property
    def is_demonstration(self) -> bool:
        """Whether it is made up, to show what the site does."""
        return any(moment.is_demonstration for moment in self.moments)

    def is_over(self, now: datetime) -> bool:
        """Tell whether it has ended."""
        return self.ends_at <= now

    def takes_pledges(self, now: datetime) -> bool:
        """Tell whether somebody may still say that they are in."""
        return self.status is EventStatus.PUBLISHED and not self.is_over(now)

    def permits(self, act: Act, user: Any) -> bool:
        """Tell whether a person may do this; `user` is None for somebody not signed in."""
        if act is Act.SEE and self.is_public:
            return True
        return user is not None and self.group.permits(act, user)
