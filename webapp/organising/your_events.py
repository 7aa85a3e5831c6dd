"""All that “Your events” shows: what needs you now, what is coming, what has been."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.events.co_hosts import CoHost, invitations_waiting
from webapp.events.listing import PAGE_SIZE, OnePage, page_number
from webapp.events.models import EventStatus
from webapp.groups.models import Group
from webapp.groups.queries import groups_of
from webapp.headcounts.queries import due_of_groups, reported
from webapp.organising.queries import (
    HostedEvent,
    coming_events,
    count_of_events,
    event_ids_of_groups,
    events_of_ids,
    past_events,
    unsent_events,
)
from webapp.questions.queries import unanswered


@dataclass(frozen=True)
class Pages:
    """Which pages of the two lists were asked for, counted from 1."""

    coming: int = 1
    past: int = 1


@dataclass(frozen=True)
class NeedsYou:
    """What waits for somebody, the most urgent first."""

    returned: Sequence[HostedEvent] = ()
    questions: Sequence[tuple[HostedEvent, int]] = ()
    invitations: Sequence[CoHost] = ()
    due: Sequence[HostedEvent] = ()
    in_review: Sequence[HostedEvent] = ()

    @classmethod
    def of(cls, session: Session, group_ids: Sequence[int], now: datetime) -> Self:
        """Find what waits for the members of groups."""
        unsent = unsent_events(session, group_ids)
        asked = unanswered(session, event_ids_of_groups(session, group_ids))
        due = due_of_groups(session, group_ids, now)
        found = events_of_ids(session, {*asked, *due})
        return cls(
            returned=[each for each in unsent if each.status is EventStatus.DRAFT],
            in_review=[each for each in unsent if each.status is EventStatus.IN_REVIEW],
            questions=[(found[id_], count) for id_, count in asked.items()],
            invitations=invitations_waiting(session, group_ids, not_over_at=now),
            due=[found[id_] for id_ in due],
        )

    def __bool__(self) -> bool:
        return any((self.returned, self.questions, self.invitations, self.due, self.in_review))


@dataclass(frozen=True)
class YourEvents:
    """The page of somebody who hosts; `reported` is how many came, by event."""

    groups: Sequence[Group]
    needs_you: NeedsYou
    coming: OnePage
    past: OnePage
    reported: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, user: User, pages: Pages, now: datetime) -> Self:
        """Find all that concerns a person’s groups."""
        groups = groups_of(session, user)
        ids = [group.id for group in groups]
        coming_count, past_count = count_of_events(session, ids, now)
        coming = coming_events(session, ids, now, **_stretch(pages.coming))
        past = past_events(session, ids, now, **_stretch(pages.past))
        return cls(
            groups=groups,
            needs_you=NeedsYou.of(session, ids, now),
            coming=OnePage(coming, coming_count, page_number(pages.coming)),
            past=OnePage(past, past_count, page_number(pages.past)),
            reported=reported(session, [each.id for each in past]),
        )


def _stretch(page: int) -> dict[str, int]:
    return {"limit": PAGE_SIZE, "offset": PAGE_SIZE * (page_number(page) - 1)}
