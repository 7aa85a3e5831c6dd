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
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from geo.privacy import VenueType
from webapp.database import (
    Base,
    CreatedAt,
    OptionalPointColumn,
    PrimaryKey,
    closed_set,
    inside_uk,
)
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.places.models import Nation, Place
from webapp.security import Act

# No vowels and no look-alikes: nothing rude, nothing misread from a poster. 28^10 is about 3e14.
PUBLIC_ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 10


class EventStatus(StrEnum):
    """Where an event is in its life; a draft here is one that review has given back.

    What its host has not sent yet is no event: it stands in `webapp.drafts`.
    """

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    HIDDEN = "hidden"


PUBLIC_STATUSES = frozenset({EventStatus.PUBLISHED, EventStatus.POSTPONED, EventStatus.CANCELLED})


class AccessFact(StrEnum):
    """A fact about a place that people look for before they come."""

    STEP_FREE = "step-free"
    TOILET = "accessible-toilet"
    CHANGING_PLACES = "changing-places"
    HEARING_LOOP = "hearing-loop"
    SIGN_LANGUAGE = "bsl"
    QUIET_SPACE = "quiet-space"
    SEATING = "seating"
    PARKING = "parking"


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
        CheckConstraint("capacity > 0", name="capacity_positive"),
        CheckConstraint(
            "(venue_type = 'online') = (public_point IS NULL)", name="online_or_a_point"
        ),
        inside_uk("public_point"),
        Index("ix_event_public_point", "public_point", postgresql_using="gist"),
        Index(
            "ix_event_public_geography",
            text("(public_point::geography)"),
            postgresql_using="gist",
        ),
        CheckConstraint(
            "merged_into_id IS NULL OR status = 'hidden' AND merged_into_id <> id",
            name="merged_is_hidden",
        ),
        Index("ix_event_starts_at", "starts_at", "id"),
        Index(
            "ix_event_merged_into_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index("ix_event_ends_at", "ends_at"),
        # The queue of what waits for review, oldest first.
        Index(
            "ix_event_in_review",
            "submitted_at",
            postgresql_where=text("status = 'in-review'"),
        ),
        # What changed after staff had looked: few of many.
        Index("ix_event_changed", "id", postgresql_where=text("version > reviewed_version")),
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
    # None for an event online, which is on no map; its area is its host group’s.
    public_point: Mapped[OptionalPointColumn]
    public_radius_metres: Mapped[int]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
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
    # The listing of the same event that is kept: its address leads there, and its people count there.
    # What others were merged into is itself merged into none.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]

    # What people like to know before they come; None and empty where nothing was said.
    joining_link: Mapped[str | None]
    capacity: Mapped[int | None]
    cost: Mapped[str | None]  # None is free
    food: Mapped[str | None]
    children: Mapped[str | None]
    bring: Mapped[str | None]
    access_facts: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    access_notes: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    takes_questions: Mapped[bool] = mapped_column(default=True, server_default="true")

    # `version` counts saves, for two who edit at once; `sequence` what calendars must learn of.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    # The host’s word about the latest change of time or place, a postponement or a cancellation.
    notice: Mapped[str | None]
    notice_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    # The version that staff last looked at; an unverified group’s later changes are looked at again.
    reviewed_version: Mapped[int | None]
    # What was hidden by staff is not shown again by its host.
    hidden_by_staff: Mapped[bool] = mapped_column(default=False, server_default="false")
    # When its host was asked how many came: once, the morning after.
    headcount_asked_at: Mapped[datetime | None]

    place: Mapped[Place | None] = relationship()
    group: Mapped[Group] = relationship()
    moments: Mapped[list[Moment]] = relationship(
        secondary=event_moment, order_by=(Moment.starts_on, Moment.id)
    )

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it."""
        return self.status in PUBLIC_STATUSES

    @property
    def is_demonstration(self) -> bool:
        """Whether it is made up, to show what the site does."""
        return any(moment.is_demonstration for moment in self.moments)

    @property
    def is_online(self) -> bool:
        """Whether people meet on the internet."""
        return self.venue_type is VenueType.ONLINE

    def is_over(self, now: datetime) -> bool:
        """Tell whether it has ended."""
        return self.ends_at <= now

    def takes_pledges(self, now: datetime) -> bool:
        """Tell whether somebody may still say that they are in."""
        return self.status is EventStatus.PUBLISHED and not self.is_over(now)

    def may_be_asked_about(self, now: datetime) -> bool:
        """Tell whether a neighbour may send its host a question."""
        return self.takes_questions and self.is_public and not self.is_over(now)

    def permits(self, act: Act, user: Any) -> bool:
        """Tell whether a person may do this; `user` is None for somebody not signed in."""
        if act is Act.SEE:
            # What is not public is known to those alone who may change it.
            return self.is_public or self.group.permits(Act.EDIT, user)
        return user is not None and self.group.permits(act, user)
