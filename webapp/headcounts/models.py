"""The *reported* number, which hosts give afterwards, and what people say of whom they met.

Never added to pledges or estimates.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, PrimaryKey, closed_set

MOST_HEADS = 100_000


class Headcount(Base):
    """About how many came to an event, as its host told; a later answer replaces it."""

    __tablename__ = "headcount"
    __table_args__ = (
        CheckConstraint(f"people BETWEEN 0 AND {MOST_HEADS}", name="people_in_range"),
    )

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    people: Mapped[int]
    reported_at: Mapped[datetime]


class Teller(StrEnum):
    """Who tells whether they met somebody."""

    HOST = "host"
    NEIGHBOUR = "neighbour"


class Encounter(Base):
    """Whether one person met somebody new, and somebody whom they would not usually meet.

    `teller_key` is a keyed hash of the receipt or the host’s link: one answer each, which can be
    changed, and which tells nobody who gave it.
    """

    __tablename__ = "encounter"
    __table_args__ = (
        CheckConstraint("met_new OR NOT met_unusual", name="unusual_is_new"),
        Index("ix_encounter_moment_id", "moment_id", "event_id"),
    )

    id: Mapped[PrimaryKey]
    moment_id: Mapped[int] = mapped_column(ForeignKey("moment.id"))
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    teller: Mapped[Teller] = mapped_column(closed_set(Teller, "teller"))
    teller_key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    met_new: Mapped[bool]
    met_unusual: Mapped[bool]
    told_on: Mapped[date]
