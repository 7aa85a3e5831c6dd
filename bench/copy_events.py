"""Made-up events by the thousand, with COPY, from the same distribution as the demonstration’s."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import Neighbourhood, public_point
from webapp.events.demonstration import PlannedEvent, peopled_places, plan_events
from webapp.events.models import EventStatus, new_public_id
from webapp.groups.actions import create_group
from webapp.groups.models import Sector
from webapp.moments.models import Moment
from webapp.places.neighbourhood import GazetteerNeighbourhood

EVENTS_PER_GROUP = 50
MOST_GROUPS = 200
COLUMNS = (
    "public_id", "title", "description", "starts_at", "ends_at", "status", "venue_type",
    "venue_name", "public_point", "public_radius_metres", "place_id", "nation",
    "group_id",
)  # fmt: skip


def copy_events(session: Session, moment: Moment, count: int) -> None:
    """Add so many events to a moment, without their exact places. Commits nothing."""
    groups = _groups(session, count)
    places = peopled_places(session)
    connection = session.connection()
    before = connection.scalar(text("SELECT coalesce(max(id), 0) FROM event"))
    around = GazetteerNeighbourhood(session)
    # Made before they are copied: on a connection that is copying nothing can be asked.
    rows = list(_rows(plan_events(places, moment.starts_on, count), groups, around))
    _copy(connection, rows)
    connection.execute(
        text(
            "INSERT INTO event_moment (event_id, moment_id)"
            " SELECT id, :moment_id FROM event WHERE id > :before AND group_id = ANY(:groups)"
        ),
        {"moment_id": moment.id, "before": before, "groups": groups},
    )


def _copy(connection: Connection, rows: Iterable[tuple[object, ...]]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    statement = f"COPY event ({', '.join(COLUMNS)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _groups(session: Session, count: int) -> list[int]:
    number = min(MOST_GROUPS, 1 + count // EVENTS_PER_GROUP)
    names = (f"Benchmark group {n}" for n in range(number))
    return [create_group(session, by=None, name=name, sector=Sector.OTHER).id for name in names]


def _rows(
    planned_events: Iterator[PlannedEvent], groups: Sequence[int], around: Neighbourhood
) -> Iterator[tuple[object, ...]]:
    for number, planned in enumerate(planned_events):
        new = planned.as_new_event()
        shown = public_point(new.point, new.venue_type, around)
        yield (
            new_public_id(),
            new.title,
            new.description,
            new.starts_at,
            new.ends_at,
            EventStatus.PUBLISHED.value,
            new.venue_type.value,
            new.venue_name,
            _ewkt(shown.point),
            shown.radius_metres,
            planned.place.id,
            planned.place.nation.value,
            groups[number % len(groups)],
        )


def _ewkt(point: Point) -> str:
    return f"SRID=4326;POINT({point.longitude} {point.latitude})"
