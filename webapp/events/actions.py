"""What people do with events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import Neighbourhood, VenueType
from webapp.accounts.models import User
from webapp.events.models import Event
from webapp.events.placing import Whereabouts, placing_of
from webapp.groups.models import Group
from webapp.moments.models import Moment


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """What a host says of an event; times are aware, `point` is where it really is.

    `precision_metres` is more than 0 where only the town is known, not the spot in it; `postcode` is
    the full one that was typed, without its space.
    """

    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    venue_type: VenueType
    venue_name: str | None
    point: Point
    precision_metres: int = 0
    postcode: str | None = None


def list_event(
    session: Session,
    new: NewEvent,
    *,
    group: Group,
    moments: Sequence[Moment],
    by: User | None,
    import_key: str | None = None,
    around: Neighbourhood | None = None,
) -> Event:
    """Publish an event at once; where the public is told that it is, is settled here for good.

    `around` spares looking up who lives there for each of many events. Raises NoPlacesError while
    the gazetteer is empty.
    """
    exact = Whereabouts(
        point=new.point, precision_metres=new.precision_metres, postcode=new.postcode
    )
    placing = placing_of(session, exact, new.venue_type, around=around)
    event = Event(
        title=new.title,
        description=new.description,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        venue_type=new.venue_type,
        venue_name=new.venue_name,
        group_id=group.id,
        listed_by_id=by.id if by else None,
        import_key=import_key,
        moments=list(moments),
    )
    placing.put(event)
    session.add(event)
    session.flush()
    session.add(placing.exact_place(event.id))
    session.flush()
    return event
