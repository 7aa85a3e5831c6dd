"""One page of a list, and of a moment’s list of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy.orm import Session

from webapp.events.finding import Nearby
from webapp.events.queries import EventRow, count_of_moment, events_of_moment
from webapp.language import Language

PAGE_SIZE = 20
LAST_PAGE = 500


def page_number(asked: int) -> int:
    """Return the page that was asked for, counted from 1 and no further than anybody goes."""
    return min(max(asked, 1), LAST_PAGE)


@dataclass(frozen=True)
class OnePage:
    """Some rows of a longer list; pages are counted from 1."""

    rows: Sequence[Any]
    total: int
    page: int

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
        """The page before this one; of one past the end, the last that there is."""
        last_page = -(-self.total // PAGE_SIZE)
        return max(1, min(self.page - 1, last_page)) if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        """The page after this one."""
        return self.page + 1 if self.last < self.total and self.rows else None


@dataclass(frozen=True)
class Listing(OnePage):
    """Events still to come, nearest first where a place was asked for, else soonest first."""

    rows: list[EventRow]
    near: Nearby | None = None

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
        page = page_number(page)
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
