"""Questions that the gazetteer answers."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from geo.distance import nearest_first
from geo.names import folded
from geo.points import Point
from geo.postcode_areas import POSTCODE_AREAS, PRECISION_METRES
from geo.postcodes import PostcodeText, parse_postcode
from webapp.places.answers import (
    TOWN_PRECISION_METRES,
    Ambiguous,
    Answer,
    Located,
    NotFound,
    Unfound,
)
from webapp.places.models import Area, Place, PlaceName

LONGEST_NAME = 100
SHORTEST_PREFIX = 3
MOST_CHOICES = 8

# So many people that its point tells nothing about who lives where.
TOWN_POPULATION = 1_000


def find_place(session: Session, text: str) -> Answer:
    """Answer where a typed town, village or postcode is; never guess between several."""
    if not text.strip():
        return NotFound(Unfound.EMPTY)
    if len(text) > LONGEST_NAME:
        return NotFound(Unfound.UNKNOWN_PLACE)
    postcode = parse_postcode(text)
    if postcode:
        return _locate_postcode(session, postcode)
    return _answer(places_named(session, text))


def places_named(session: Session, text: str, limit: int = MOST_CHOICES) -> list[Place]:
    """Return the places of a name, in any language it is known in, the largest first.

    Their own names come before foreign ones, and beginnings of names only where nothing is called
    just that. “Newport, Wales” and “Newport, Telford” mean those in Wales and near Telford.
    """
    name, _, qualifier = text.partition(",")
    key = folded(name)
    if not key or len(text) > LONGEST_NAME:
        return []
    own = PlaceName.folded == key, PlaceName.is_own
    for condition in (own, (PlaceName.folded == key,)):
        found = _ranked(session, select(Place).join(Place.names).where(*condition), limit)
        if found:
            return _narrowed(found, folded(qualifier))
    if len(key) < SHORTEST_PREFIX:
        return []
    prefix = PlaceName.folded.startswith(key, autoescape=True), PlaceName.is_own
    begun = _ranked(session, select(Place).join(Place.names).where(*prefix), limit)
    return _narrowed(begun, folded(qualifier))


def place_with_id(session: Session, geonames_id: int) -> Place | None:
    """Return the place of a GeoNames number, which stays the same from one import to the next."""
    return session.scalar(select(Place).where(Place.geonames_id == geonames_id))


def nearest_place(session: Session, point: Point) -> Place | None:
    """Return the town or village nearest to a point; None only while the gazetteer is empty."""
    return session.scalar(select(Place).order_by(nearest_first(Place.point, point)).limit(1))


def largest_places(session: Session, limit: int) -> list[Place]:
    """Return the places with most people, the largest first."""
    ordered = select(Place).order_by(Place.population.desc(), Place.id).limit(limit)
    return list(session.scalars(ordered))


def has_places(session: Session) -> bool:
    """Tell whether the gazetteer has been loaded."""
    return session.scalar(select(Place.id).limit(1)) is not None


def has_areas(session: Session) -> bool:
    """Tell whether areas have been loaded."""
    return session.scalar(select(Area.code).limit(1)) is not None


def _answer(found: list[Place]) -> Answer:
    if not found:
        return NotFound(Unfound.UNKNOWN_PLACE)
    if len(found) > 1:
        return Ambiguous(tuple(found))
    place = found[0]
    return Located(place.position, TOWN_PRECISION_METRES, place, place.name, is_approximate=False)


def _locate_postcode(session: Session, postcode: PostcodeText) -> Answer:
    area = POSTCODE_AREAS.get(postcode.area)
    if area is None:
        return NotFound(Unfound.UNKNOWN_POSTCODE)
    if area.point is None:
        return NotFound(Unfound.NOT_COVERED)
    point = area.point
    towns = places_named(session, area.town)
    town = min(towns, key=lambda place: place.position.distance_to(point), default=None)
    return Located(point, PRECISION_METRES, town, area.town, is_approximate=True)


def _ranked(session: Session, places: Select[Place], limit: int) -> list[Place]:
    ordered = places.distinct().order_by(Place.population.desc(), Place.id).limit(limit)
    return list(session.scalars(ordered))


def _narrowed(places: list[Place], qualifier: str) -> list[Place]:
    """Keep those that a qualifier is true of; all where it is true of none."""
    kept = [
        place
        for place in places
        if qualifier in {folded(place.nation), folded(place.near or "")} - {""}
    ]
    return kept or places
