"""One page of a moment’s list of events."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session

from webapp.events.finding import Nearby
from webapp.events.queries import EventRow, count_of_moment, events_of_moment
from webapp.language import Language

PAGE_SIZE = 20
LAST_PAGE = 500


@dataclass(frozen=True)
class Listing:
    """Events still to come, nearest first where a place was asked for, else soonest first."""

    rows: list[EventRow]
    total: int
    page: int
    near: Nearby | None

    @classmethod
    def of_moment(
        cls,
        session: Session,
        moment_id: int,
        *,
        near: Nearby | None,
        page: int,
        language: Language,
        now: datetime,
    ) -> Self:
        """Return a page, counted from 1, of what a moment still has to come."""
        page = min(max(page, 1), LAST_PAGE)
        rows = events_of_moment(
            session,
            moment_id,
            language=language,
            near=near.point if near else None,
            not_over_at=now,
            limit=PAGE_SIZE,
            offset=PAGE_SIZE * (page - 1),
        )
        total = count_of_moment(session, moment_id, not_over_at=now)
        return cls(rows, total, page, near)

    @property
    def first(self) -> int:
        """The number of the first row shown, counted from 1."""
        return PAGE_SIZE * (self.page - 1) + 1

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return PAGE_SIZE * (self.page - 1) + len(self.rows)

    @property
    def previous_page(self) -> int | None:
        """The page before this one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        """The page after this one."""
        return self.page + 1 if self.last < self.total and self.rows else None
