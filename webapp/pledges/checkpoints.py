"""Checkpoints: public files that add up to the headline, each chained to the one before.

Whoever keeps one can later tell that nothing before it was changed: its hash is over the bytes of the
file, which name the hash of the file before.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, text, update
from sqlalchemy.orm import Session

from webapp.moments.models import Moment
from webapp.pledges.models import Checkpoint, EntryKind, KnownMovement, LedgerEntry, RollupState
from webapp.pledges.rollup import LOCK

COLUMNS = ("slot", "nation", "kind", "entries", "heads", "people")
NONE_BEFORE = "0" * 64


class BrokenChainError(ValueError):
    """A checkpoint is missing, was changed, or does not follow the one before; the text says which."""


def write_checkpoint(session: Session, *, now: datetime) -> Checkpoint | None:
    """Close what was folded since the last checkpoint; None where nothing was. Commits nothing."""
    session.execute(LOCK)
    state = session.scalars(select(RollupState)).one()
    number = state.open_checkpoint
    moved = _moved(session, number)
    if not moved:
        return None
    content = _content(number, now, str(state.folded_below), _hash_before(session, number), moved)
    values = {
        "number": number,
        "at": now,
        "folded_below": text("(SELECT folded_below FROM rollup_state)"),
        "content": content,
        "sha256": seal(content.encode()),
    }
    made = session.scalars(insert(Checkpoint).values(values).returning(Checkpoint)).one()
    session.execute(update(RollupState).values(open_checkpoint=number + 1))
    return made


@dataclass(frozen=True)
class Seal:
    """Which checkpoint contains something, and when that was written."""

    number: int
    at: datetime


@dataclass(frozen=True)
class Seals:
    """The checkpoints of a pledge and of its latest change by whoever has the receipt, if any."""

    pledged: Seal | None
    changed: Seal | None


def seals_of(session: Session, entry: LedgerEntry) -> Seals:
    """Return which checkpoints contain a pledge; None where none does yet."""
    written = select(LedgerEntry.xid).where(LedgerEntry.id == entry.id)
    latest = (
        select(LedgerEntry.xid)
        .where(
            LedgerEntry.moment_id == entry.moment_id,
            LedgerEntry.pledge == entry.pledge,
            LedgerEntry.kind.in_((EntryKind.CHANGED, EntryKind.WITHDRAWN)),
        )
        .order_by(LedgerEntry.id.desc())
        .limit(1)
    )
    return Seals(_seal(session, written), _seal(session, latest))


def _seal(session: Session, written: Select[int]) -> Seal | None:
    holds = Checkpoint.folded_below > written.scalar_subquery()
    found = select(Checkpoint.number, Checkpoint.at).where(holds)
    row = session.execute(found.order_by(Checkpoint.folded_below).limit(1)).first()
    return Seal(*row) if row else None


def seal(content: bytes) -> str:
    """Return the hash by which the next file names this one."""
    return hashlib.sha256(content).hexdigest()


def people_of_files(contents: Iterable[str]) -> dict[str, int]:
    """Add checkpoints up to people by moment’s slug; raises BrokenChainError where they do not fit."""
    people: dict[str, int] = defaultdict(int)
    before = NONE_BEFORE
    for number, content in enumerate(contents, 1):
        file = json.loads(content)
        if file["number"] != number or file["previous"] != before:
            msg = f"checkpoint {number} does not follow the one before"
            raise BrokenChainError(msg)
        for slug, rows in file["moments"].items():
            people[slug] += sum(row[COLUMNS.index("people")] for row in rows)
        before = seal(content.encode())
    return dict(people)


def _moved(session: Session, number: int) -> dict[str, list[list[Any]]]:
    moved: dict[str, list[list[Any]]] = defaultdict(list)
    columns = [getattr(KnownMovement, name) for name in COLUMNS]
    found = session.execute(
        select(Moment.slug, *columns)
        .join(Moment, Moment.id == KnownMovement.moment_id)
        .where(KnownMovement.checkpoint == number)
        .order_by(Moment.slug, KnownMovement.slot, KnownMovement.nation, KnownMovement.kind)
    )
    for slug, slot, *rest in found:
        moved[slug].append([f"{slot:%Y-%m-%dT%H:%MZ}", *rest])
    return dict(moved)


def _content(
    number: int, now: datetime, folded_below: str, before: str, moved: dict[str, list[list[Any]]]
) -> str:
    file = {
        "number": number,
        "at": now.isoformat(timespec="seconds"),
        "previous": before,
        "folded_below": folded_below,
        "columns": COLUMNS,
        "moments": moved,
    }
    return json.dumps(file, ensure_ascii=False, separators=(",", ":")) + "\n"


def _hash_before(session: Session, number: int) -> str:
    found = select(Checkpoint.sha256).where(Checkpoint.number == number - 1)
    return session.scalar(found) or NONE_BEFORE
