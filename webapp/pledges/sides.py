"""What fairness needs to know of pledges, beside the ledger and never in it; it is erased after a week.

Nothing here says who pledged: a bucket is a hash of an address, made with a salt of the day that is
thrown away as well. The count does not need any of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntFlag
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import LargeBinary, Uuid

from webapp.database import Base, CreatedAt

AT_HOME = 0
EVERYWHERE = -1  # all that comes from a bucket, whatever it is for


class Signal(IntFlag):
    """What is odd about how a pledge was sent."""

    TRAPPED = 1  # the box was filled in that nobody sees
    NO_ORIGIN = 2  # every browser says which site a form is from
    QUICK = 4  # without script, a form was sent within a second of being asked for
    FOREIGN = 8  # another site’s page sent it


@dataclass(frozen=True)
class Side:
    """Where a pledge came from, as far as an address tells, and what is odd about it."""

    bucket: bytes | None
    wide_bucket: bytes | None
    signals: int = 0
    group_window_id: int | None = None


UNKNOWN = Side(None, None)


class BucketSalt(Base):
    """What the buckets of one day (UTC) are hashed with."""

    __tablename__ = "bucket_salt"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)


class PledgeSide(Base):
    """The side of one pledge; no bucket where the address tells nothing, as within this machine.

    `group_window_id` names the window of a host that it came through, who vouches for it: only what is
    added to such a pledge later is judged.
    """

    __tablename__ = "pledge_side"
    __table_args__ = (Index("ix_pledge_side_created_at", "created_at", postgresql_using="brin"),)

    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pledge: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    bucket: Mapped[bytes | None] = mapped_column(LargeBinary)
    wide_bucket: Mapped[bytes | None] = mapped_column(LargeBinary)
    signals: Mapped[int] = mapped_column(SmallInteger)
    group_window_id: Mapped[int | None]
    created_at: Mapped[CreatedAt]


class BucketCount(Base):
    """What came from one bucket on one day (UTC) to one event, or to a moment at home in one area.

    The rollup writes all but `released`, which is what `plausible.py` has let through, and `allowed`,
    where it lets more through than is free.
    """

    __tablename__ = "bucket_count"

    bucket: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # Or AT_HOME, or EVERYWHERE.
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_wide: Mapped[bool]
    pledges: Mapped[int]
    heads: Mapped[int]
    held: Mapped[int]
    repeats: Mapped[int]
    signs: Mapped[int]
    minute: Mapped[datetime]
    in_minute: Mapped[int]
    busiest: Mapped[int]
    released: Mapped[int] = mapped_column(default=0, server_default="0")
    allowed: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def counted(self) -> int:
        """How many people of it are in the number, unless they withdrew."""
        return self.heads - self.held + self.released


def note_side(session: Session, moment_id: int, pledge: UUID, side: Side) -> None:
    """Keep the side of a pledge, in the transaction that writes the pledge, if it says anything."""
    if side == UNKNOWN:
        return
    values = {
        "moment_id": moment_id,
        "pledge": pledge,
        "bucket": side.bucket,
        "wide_bucket": side.wide_bucket,
        "signals": int(side.signals),
        "group_window_id": side.group_window_id,
    }
    session.execute(insert(PledgeSide).values(values).on_conflict_do_nothing())
