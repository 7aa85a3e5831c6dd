"""One page of a group’s events, those to come or those that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PAGE_SIZE = 20
LAST_PAGE = 500


def page_number(asked: int | None) -> int:
    """Return the page that an address asks for, counted from 1."""
    return min(max(asked or 1, 1), LAST_PAGE)


@dataclass(frozen=True)
class Shelf:
    """Rows of a list of `total`, and which page they are."""

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
        return self.first - 1 + len(self.rows)

    @property
    def previous_page(self) -> int | None:
        """The page before this one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        """The page after this one."""
        return self.page + 1 if self.rows and self.last < self.total else None
