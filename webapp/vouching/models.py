"""What trusted hosts and staff stand for: windows for groups, sheets of paper, and callers’ pledges."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from webapp.database import Base, CreatedAt, PrimaryKey, closed_set

MOST_PEOPLE = 500


class Purpose(StrEnum):
    """What kind of place a window is opened for."""

    SCHOOL = "school"
    HALL = "hall"
    CARE_HOME = "care-home"
    OTHER = "other"


class GroupWindow(Base):
    """An hour in which people of one place say that they are in by one link, at most so many.

    Only a hash of the link’s token is kept. `people` counts who came through it; it is written under
    the row’s lock, in the transaction that writes the pledge.
    """

    __tablename__ = "group_window"
    __table_args__ = (
        CheckConstraint(f"cap BETWEEN 1 AND {MOST_PEOPLE}", name="cap_in_range"),
        CheckConstraint("people BETWEEN 0 AND cap", name="people_within_cap"),
        CheckConstraint("closes_at > opened_at", name="closes_after_opening"),
        Index("ix_group_window_event_id", "event_id", "opened_at"),
        Index("ix_group_window_opened_at", "opened_at"),
    )

    id: Mapped[PrimaryKey]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(closed_set(Purpose, "purpose"))
    # What another kind of place is called; for its host and staff alone.
    word: Mapped[str | None]
    cap: Mapped[int] = mapped_column(SmallInteger)
    people: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    # When it was closed before its hour was over, if it was.
    closed_at: Mapped[datetime | None]

    @property
    def left(self) -> int:
        """How many more people may come through it."""
        return self.cap - self.people

    def is_open(self, now: datetime) -> bool:
        """Tell whether people may still come through it, as far as time goes."""
        return self.closed_at is None and now < self.closes_at


class SheetPlace(StrEnum):
    """Where a sheet of paper lay."""

    DOORSTEP = "doorstep"
    SHOP = "shop"
    LIBRARY = "library"
    WORSHIP = "worship"
    HALL = "hall"
    SCHOOL = "school"
    CARE_HOME = "care-home"
    OTHER = "other"


class SheetReason(StrEnum):
    """Why the number of a sheet was corrected."""

    COUNTED_AGAIN = "counted-again"
    MORE_SIGNED = "more-signed"
    ALSO_ONLINE = "also-online"
    MISTAKE = "mistake"


class SheetEntry(Base):
    """What one sheet of paper, or a correction of it, adds to the people on paper lists.

    Append-only, as the ledger is: the site’s database role may INSERT and SELECT. It stands apart from
    the ledger, see docs/decisions/0019-paper-lists-stand-apart.md. The first entry of a sheet has its
    own `key` as the sheet’s; `key` comes with the form, so that one sent twice is one entry.
    """

    __tablename__ = "sheet_entry"
    __table_args__ = (
        CheckConstraint(
            f"CASE WHEN key = sheet THEN people_change BETWEEN 1 AND {MOST_PEOPLE} "
            f"ELSE people_change BETWEEN -{MOST_PEOPLE} AND {MOST_PEOPLE} AND people_change <> 0 END",
            name="people_in_range",
        ),
        CheckConstraint("(key = sheet) = (reason IS NULL)", name="corrections_have_a_reason"),
        Index("ix_sheet_entry_event_id", "event_id"),
    )

    id: Mapped[PrimaryKey]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    sheet: Mapped[UUID] = mapped_column(Uuid)
    key: Mapped[UUID] = mapped_column(Uuid, unique=True)
    people_change: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[SheetPlace] = mapped_column(closed_set(SheetPlace, "place"))
    reason: Mapped[SheetReason | None] = mapped_column(closed_set(SheetReason, "reason"))
    entered_at: Mapped[CreatedAt]


class CallerPledge(Base):
    """Who took a pledge for somebody else by telephone or at a door, and the code to find it again.

    Nothing about the caller. It goes two weeks after what was pledged for is over.
    """

    __tablename__ = "caller_pledge"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{8}$'", name="code_is_eight_digits"),
        Index("ix_caller_pledge_user_id", "user_id", "taken_at"),
    )

    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pledge: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    code: Mapped[str] = mapped_column(unique=True)
    taken_at: Mapped[datetime]


class HeldNotice(Base):
    """When the hosts of an event were last told that pledges for it are being checked."""

    __tablename__ = "held_notice"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    told_at: Mapped[datetime]
