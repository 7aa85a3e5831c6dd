"""Settle where an event is, where the public is told that it is, and in which areas it counts."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.cells import Cell
from geo.points import Point
from geo.privacy import Neighbourhood, PublicPoint, VenueType, public_point
from geo.shapes import from_element, to_element
from webapp.events.exact_places import ExactPlace
from webapp.events.models import Event
from webapp.places.area_codes import AreaCodes
from webapp.places.areas import areas_at, areas_of_postcode
from webapp.places.models import Place
from webapp.places.neighbourhood import neighbourhood_of
from webapp.places.queries import nearest_place


class NoPlacesError(LookupError):
    """The gazetteer is empty, so that no event can be said to be near anything."""


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where an event is: its point, how well that is known, and the postcode if one was typed."""

    point: Point
    precision_metres: int = 0
    postcode: str | None = None


@dataclass(frozen=True)
class Placing:
    """All that is settled about where an event is; `place` is the one that pages name.

    `cell` is the square to keep while the event stays inside it.
    """

    exact: Whereabouts
    shown: PublicPoint
    cell: Cell | None
    areas: AreaCodes
    place: Place

    def put(self, event: Event) -> None:
        """Write on an event what may stand there."""
        event.public_point = to_element(self.shown.point)
        event.public_radius_metres = self.shown.radius_metres
        event.place_id = self.place.id
        event.authority_code = self.areas.authority
        event.region_code = self.areas.region
        event.nation = self.areas.nation

    def exact_place(self, event_id: int) -> ExactPlace:
        """Return the row that keeps what must not stand on the event."""
        return ExactPlace(
            event_id=event_id,
            point=to_element(self.exact.point),
            precision_metres=self.exact.precision_metres,
            postcode=self.exact.postcode,
            cell=str(self.cell) if self.cell else None,
        )


def placing_of(
    session: Session,
    exact: Whereabouts,
    venue_type: VenueType,
    *,
    kept: ExactPlace | None = None,
    around: Neighbourhood | None = None,
) -> Placing:
    """Settle where an event is; `kept` is what was settled before, for one that is changed.

    Raises NoPlacesError while the gazetteer is empty.
    """
    before = kept.shown_as if kept is not None else None
    shown = public_point(
        exact.point,
        venue_type,
        around or neighbourhood_of(session, exact.point),
        precision_metres=exact.precision_metres,
        kept=before,
    )
    # The place that pages name is near the public point: the one nearest to a home would cut the
    # circle around it smaller. For a public venue the two points are one.
    place = nearest_place(session, shown.point)
    if place is None:
        msg = "the gazetteer is empty: import places first"
        raise NoPlacesError(msg)
    areas, _ = areas_of(session, exact)
    # A home that was called a street for a day is shown as the square that it was shown as before.
    return Placing(exact, shown, shown.cell or before, areas, place)


def place_event(
    session: Session,
    event: Event,
    exact: Whereabouts | None,
    *,
    around: Neighbourhood | None = None,
) -> None:
    """Settle where an event is, a new one or one that moves, and flush it; None for one online.

    An event online counts where its host group is. Raises NoPlacesError while the gazetteer is empty.
    """
    kept = session.get(ExactPlace, event.id) if event.id else None
    if exact is None:
        put_online(session, event)
        if kept is not None:
            session.delete(kept)
        session.add(event)
        session.flush()
        return
    placing = placing_of(session, exact, event.venue_type, kept=kept, around=around)
    placing.put(event)
    session.add(event)
    session.flush()
    session.merge(placing.exact_place(event.id))
    session.flush()


def whereabouts_of(session: Session, event: Event) -> Whereabouts | None:
    """Return where an event really is, for its hosts alone; None for one online."""
    kept = session.get(ExactPlace, event.id)
    if kept is None:
        return None
    return Whereabouts(
        point=from_element(kept.point),
        precision_metres=kept.precision_metres,
        postcode=kept.postcode,
    )


def put_online(session: Session, event: Event) -> None:
    """Let an event online count where its host group is."""
    place = event.group.place
    areas = areas_at(session, from_element(place.point)) if place else AreaCodes()
    event.public_point = None
    event.public_radius_metres = 0
    event.place = place
    event.authority_code = areas.authority
    event.region_code = areas.region
    event.nation = areas.nation


def areas_of(session: Session, exact: Whereabouts) -> tuple[AreaCodes, bool]:
    """Return the areas that an event counts in, and whether its postcode told them.

    A postcode that is not known tells nothing; then the point has to.
    """
    if exact.postcode:
        by_postcode = areas_of_postcode(session, exact.postcode)
        if by_postcode is not None:
            return by_postcode, True
    return areas_at(session, exact.point), False
