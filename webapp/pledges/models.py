"""The ledger of pledges, and the tallies that the rollup derives from it.

The ledger is append-only: the site’s database role may INSERT and SELECT, nothing else. It holds
no personal data. The rollup writes the tallies; `reconciling.py` makes them anew where they are wrong.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Exists,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from webapp.database import Base, CreatedAt, PrimaryKey, TransactionId, closed_set
from webapp.places.models import Nation

SMALLEST_PARTY, LARGEST_PARTY = 1, 12


class EntryKind(StrEnum):
    """What an entry of the ledger records.

    Held is the rollup’s, also of nobody: whoever waits and is to be held once moved up. Released are those
    whom it finds plausible, for whom staff or a host vouch, or who confirmed an address; and whoever changes
    a held pledge releases and holds it again. Moved is an event’s: it was cancelled, hidden, shown again,
    merged or moved, or counts towards another moment. Waiting is a full event’s: minus the people who go on
    its list, plus those who leave it.
    """

    PLEDGED = "pledged"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    RELEASED = "released"
    INVALIDATED = "invalidated"
    MOVED = "moved"
    WAITING = "waiting"


_KINDS = ", ".join(f"'{kind}'" for kind in EntryKind)
_PARTY_CHANGES = f"""
    CASE kind
        WHEN 'pledged' THEN party_change BETWEEN {SMALLEST_PARTY} AND {LARGEST_PARTY}
        WHEN 'released' THEN party_change BETWEEN {SMALLEST_PARTY} AND {LARGEST_PARTY}
        WHEN 'changed' THEN party_change BETWEEN -11 AND 11 AND party_change <> 0
        WHEN 'moved' THEN party_change BETWEEN -12 AND 12 AND party_change <> 0
        WHEN 'waiting' THEN party_change BETWEEN -12 AND 12 AND party_change <> 0
        ELSE party_change BETWEEN -{LARGEST_PARTY} AND 0
    END
