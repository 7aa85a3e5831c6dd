"""Made-up events over British places, in proportion to their people.

The same seed gives the same events each time. They belong to a demonstration moment of their own,
so that no real number ever counts them.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geo.points import Point
from webapp.events.actions import NewEvent, list_event
from webapp.events.demonstration_texts import ENGLISH, Kind, Wording
from webapp.events.demonstration_texts_cy import WELSH
from webapp.events.models import Event, event_moment
from webapp.events.times import london_time
from webapp.groups.actions import create_group
from webapp.groups.models import Group, Membership, Standing
from webapp.moments.models import Moment
from webapp.places.models import Nation, Place
from webapp.places.neighbourhood import GazetteerNeighbourhood

EVENT_COUNT = 600
SEED = "neighbours"
WELSH_SHARE = 0.4  # of the events in Wales
PEOPLE_PER_NEIGHBOUR = 100_000
FEWEST_NEIGHBOURS = 4
FARTHEST_SHARE = 0.45
STROLL_DEGREES = 0.002  # about two hundred metres
MADE_UP = "A made-up group, part of the demonstration."


@dataclass(frozen=True)
class PlannedEvent:
    """A made-up event before it is listed: where, and what its host writes."""

    place: Place
    host_name: str
    kind: Kind
    title: str
    description: str
    venue_name: str | None
    starts_at: datetime
    point: Point

    def as_new_event(self) -> NewEvent:
        """Return it as a host would list it."""
        return NewEvent(
            title=self.title,
            description=self.description,
            starts_at=self.starts_at,
            ends_at=self.starts_at + timedelta(minutes=self.kind.minutes),
            venue_type=self.kind.venue_type,
            venue_name=self.venue_name,
            point=self.point,
        )


def plan_events(places: Sequence[Place], day: date, count: int) -> Iterator[PlannedEvent]:
    """Yield so many events on a day; `places` in a fixed order give the same ones each time."""
    random = Random(SEED)  # noqa: S311 -- nothing secret hangs on made-up events
    points = [place.position for place in places]
    weights = [place.population for place in places]
    around: dict[int, list[Point]] = {}
    for index in random.choices(range(len(places)), weights, k=count):
        place, here = places[index], points[index]
        if index not in around:
            neighbours = FEWEST_NEIGHBOURS + place.population // PEOPLE_PER_NEIGHBOUR
            around[index] = _nearest(here, points, neighbours)
        yield _plan(random, place, _point_between(random, here, around[index]), day)


def peopled_places(session: Session) -> Sequence[Place]:
    """Return the places whose population is known, in an order that never changes."""
    known = select(Place).where(Place.population > 0).order_by(Place.geonames_id)
    return session.scalars(known).all()


def list_demonstration(session: Session, moment: Moment, count: int = EVENT_COUNT) -> list[Event]:
    """List made-up events for a demonstration moment, as their hosts would."""
    if not moment.is_demonstration:
        msg = "made-up events never belong to a real moment"
        raise ValueError(msg)
    hosts: dict[tuple[int, str], Group] = {}
    around = GazetteerNeighbourhood(session)
    return [
        list_event(
            session,
            planned.as_new_event(),
            group=_host(session, hosts, planned),
            moments=[moment],
            by=None,
            around=around,
        )
        for planned in plan_events(peopled_places(session), moment.starts_on, count)
    ]


def delete_demonstration(session: Session, moment_ids: Sequence[int]) -> int:
    """Delete the events of demonstration moments and the groups that hosted nothing else.

    Returns how many events there were. Their entries in the ledger must be gone already.
    """
    ours = select(event_moment.c.event_id).where(event_moment.c.moment_id.in_(moment_ids))
    gone = session.execute(
        delete(Event).where(Event.id.in_(ours)).returning(Event.id, Event.group_id)
    ).all()
    session.execute(
        delete(Group).where(
            Group.id.in_({group_id for _, group_id in gone}),
            ~select(Event.id).where(Event.group_id == Group.id).exists(),
            ~select(Membership.user_id).where(Membership.group_id == Group.id).exists(),
        )
    )
    return len(gone)


def _plan(random: Random, place: Place, point: Point, day: date) -> PlannedEvent:
    is_welsh = place.nation is Nation.WALES and random.random() < WELSH_SHARE
    wording = WELSH if is_welsh else ENGLISH
    kind = random.choice(wording.kinds)
    names = _names(random, wording)
    return PlannedEvent(
        place=place,
        host_name=random.choice(wording.hosts[kind.sector]),
        kind=kind,
        title=kind.title.format(**names),
        description=kind.description.format(**names),
        venue_name=_capitalised(kind.venue.format(**names)) if kind.venue else None,
        starts_at=london_time(day, time(kind.hour, random.choice((0, 0, 30)))),
        point=point,
    )


def _names(random: Random, wording: Wording) -> dict[str, str]:
    return {
        "road": random.choice(wording.roads),
        "hall": random.choice(wording.halls),
        "park": random.choice(wording.parks),
    }


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


def _point_between(random: Random, here: Point, neighbours: Sequence[Point]) -> Point:
    """Return a point on the way to a neighbouring place, which keeps most of them out of the sea.

    The larger the town, the more neighbours it has to choose from, so large ones spread out.
    """
    there = random.choice(neighbours)
    share = random.uniform(0, FARTHEST_SHARE)
    return Point(
        latitude=_between(here.latitude, there.latitude, share, random),
        longitude=_between(here.longitude, there.longitude, share, random),
    )


def _between(start: float, end: float, share: float, random: Random) -> float:
    return round(start + (end - start) * share + random.gauss(0, STROLL_DEGREES), 5)


def _nearest(here: Point, points: Sequence[Point], count: int) -> list[Point]:
    narrowing = math.cos(math.radians(here.latitude))

    def apart(there: Point) -> float:
        east = (there.longitude - here.longitude) * narrowing
        return east**2 + (there.latitude - here.latitude) ** 2

    return heapq.nsmallest(count, points, key=apart)


def _host(session: Session, hosts: dict[tuple[int, str], Group], planned: PlannedEvent) -> Group:
    """Return the town’s group of that name, made the first time that it is wanted."""
    key = planned.place.id, planned.host_name
    if key not in hosts:
        hosts[key] = create_group(
            session,
            by=None,
            name=planned.host_name,
            sector=planned.kind.sector,
            description=MADE_UP,
            place=planned.place,
            standing=Standing.TRUSTED,
        )
    return hosts[key]
