"""The ledger of pledges, and the tallies that the rollup derives from it.

The ledger is append-only: the site’s database role may INSERT and SELECT, nothing else. It holds
no personal data. Nothing but the rollup writes tallies.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from webapp.database import Base, CreatedAt, PrimaryKey, TransactionId, closed_set
from webapp.places.models import Nation

SMALLEST_PARTY, LARGEST_PARTY = 1, 12


class EntryKind(StrEnum):
    """What an entry of the ledger records."""

    PLEDGED = "pledged"


class LedgerEntry(Base):
    """One change in the number of people who have promised to take part.

    `xid` is the transaction that wrote it. The rollup folds entries in the order of `xid`, below
    the oldest transaction still running, because an id or a time would miss rows committed late.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("moment_id", "nonce"),
        CheckConstraint(
            f"party_change BETWEEN {SMALLEST_PARTY} AND {LARGEST_PARTY}", name="party_in_range"
        ),
        CheckConstraint("kind IN ('pledged')", name="kind_is_known"),
        Index("ix_ledger_entry_xid", "xid"),
    )

    id: Mapped[PrimaryKey]
    moment_id: Mapped[int] = mapped_column(ForeignKey("moment.id"))
    nonce: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(default=EntryKind.PLEDGED)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    party_change: Mapped[int] = mapped_column(SmallInteger)
    # Where somebody at home takes part, if they said so; an event’s pledges count where it is.
    authority_code: Mapped[str | None]
    region_code: Mapped[str | None]
    nation: Mapped[Nation | None] = mapped_column(closed_set(Nation, "nation"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    recorded_at: Mapped[CreatedAt]
    xid: Mapped[int] = mapped_column(
        TransactionId, server_default=text("pg_current_xact_id()"), deferred=True
    )


class EventTally(Base):
    """What the ledger adds up to for one event."""

    __tablename__ = "event_tally"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pledges: Mapped[int]
    heads: Mapped[int]


class MomentTally(Base):
    """What the ledger adds up to for one moment: its events and those who take part at home."""

    __tablename__ = "moment_tally"

    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pledges: Mapped[int]
    heads: Mapped[int]


class RollupState(Base):
    """How far the rollup has come: all entries below `folded_below` are in the tallies."""

    __tablename__ = "rollup_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folded_below: Mapped[int] = mapped_column(TransactionId)
    as_of: Mapped[datetime]
