"""What people do with events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType, public_point
from geo.shapes import to_element
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.places.models import Place
from webapp.places.queries import nearest_place, nearest_town


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """What a host says of an event; times are aware, `point` is where it really is.

    `precision_metres` is more than 0 where only the town is known, not the spot in it.
    """

    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    venue_type: VenueType
    venue_name: str | None
    point: Point
    precision_metres: int = 0


def list_event(
    session: Session,
    new: NewEvent,
    *,
    group: Group,
    moments: Sequence[Moment],
    by: User | None,
    import_key: str | None = None,
) -> Event:
    """Publish an event at once; where the public is told that it is, is settled here for good.

    Raises LookupError while the gazetteer is empty.
    """
    place = _place_to_name(session, new)
    shown = public_point(
        new.point, new.venue_type, place.position, precision_metres=new.precision_metres
    )
    event = Event(
        title=new.title,
        description=new.description,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        venue_type=new.venue_type,
        venue_name=new.venue_name,
        exact_point=to_element(new.point),
        public_point=to_element(shown.point),
        public_radius_metres=shown.radius_metres,
        place_id=place.id,
        group_id=group.id,
        listed_by_id=by.id if by else None,
        import_key=import_key,
        moments=list(moments),
    )
    session.add(event)
    session.flush()
    return event


def _place_to_name(session: Session, new: NewEvent) -> Place:
    """Return the nearest place; for what hides, the nearest that is large enough to hide in."""
    nearest = nearest_place if new.venue_type is VenueType.PUBLIC else nearest_town
    place = nearest(session, new.point)
    if place is None:
        msg = "the gazetteer is empty: import places first"
        raise LookupError(msg)
    return place
