"""What those are told who may come to somebody’s home: what its host wrote, and a pin if there is one.

This is the one module beside the host’s own form that reads where a home really is.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from webapp.asked_places.models import PlaceTelling
from webapp.events.life import LIVE
from webapp.events.models import Event
from webapp.events.placing import Whereabouts, whereabouts_of
from webapp.filters import local


@dataclass(frozen=True)
class ToldPlace:
    """What stands on the receipt of somebody who may come.

    `is_old` says that the host wrote the directions before the event moved: then they are not told.
    """

    directions: str | None
    postcode: str | None
    pin: Point | None
    is_old: bool = False

    @property
    def can_be_found(self) -> bool:
        """Whether it leads to one door: a postcode alone has fifteen."""
        return bool(self.pin or (self.directions and not self.is_old))

    @property
    def written_pin(self) -> str:
        """The pin as people type it into a map, to about a metre."""
        return f"{self.pin.latitude:.5f}, {self.pin.longitude:.5f}" if self.pin else ""

    @property
    def map_app_link(self) -> str:
        """What opens the pin in the map of a phone, and asks no server of anybody’s for it."""
        return f"geo:{self.written_pin.replace(' ', '')}"


def told_place(session: Session, event: Event) -> ToldPlace:
    """Return where a home is, for those who may know and for its hosts."""
    exact = whereabouts_of(session, event)
    telling = session.get(PlaceTelling, event.id, populate_existing=True)
    directions = telling.directions if telling else None
    is_old = bool(telling and directions and telling.place_mark != mark_of(exact))
    if exact is None:
        return ToldPlace(directions, None, None, is_old)
    postcode = f"{exact.postcode[:-3]} {exact.postcode[-3:]}" if exact.postcode else None
    return ToldPlace(directions, postcode, None if exact.precision_metres else exact.point, is_old)


def mark_of(exact: Whereabouts | None) -> str:
    """Return what stands for a place, to tell whether an event has moved since."""
    return sha256(repr(exact).encode()).hexdigest()


def may_be_asked(event: Event, now: datetime) -> bool:
    """Tell whether the exact place of an event can be asked for."""
    return event.venue_type is VenueType.PRIVATE and event.takes_pledges(now)


def is_told_still(event: Event, now: datetime) -> bool:
    """Tell whether a place that was given may stand on receipts: until the day after, while it is on."""
    if event.venue_type is not VenueType.PRIVATE or event.status not in LIVE:
        return False
    return local(now).date() <= last_day(event)


def last_day(event: Event) -> date:
    """Return the last day on which a place stands on receipts."""
    return local(event.ends_at).date() + timedelta(days=1)
