"""Fill in again where events count, after postcodes or areas were loaded or codes have changed."""

from collections.abc import Iterator
from dataclasses import dataclass

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from geo.shapes import from_element
from webapp.events.exact_places import ExactPlace
from webapp.events.models import Event
from webapp.events.placing import Whereabouts, areas_of, put_online
from webapp.extensions import db
from webapp.places.area_codes import AreaCodes
from webapp.places.areas import is_covered_by
from webapp.places.queries import has_areas, nearest_place
from webapp.progress import progress_bar

BATCH = 200  # events of one transaction, so that none holds up the counting of pledges
NO_AREAS = (
    "No areas are loaded, so pins tell no authority."
    " Load them with: flask places import-areas, or make places"
)


@dataclass
class AssignedReport:
    """What became of the events."""

    read: int = 0
    by_postcode: int = 0
    inside: int = 0
    nearby: int = 0
    only_nation: int = 0
    unknown: int = 0
    online: int = 0
    changed: int = 0

    def __str__(self) -> str:
        return (
            f"{self.read} events: {self.by_postcode} by their postcode, {self.inside} inside an"
            f" authority, {self.nearby} within 5 km of one, {self.only_nation} only in a nation,"
            f" {self.unknown} in no area known. {self.online} online, where their groups are."
            f" {self.changed} changed."
        )


@click.command("assign")
@with_appcontext
def assign() -> None:
    """Fill in the authority, region, nation and place of all events again; safe to repeat."""
    click.echo(assign_all(db.session))
    if not has_areas(db.session):
        click.echo(NO_AREAS)


def assign_all(session: Session) -> AssignedReport:
    """Bring all events up to date, committing after each batch. Public points never change."""
    report = AssignedReport()
    total = session.scalar(select(func.count()).select_from(ExactPlace)) or 0
    with progress_bar("Events", total) as advance:
        for batch in _batches(session):
            for exact in batch:
                _assign(session, exact, report)
            session.commit()
            advance(len(batch))
    for event in session.scalars(select(Event).where(Event.venue_type == VenueType.ONLINE)):
        put_online(session, event)
        report.online += 1
    session.commit()
    return report


def _batches(session: Session) -> Iterator[list[ExactPlace]]:
    after = 0
    while True:
        # Who moves an event meanwhile waits, so that nothing is filled in from where it was.
        locked = (
            select(ExactPlace)
            .join(Event, Event.id == ExactPlace.event_id)
            .where(ExactPlace.event_id > after)
            .order_by(ExactPlace.event_id)
            .limit(BATCH)
            .with_for_update(of=Event, key_share=True)
            .execution_options(populate_existing=True)
        )
        batch = list(session.scalars(locked))
        if not batch:
            return
        after = batch[-1].event_id
        yield batch


def _assign(session: Session, exact: ExactPlace, report: AssignedReport) -> None:
    point = from_element(exact.point)
    areas, by_postcode = areas_of(session, Whereabouts(point=point, postcode=exact.postcode))
    shown = select(Event.public_point).where(Event.id == exact.event_id)
    shown_at = session.execute(shown).scalar_one()
    place = nearest_place(session, from_element(shown_at)) if shown_at is not None else None
    values = {
        "authority_code": areas.authority,
        "region_code": areas.region,
        "nation": areas.nation,
        "place_id": place.id if place else None,
    }
    differs = [getattr(Event, name).is_distinct_from(value) for name, value in values.items()]
    changed = session.scalars(
        update(Event)
        .where(Event.id == exact.event_id, differs[0] | differs[1] | differs[2] | differs[3])
        .values(values)
        .returning(Event.id)
        .execution_options(synchronize_session=False)
    ).all()
    report.changed += len(changed)
    report.read += 1
    if by_postcode:
        report.by_postcode += 1
    else:
        _count_by_point(session, point, areas, report)


def _count_by_point(
    session: Session, point: Point, areas: AreaCodes, report: AssignedReport
) -> None:
    if areas.authority:
        is_inside = is_covered_by(session, point, areas.authority)
        report.inside += is_inside
        report.nearby += not is_inside
    elif areas.nation:
        report.only_nation += 1
    else:
        report.unknown += 1
