"""What people do with events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import Neighbourhood, VenueType
from webapp.accounts.models import User
from webapp.events.models import Event, EventStatus
from webapp.events.placing import Whereabouts, place_event
from webapp.groups.models import Group
from webapp.moments.models import Moment


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """What a host says of an event; times are aware, `point` is where it really is (online: None).

    `precision_metres` is more than 0 where only the town is known, not the spot in it; `postcode` is
    the full one that was typed, without its space.
    """

    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    venue_type: VenueType
    venue_name: str | None
    point: Point | None
    precision_metres: int = 0
    postcode: str | None = None

    @property
    def whereabouts(self) -> Whereabouts | None:
        """Where it really is; None for one online."""
        if self.point is None or self.venue_type is VenueType.ONLINE:
            return None
        return Whereabouts(
            point=self.point, precision_metres=self.precision_metres, postcode=self.postcode
        )


def list_event(
    session: Session,
    new: NewEvent,
    *,
    group: Group,
    moments: Sequence[Moment],
    by: User | None,
    import_key: str | None = None,
    around: Neighbourhood | None = None,
    status: EventStatus = EventStatus.PUBLISHED,
) -> Event:
    """List an event, published unless told otherwise; where the public is told that it is, is settled.

    `around` spares looking up who lives there for each of many events. Raises NoPlacesError while
    the gazetteer is empty.
    """
    event = Event(
        title=new.title,
        description=new.description,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        venue_type=new.venue_type,
        venue_name=new.venue_name,
        status=status,
        group=group,
        listed_by_id=by.id if by else None,
        import_key=import_key,
        moments=list(moments),
    )
    place_event(session, event, new.whereabouts, around=around)
    return event
