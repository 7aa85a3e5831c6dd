"""All that staff look at before they decide about one event; where it exactly is, is not in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session

from webapp.accounts.models import User
from webapp.drafts.preview import zoom_to
from webapp.events.co_hosts import co_hosts_of
from webapp.events.history import ChangeKind, EventChange
from webapp.events.models import Event
from webapp.events.page import EventPage
from webapp.events.pictures import Picture, picture_of
from webapp.groups.models import Group
from webapp.groups.sectors import sector_name
from webapp.language import Language
from webapp.moderation.decisions import Decision, decisions_about
from webapp.moderation.models import Concern
from webapp.moderation.private_details import PrivateDetail, private_details
from webapp.moderation.queries import changes_of, open_concerns, others_of_group
from webapp.organising.what_happened import Happened, happened

OTHERS_SHOWN = 5
LOOKS = frozenset({ChangeKind.APPROVED, ChangeKind.RETURNED})


@dataclass(frozen=True)
class Review:
    """One event before staff: as the public would see it, what is new, its host, what was told."""

    event: Event
    page: EventPage
    picture: Picture | None
    co_hosts: Sequence[Group]
    private_details: Sequence[PrivateDetail]
    sector_name: str
    since_last_look: Sequence[Happened]
    was_looked_at: bool
    concerns: Sequence[Concern]
    others: Sequence[tuple[Event, int]]
    others_total: int
    decisions: tuple[Decision, ...]

    @classmethod
    def of(
        cls, session: Session, event: Event, *, reader: User, language: Language, now: datetime
    ) -> Self:
        """Gather what staff need to see of an event as it is now."""
        changes, concerns = changes_of(session, event.id), open_concerns(session, event.id)
        others, others_total = others_of_group(session, event, OTHERS_SHOWN)
        looked_at = last_look(event, changes)
        news = [each for each in changes if looked_at is not None and each.version > looked_at]
        return cls(
            event=event,
            page=EventPage.of(event, language, now),
            picture=picture_of(session, event.id),
            co_hosts=co_hosts_of(session, event.id),
            private_details=private_details(event),
            sector_name=sector_name(event.group.sector),
            since_last_look=happened(news, event.group, reader),
            was_looked_at=looked_at is not None,
            concerns=concerns,
            others=others,
            others_total=others_total,
            decisions=decisions_about(event, has_concerns=bool(concerns)),
        )

    @property
    def zoom(self) -> float:
        """How close the map of it goes."""
        return zoom_to(self.page.radius_metres)

    @property
    def newest_concern(self) -> int:
        """The id of the newest concern shown; 0 where there is none."""
        return max((each.id for each in self.concerns), default=0)


def last_look(event: Event, changes: Sequence[EventChange]) -> int | None:
    """Return the version of an event that staff looked at last; None if they never did."""
    looks = [each.version for each in changes if each.kind in LOOKS or _is_hidden_by_staff(each)]
    known = [*looks, *([event.reviewed_version] if event.reviewed_version is not None else [])]
    return max(known, default=None)


def _is_hidden_by_staff(change: EventChange) -> bool:
    """Tell whether staff took an event away: they alone have to say why."""
    return change.kind is ChangeKind.HIDDEN and bool(change.explanation)
