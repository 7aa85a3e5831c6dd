"""An event in one language, as its own page and its receipts show it; no exact place is in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from flask_babel import gettext as _
from markupsafe import Markup

from geo.points import Point
from geo.privacy import VenueType
from geo.shapes import from_element
from webapp.events.details import Details
from webapp.events.life import LIVE
from webapp.events.models import PUBLIC_STATUSES, Event, EventStatus
from webapp.language import Language
from webapp.markdown import to_html
from webapp.moments.wording import WordedMoment


@dataclass(frozen=True)
class EventPage:
    """What everybody may know of an event."""

    id: int
    public_id: str
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    is_over: bool
    takes_pledges: bool
    status: EventStatus
    venue_type: VenueType
    venue_name: str | None
    place_name: str | None
    place_number: int | None
    host_name: str
    host_slug: str
    point: Point | None
    radius_metres: int
    moments: tuple[WordedMoment, ...]
    details: Details
    joining_link: str | None
    takes_questions: bool
    notice: str | None
    notice_at: datetime | None
    sequence: int

    @classmethod
    def of(cls, event: Event, language: Language, now: datetime) -> Self:
        """Word an event as it is now."""
        return cls(
            id=event.id,
            public_id=event.public_id,
            title=event.title,
            description=event.description,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            is_over=event.is_over(now),
            takes_pledges=event.takes_pledges(now),
            status=event.status,
            venue_type=event.venue_type,
            venue_name=None if event.venue_type is VenueType.PRIVATE else event.venue_name,
            place_name=event.place.name_in(language) if event.place else None,
            place_number=event.place.geonames_id if event.place else None,
            host_name=event.group.name,
            host_slug=event.group.slug,
            point=from_element(event.public_point) if event.public_point is not None else None,
            radius_metres=event.public_radius_metres,
            moments=tuple(WordedMoment.of(moment, language) for moment in event.moments),
            details=Details.of(event),
            joining_link=event.joining_link if event.is_online else None,
            takes_questions=event.takes_questions and not event.is_over(now),
            notice=event.notice, notice_at=event.notice_at, sequence=event.sequence,
        )  # fmt: skip

    @property
    def text(self) -> Markup:
        """What will happen, as HTML that is safe to show."""
        return to_html(self.description)

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it."""
        return self.status in PUBLIC_STATUSES

    @property
    def is_on(self) -> bool:
        """Whether it takes place, be it later than it was to; else its people count nowhere."""
        return self.status in LIVE

    @property
    def is_to_come(self) -> bool:
        """Whether people may still come to it; what is postponed has its new day before it."""
        return self.is_on and (self.status is EventStatus.POSTPONED or not self.is_over)

    @property
    def is_online(self) -> bool:
        """Whether people meet on the internet."""
        return self.venue_type is VenueType.ONLINE

    @property
    def where(self) -> str:
        """Where everybody may know that it is, in one line."""
        if self.is_online:
            return _("Online")
        return ", ".join(part for part in (self.venue_name, self.place_name) if part)

    @property
    def moment(self) -> WordedMoment:
        """The moment whose colour its page wears and whose number its pledges go to first."""
        return self.moments[0]

    @property
    def is_demonstration(self) -> bool:
        """Whether it is made up, to show what the site does."""
        return any(moment.is_demonstration for moment in self.moments)
