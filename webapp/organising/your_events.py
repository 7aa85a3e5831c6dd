"""All that “Your events” shows: what needs you now, what is coming, what has been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.asked_places.queries import places_asked
from webapp.drafts.models import EventDraft
from webapp.drafts.queries import drafts_of
from webapp.events.co_hosts import CoHost, hosted_together, invitations_waiting
from webapp.events.listing import PAGE_SIZE, OnePage, page_number
from webapp.events.models import EventStatus
from webapp.groups.invitations import Invitation
from webapp.groups.models import Group, MemberRole
from webapp.groups.network_invitations import NetworkInvitation
from webapp.groups.networks import Network
from webapp.groups.queries import groups_of
from webapp.headcounts.queries import due_of_groups, reported
from webapp.networks.queries import networks_of
from webapp.organising.queries import (
    HostedEvent,
    coming_events,
    count_of_events,
    event_ids_of_groups,
    events_of_ids,
    network_invitations,
    past_events,
    requests_waiting,
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

    drafts: Sequence[EventDraft]
    returned: Sequence[HostedEvent]
    questions: Sequence[tuple[HostedEvent, int]]
    places: Sequence[tuple[HostedEvent, int]]
    co_hosting: Sequence[CoHost]
    requests: Sequence[Invitation]
    networks: Sequence[NetworkInvitation]
    due: Sequence[HostedEvent]
    in_review: Sequence[HostedEvent]

    @classmethod
    def of(cls, session: Session, user: User, groups: Sequence[Group], now: datetime) -> Self:
        """Find what waits for a person; what concerns a whole group waits for its owners alone."""
        ids = [group.id for group in groups]
        owned = [group.id for group in groups if group.role_of(user) is MemberRole.OWNER]
        unsent = unsent_events(session, ids)
        hosted = event_ids_of_groups(session, ids)
        asked, places = unanswered(session, hosted), places_asked(session, hosted, now)
        due = due_of_groups(session, ids, now)
        found = events_of_ids(session, {*asked, *places, *due})
        return cls(
            drafts=drafts_of(session, user),
            returned=[each for each in unsent if each.status is EventStatus.DRAFT],
            questions=[(found[id_], count) for id_, count in asked.items()],
            places=[(found[id_], count) for id_, count in places.items()],
            co_hosting=invitations_waiting(session, ids, not_over_at=now),
            requests=requests_waiting(session, owned, now),
            networks=network_invitations(session, owned),
            due=[found[id_] for id_ in due],
            in_review=[each for each in unsent if each.status is EventStatus.IN_REVIEW],
        )

    def __bool__(self) -> bool:
        return any(vars(self).values())


@dataclass(frozen=True)
class YourEvents:
    """The page of somebody who hosts; `together` is what other groups host with theirs.

    `reported` is how many came, by event.
    """

    groups: Sequence[Group]
    networks: Sequence[Network]
    needs_you: NeedsYou
    coming: OnePage
    together: Sequence[CoHost]
    past: OnePage
    reported: dict[int, int]

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
            networks=networks_of(session, user),
            needs_you=NeedsYou.of(session, user, groups, now),
            coming=OnePage(coming, coming_count, page_number(pages.coming)),
            together=hosted_together(session, ids, now),
            past=OnePage(past, past_count, page_number(pages.past)),
            reported=reported(session, [each.id for each in past]),
        )


def _stretch(page: int) -> dict[str, int]:
    return {"limit": PAGE_SIZE, "offset": PAGE_SIZE * (page_number(page) - 1)}
