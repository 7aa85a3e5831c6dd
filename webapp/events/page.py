"""An event in one language, as its own page and its receipts show it; no exact place is in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from geo.points import Point
from geo.privacy import VenueType
from geo.shapes import from_element
from webapp.events.models import Event, EventStatus
from webapp.language import Language
from webapp.moments.wording import WordedMoment


@dataclass(frozen=True)
class EventPage:
    """What everybody may know of an event."""

    id: int
    public_id: str
    title: str
    paragraphs: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    is_over: bool
    takes_pledges: bool
    status: EventStatus
    venue_type: VenueType
    venue_name: str | None
    place_name: str | None
    host_name: str
    host_slug: str
    point: Point | None
    radius_metres: int
    moments: tuple[WordedMoment, ...]

    @classmethod
    def of(cls, event: Event, language: Language, now: datetime) -> Self:
        """Word an event as it is now."""
        return cls(
            id=event.id,
            public_id=event.public_id,
            title=event.title,
            paragraphs=tuple(text for text in event.description.split("\n\n") if text.strip()),
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            is_over=event.is_over(now),
            takes_pledges=event.takes_pledges(now),
            status=event.status,
            venue_type=event.venue_type,
            venue_name=None if event.venue_type is VenueType.PRIVATE else event.venue_name,
            place_name=event.place.name_in(language) if event.place else None,
            host_name=event.group.name,
            host_slug=event.group.slug,
            point=from_element(event.public_point) if event.public_point is not None else None,
            radius_metres=event.public_radius_metres,
            moments=tuple(WordedMoment.of(moment, language) for moment in event.moments),
        )

    @property
    def moment(self) -> WordedMoment:
        """The moment whose colour its page wears and whose number its pledges go to first."""
        return self.moments[0]

    @property
    def is_demonstration(self) -> bool:
        """Whether it is made up, to show what the site does."""
        return any(moment.is_demonstration for moment in self.moments)