"""


class LedgerEntry(Base):
    """One change in the number of people who have promised to take part.

    `pledge` is the nonce of the pledge that it is about; `participant` a random token, one for each
    person and moment as far as a device or a receipt tells; `via` the code of whoever sent them.

    `xid` is the transaction that wrote it. The rollup folds entries in the order of `xid`, below
    the oldest transaction still running, because an id or a time would miss rows committed late.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("moment_id", "nonce"),
        CheckConstraint(_PARTY_CHANGES, name="party_in_range"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_is_known"),
        CheckConstraint("(kind = 'pledged') = (pledge = nonce)", name="pledge_is_first"),
        CheckConstraint("via ~ '^[a-z0-9-]{1,40}$'", name="via_is_plain"),
        Index("ix_ledger_entry_xid", "xid"),
        Index("ix_ledger_entry_pledge", "moment_id", "pledge"),
        # For the places of an event; those at home do not pay for it.
        Index(
            "ix_ledger_entry_event_id", "event_id", postgresql_where=text("event_id IS NOT NULL")
        ),
        Index("ix_ledger_entry_waiting", "event_id", postgresql_where=text("kind = 'waiting'")),
    )

    id: Mapped[PrimaryKey]
    moment_id: Mapped[int] = mapped_column(ForeignKey("moment.id"))
    nonce: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(default=EntryKind.PLEDGED)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    party_change: Mapped[int] = mapped_column(SmallInteger)
    pledge: Mapped[UUID] = mapped_column(Uuid)
    participant: Mapped[UUID] = mapped_column(Uuid)
    via: Mapped[str | None]
    reason: Mapped[str | None]
    # Where the event is, or where somebody at home takes part, if they said so.
    authority_code: Mapped[str | None]
    region_code: Mapped[str | None]
    nation: Mapped[Nation | None] = mapped_column(closed_set(Nation, "nation"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    recorded_at: Mapped[CreatedAt]
    xid: Mapped[int] = mapped_column(
        TransactionId, server_default=text("pg_current_xact_id()"), deferred=True
    )


def was_withdrawn(moment_id: Any, pledge: Any) -> Exists:
    """Return the condition that a pledge, named by values or by another table’s columns, was withdrawn."""
    return exists().where(
        LedgerEntry.moment_id == moment_id,
        LedgerEntry.pledge == pledge,
        LedgerEntry.kind == EntryKind.WITHDRAWN,
    )


class PledgeStanding(Base):
    """How one pledge stands in one of the moments that it counts towards; `folding.Standing`."""

    __tablename__ = "pledge_standing"
    __table_args__ = (
        CheckConstraint("party >= 0 AND held >= 0 AND people >= 0", name="not_negative"),
        Index("ix_pledge_standing_participant", "moment_id", "participant"),
        Index("ix_pledge_standing_event_id", "event_id"),
        Index("ix_pledge_standing_held", "moment_id", postgresql_where=text("held > 0")),
    )

    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pledge: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    participant: Mapped[UUID] = mapped_column(Uuid)
    first_entry: Mapped[int]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    nation: Mapped[str]
    region_code: Mapped[str]
    authority_code: Mapped[str]
    hour: Mapped[datetime]
    via: Mapped[str]
    party: Mapped[int] = mapped_column(SmallInteger)
    held: Mapped[int] = mapped_column(SmallInteger)
    people: Mapped[int] = mapped_column(SmallInteger)


class _Figures:
    """The figures of a tally; `held` are heads that are not in the others."""

    pledges: Mapped[int] = mapped_column(default=0, server_default="0")
    heads: Mapped[int] = mapped_column(default=0, server_default="0")
    people: Mapped[int] = mapped_column(default=0, server_default="0")
    held: Mapped[int] = mapped_column(default=0, server_default="0")


_NOT_NEGATIVE = "pledges >= 0 AND heads >= 0 AND people >= 0 AND held >= 0"


class MomentTally(_Figures, Base):
    """What the ledger adds up to for one moment: its events and those who take part at home."""

    __tablename__ = "moment_tally"
    __table_args__ = (CheckConstraint(_NOT_NEGATIVE, name="not_negative"),)

    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class EventTally(_Figures, Base):
    """What the ledger adds up to for one event, in one of the moments that it counts towards."""

    __tablename__ = "event_tally"
    __table_args__ = (CheckConstraint(_NOT_NEGATIVE, name="not_negative"),)

    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class SliceTally(_Figures, Base):
    """What the ledger adds up to for one moment, area, hour (UTC) and partner; empty if not known."""

    __tablename__ = "slice_tally"
    __table_args__ = (CheckConstraint(_NOT_NEGATIVE, name="not_negative"),)

    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    nation: Mapped[str] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    authority_code: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    via: Mapped[str] = mapped_column(primary_key=True)


class RollupState(Base):
    """How far the rollup has come: all entries below `folded_below` are in the tallies."""

    __tablename__ = "rollup_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folded_below: Mapped[int] = mapped_column(TransactionId)
    as_of: Mapped[datetime]
    # When the tallies were last compared with the ledger and with one another.
    reconciled_at: Mapped[datetime | None]
    # The number of the checkpoint that is still being added to.
    open_checkpoint: Mapped[int] = mapped_column(default=1, server_default="1")


class ChangedEvent(Base):
    """An event whose pledges may count elsewhere or nowhere now; a trigger of the database writes it.

    So no way to change an event passes it by: a page, a command, or somebody at the database itself.
    """

    __tablename__ = "changed_event"

    id: Mapped[PrimaryKey]
    event_id: Mapped[int]


class KnownMovement(Base):
    """What one kind of entries moved in five minutes and one nation, since the checkpoint before."""

    __tablename__ = "movement"

    checkpoint: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    nation: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    entries: Mapped[int]
    heads: Mapped[int]
    people: Mapped[int]


class Checkpoint(Base):
    """A public file that says what was added to the number, chained to the one before by its hash.

    `content` is the file to the byte; all entries below `folded_below` are in this or an earlier one.
    """

    __tablename__ = "checkpoint"
    __table_args__ = (Index("ix_checkpoint_folded_below", "folded_below"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    folded_below: Mapped[int] = mapped_column(TransactionId)
    content: Mapped[str]
    sha256: Mapped[str]


class Correction(Base):
    """One time that a tally was not what the ledger adds up to, and was set to what it does."""

    __tablename__ = "tally_correction"

    id: Mapped[PrimaryKey]
    moment_id: Mapped[int] = mapped_column(ForeignKey("moment.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    people_before: Mapped[int]
    people_after: Mapped[int]
