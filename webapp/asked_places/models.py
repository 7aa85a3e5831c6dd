"""Who asks a host for the exact place of an event in a home, and what those are told who may come.

Of whoever asks there is a first name and a note, which the host alone reads. They are erased when the
pledge is withdrawn or the question taken back, and two weeks after the event.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from webapp.database import Base, PrimaryKey, closed_set

LONGEST_FIRST_NAME = 40
LONGEST_NOTE = 300
LONGEST_DIRECTIONS = 500
# More than a host would read; who asks then is told to come back later.
MOST_WAITING = 100


class Answer(StrEnum):
    """What a host said to somebody who asks."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class AskedPlace(Base):
    """One pledge that asks for the exact place; without an answer it waits.

    `mail_wording` is the version of the words beside the box for a mail, None where it was not ticked;
    `mail_due_at` is when such a mail is to be sent. Of a question that was declined and then taken back
    the row stays, without name and note, so that nobody asks twice.
    """

    __tablename__ = "asked_place"
    __table_args__ = (
        UniqueConstraint("moment_id", "pledge"),
        CheckConstraint("name IS NOT NULL OR answer = 'declined'", name="has_a_name"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_a_time"),
        Index("ix_asked_place_event_id", "event_id"),
        Index(
            "ix_asked_place_mail_due_at",
            "mail_due_at",
            postgresql_where=text("mail_due_at IS NOT NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    moment_id: Mapped[int] = mapped_column(ForeignKey("moment.id", ondelete="CASCADE"))
    pledge: Mapped[UUID] = mapped_column(Uuid)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str | None]
    note: Mapped[str | None]
    asked_at: Mapped[datetime]
    answer: Mapped[Answer | None] = mapped_column(closed_set(Answer, "answer"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    mail_wording: Mapped[str | None]
    mail_due_at: Mapped[datetime | None]


class PlaceTelling(Base):
    """What is told of one event’s place, and when its hosts are next to be told that somebody asks.

    `place_mark` stands for where the event was when its host wrote the directions: they are of no use
    once it has moved.
    """

    __tablename__ = "place_telling"
    __table_args__ = (
        CheckConstraint(
            "(directions IS NULL) = (place_mark IS NULL)", name="directions_to_one_place"
        ),
        Index(
            "ix_place_telling_hosts_due_at",
            "hosts_due_at",
            postgresql_where=text("hosts_due_at IS NOT NULL"),
        ),
    )

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    directions: Mapped[str | None]
    place_mark: Mapped[str | None]
    hosts_due_at: Mapped[datetime | None]
    hosts_told_at: Mapped[datetime | None]
