"""Sheets of paper: enter how many people are on one, and correct it by a further entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.events.life import lock_event
from webapp.events.models import Event, EventStatus
from webapp.events.queries import merged_with
from webapp.vouching.models import MOST_PEOPLE, SheetEntry, SheetPlace, SheetReason

ENTERED_FOR = timedelta(days=60)
MOST_SHEETS = 40


class TooManySheetsError(Exception):
    """The event has as many sheets as an event can have."""


@dataclass(frozen=True)
class Sheet:
    """One sheet as it stands: its number among the event’s, where it lay, who is on it, and when said.

    `event_id` is the listing for which it was entered, which may have been merged into the event since.
    """

    number: int
    key: UUID
    event_id: int
    place: SheetPlace
    people: int
    entered_at: datetime
    corrections: int


def may_be_entered(event: Event, now: datetime) -> bool:
    """Tell whether sheets of an event can be counted: it has begun, and was not too long ago."""
    has_begun = event.status is EventStatus.PUBLISHED and event.starts_at <= now
    return has_begun and now < event.ends_at + ENTERED_FOR


def enter_sheet(
    session: Session, event: Event, key: UUID, *, people: int, place: SheetPlace
) -> None:
    """Enter how many people signed on one sheet, 1 to 500; the same key again changes nothing."""
    if not 1 <= people <= MOST_PEOPLE:
        msg = f"a sheet has 1 to {MOST_PEOPLE} people"
        raise ValueError(msg)
    lock_event(session, event)
    sheets = sheets_of_event(session, event.id)
    if len(sheets) >= MOST_SHEETS and key not in {each.key for each in sheets}:
        raise TooManySheetsError
    _add(session, event.id, key=key, sheet=key, people_change=people, place=place)


def correct_sheet(
    session: Session, event: Event, sheet: UUID, key: UUID, *, people: int, reason: SheetReason
) -> None:
    """Say that other than what was said so many people, 0 to 500, are on a sheet.

    What was said stands; an entry beside it is the difference. A key that was used, be it the sheet’s own,
    changes nothing, and neither does the number that stands. Raises LookupError for a sheet that the event does not have.
    """
    if not 0 <= people <= MOST_PEOPLE:
        msg = f"a sheet has up to {MOST_PEOPLE} people"
        raise ValueError(msg)
    lock_event(session, event)
    before = sheet_of_event(session, event.id, sheet)
    if before is None:
        raise LookupError(sheet)
    if people != before.people and key != sheet:
        change = people - before.people
        more = {"sheet": sheet, "people_change": change, "place": before.place, "reason": reason}
        _add(session, before.event_id, key=key, **more)


def sheets_of_event(session: Session, event_id: int) -> Sequence[Sheet]:
    """Return the sheets of an event in the order in which they were entered, as they stand now."""
    rows = session.execute(
        select(
            SheetEntry.sheet,
            func.min(SheetEntry.event_id).label("event_id"),
            func.min(SheetEntry.place).label("place"),
            func.sum(SheetEntry.people_change).label("people"),
            func.max(SheetEntry.entered_at).label("entered_at"),
            func.count().label("entries"),
        )
        .where(SheetEntry.event_id.in_(merged_with(event_id)))
        .group_by(SheetEntry.sheet)
        .order_by(func.min(SheetEntry.id))
    )
    return [_sheet(number, row) for number, row in enumerate(rows, 1)]


def sheet_of_event(session: Session, event_id: int, key: UUID) -> Sheet | None:
    """Return one sheet of an event."""
    return next((each for each in sheets_of_event(session, event_id) if each.key == key), None)


def _add(session: Session, event_id: int, **values: object) -> None:
    entry = {"event_id": event_id, **values}
    session.execute(insert(SheetEntry).values(entry).on_conflict_do_nothing())


def _sheet(number: int, row: Row[*tuple[Any, ...]]) -> Sheet:
    return Sheet(
        number=number,
        key=row.sheet,
        event_id=row.event_id,
        place=SheetPlace(row.place),
        people=int(row.people),
        entered_at=row.entered_at,
        corrections=row.entries - 1,
    )
