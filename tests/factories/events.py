"""Events for tests."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from tests.factories.groups import make_group
from tests.factories.moments import make_moment
from tests.factories.places import ROCHDALE, make_place
from webapp.accounts.models import User
from webapp.events.actions import NewEvent, list_event
from webapp.events.models import Event
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.places.queries import nearest_place


def make_event(
    session: Session,
    *,
    moment: Moment | None = None,
    group: Group | None = None,
    point: Point | None = ROCHDALE,
    by: User | None = None,
    **changes: Any,
) -> Event:
    """List an event as a host would: tea in a hall in Rochdale on 5 June 2027, 2pm to 6pm.

    One online has no point.
    """
    if point is not None and nearest_place(session, point) is None:
        make_place(session)
    values: dict[str, Any] = {
        "title": "Tea on Elm Road",
        "description": "Come for a brew.\n\nBring a cup.",
        "starts_at": datetime(2027, 6, 5, 13, tzinfo=UTC),
        "ends_at": datetime(2027, 6, 5, 17, tzinfo=UTC),
        "venue_type": VenueType.PUBLIC,
        "venue_name": "Deeplish Community Centre",
        "point": point,
    }
    new = NewEvent(**{**values, **changes})
    return list_event(
        session,
        new,
        group=group or make_group(session),
        moments=[moment or make_moment(session)],
        by=by,
    )
