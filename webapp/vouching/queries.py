"""How many people are on paper lists: shown apart, and never part of another number."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from geo.privacy import VenueType
from webapp.events.models import Event, EventStatus, event_moment
from webapp.events.queries import merged_with
from webapp.moments.models import Moment
from webapp.pledges.queries import shown_people
from webapp.vouching.models import SheetEntry


def on_paper_of_moment(session: Session, moment_id: int) -> int:
    """Return how many people are on the sheets of a moment’s events that are on."""
    listed = aliased(Event)
    statement = (
        select(func.coalesce(func.sum(SheetEntry.people_change), 0))
        .join(listed, listed.id == SheetEntry.event_id)
        .join(Event, _stands_for(listed))
        .join(event_moment, event_moment.c.event_id == Event.id)
        .where(event_moment.c.moment_id == moment_id, Event.status == EventStatus.PUBLISHED)
    )
    return int(session.scalars(statement).one())


def on_paper_of_event(session: Session, event_id: int, venue_type: VenueType) -> int:
    """Return how many are on an event’s sheets as the public may know it: no few of a home."""
    statement = select(func.coalesce(func.sum(SheetEntry.people_change), 0)).where(
        SheetEntry.event_id.in_(merged_with(event_id))
    )
    return shown_people(int(session.scalars(statement).one()), venue_type) or 0


def on_paper_in_all(session: Session) -> int:
    """Return how many people are on the sheets of all real events that are on, each event once."""
    listed = aliased(Event)
    statement = (
        select(func.coalesce(func.sum(SheetEntry.people_change), 0))
        .join(listed, listed.id == SheetEntry.event_id)
        .join(Event, _stands_for(listed))
        .where(Event.status == EventStatus.PUBLISHED, ~_is_demonstration())
    )
    return int(session.scalars(statement).one())


def _stands_for(listed: type[Event]) -> ColumnElement[bool]:
    """Return the condition that an event is the one that stands for a listing: it, or the one kept."""
    return Event.id == func.coalesce(listed.merged_into_id, listed.id)


def _is_demonstration() -> ColumnElement[bool]:
    """Return the condition that an event is made up."""
    return (
        select(event_moment.c.event_id)
        .join(Moment)
        .where(event_moment.c.event_id == Event.id, Moment.is_demonstration)
        .exists()
    )
