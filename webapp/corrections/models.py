"""What staff decided about pledges, and which pledges it touched, so that it can be undone exactly.

The ledger has the entries, each with the number of its decision; nothing here is added up.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Uuid

from webapp.accounts.models import User
from webapp.database import Base, PrimaryKey, closed_set
from webapp.moments.models import Moment

LONGEST_REASON = 1000


class DecisionKind(StrEnum):
    """What is done with pledges."""

    RELEASE = "release"
    INVALIDATE = "invalidate"
    UNDO = "undo"


class DecisionState(StrEnum):
    """How far a decision has come: it waits for a second person, runs in the worker, or has ended."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


class Cause(StrEnum):
    """Why, as the public reads it: a closed set, so that nothing personal is ever in it."""

    PEOPLE = "people"
    PROGRAM = "program"
    TWICE = "twice"
    NOT_REAL = "not-real"
    MISTAKE = "mistake"


class PledgeDecision(Base):
    """One decision of staff about pledges of one moment, with who asked for it and who confirmed it.

    `seen` figures are those of the dry run. `heads` is how many people the limit is judged by: of the
    dry run, then of what was chosen, in the end of what was done; more than `limit_heads` need a second
    person. `confirmed_heads` is what that person saw. `done_change` is by how many people in force the
    pledges changed.
    """

    __tablename__ = "pledge_decision"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'undo') = (undoes_id IS NOT NULL)", name="undo_has_what_it_undoes"
        ),
        CheckConstraint("asked_by_id <> confirmed_by_id", name="confirmed_by_another"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_heads IS NULL)", name="confirmed_as_seen"
        ),
        Index(
            "ix_pledge_decision_open",
            "state",
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
        # One undoing at a time.
        Index(
            "uq_pledge_decision_undoing",
            "undoes_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[DecisionKind] = mapped_column(closed_set(DecisionKind, "kind"))
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("pledge_decision.id", ondelete="CASCADE")
    )
    moment_id: Mapped[int] = mapped_column(ForeignKey("moment.id", ondelete="CASCADE"), index=True)
    conditions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    cause: Mapped[Cause] = mapped_column(closed_set(Cause, "cause"))
    reason: Mapped[str]
    state: Mapped[DecisionState] = mapped_column(closed_set(DecisionState, "state"))
    has_grown: Mapped[bool] = mapped_column(default=False, server_default="false")

    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    asked_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    confirmed_at: Mapped[datetime | None]
    confirmed_heads: Mapped[int | None]
    ended_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="SET NULL")
    )
    ended_at: Mapped[datetime | None]

    seen_pledges: Mapped[int]
    seen_heads: Mapped[int]
    seen_people: Mapped[int]
    heads: Mapped[int]
    limit_heads: Mapped[int]
    chosen_at: Mapped[datetime | None]
    chosen_pledges: Mapped[int] = mapped_column(default=0, server_default="0")
    worked_pledges: Mapped[int] = mapped_column(default=0, server_default="0")
    done_pledges: Mapped[int] = mapped_column(default=0, server_default="0")
    done_heads: Mapped[int] = mapped_column(default=0, server_default="0")
    done_change: Mapped[int] = mapped_column(default=0, server_default="0")

    moment: Mapped[Moment] = relationship()
    undoes: Mapped["PledgeDecision | None"] = relationship(remote_side="PledgeDecision.id")
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in {DecisionState.WAITING, DecisionState.RUNNING}

    @property
    def can_be_undone(self) -> bool:
        """Whether it has ended and did something that undoing would take back."""
        return self.kind is not DecisionKind.UNDO and not self.is_open and self.done_pledges > 0

    @property
    def ledger_reason(self) -> str:
        """What stands in the entries of the ledger that it makes."""
        return f"staff-{self.id}-{self.cause}"


class DecidedPledge(Base):
    """One pledge that a decision is about; `looked_at` once its turn has come.

    `heads` is how many people of it were touched: nobody where it was passed over.
    """

    __tablename__ = "decided_pledge"
    __table_args__ = (
        Index("ix_decided_pledge_to_do", "decision_id", postgresql_where=text("looked_at IS NULL")),
    )

    decision_id: Mapped[int] = mapped_column(
        ForeignKey("pledge_decision.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    moment_id: Mapped[int] = mapped_column(
        ForeignKey("moment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pledge: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    looked_at: Mapped[datetime | None]
    heads: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    is_undone: Mapped[bool] = mapped_column(default=False, server_default="false")
