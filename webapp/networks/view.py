"""What a coordinator wants to see of a network: for which moment, in which order, all or the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy.orm import Session

from webapp.filters import local
from webapp.moments.models import Moment
from webapp.moments.queries import moments_past, moments_to_come


class Order(StrEnum):
    """What the groups are ordered by."""

    NAME = "name"
    PLACE = "place"
    EVENTS = "events"
    PEOPLE = "people"
    REPORTED = "reported"


@dataclass(frozen=True)
class View:
    """One way to look at a network; `moments` are those that can be chosen."""

    moment: Moment
    moments: Sequence[Moment]
    order: Order
    unlisted_only: bool
    now: datetime

    @classmethod
    def asked_for(
        cls, session: Session, arguments: Mapping[str, str], now: datetime
    ) -> Self | None:
        """Read an address; what it does not say, or says oddly, is the usual. None without moments."""
        today = local(now).date()
        moments = [*moments_to_come(session, today), *moments_past(session, today)]
        # Made-up moments last, so that a real one is looked at first.
        moments.sort(key=lambda moment: moment.is_demonstration)
        if not moments:
            return None
        wanted = arguments.get("moment")
        chosen = next((each for each in moments if each.slug == wanted), moments[0])
        sort = arguments.get("sort", "")
        order = Order(sort) if sort in set(Order) else Order.NAME
        return cls(chosen, moments, order, arguments.get("unlisted") == "1", now)

    def address(self, **changes: Any) -> dict[str, Any]:
        """Return what stands behind the question mark for this view, or one that differs from it."""
        values: dict[str, Any] = {
            "moment": self.moment.slug,
            "sort": self.order.value,
            "unlisted": 1 if self.unlisted_only else None,
        }
        return {**values, **changes}
