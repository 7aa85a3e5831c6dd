"""Questions that the gazetteer answers."""

from difflib import SequenceMatcher

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geo.distance import nearest_first
from geo.names import folded
from geo.points import Point
from webapp.places.areas import area_names, areas_at
from webapp.places.models import Area, Place, PlaceName

LONGEST_NAME = 100
SHORTEST_PREFIX = 3
MOST_CHOICES = 8

# So many people that its point tells nothing about who lives where.
TOWN_POPULATION = 1_000

# Slips of typing: shorter names are too much like each other. The index finds candidates by the
# trigrams that they share; then the order of their letters decides.
SHORTEST_GUESSED = 4
MOST_GUESSES, MOST_COMPARED = 5, 40
SIMILARITY, LEAST_SIMILARITY = "pg_trgm.similarity_threshold", 0.3
LEAST_RATIO = 0.75


def places_called(session: Session, text: str, limit: int = MOST_CHOICES) -> list[Place]:
    """Return the places called just that, in any language, the largest first.

    Their own names come before foreign ones. “Newport, Wales” and “Newport, Telford” mean those in
    Wales and near Telford.
    """
    name, _, qualifier = text.partition(",")
    key = folded(name)
    if not key or len(text) > LONGEST_NAME:
        return []
    own = PlaceName.folded == key, PlaceName.is_own
    for condition in (own, (PlaceName.folded == key,)):
        found = _ranked(session, select(Place).join(Place.names).where(*condition), limit)
        if found:
            return _narrowed(session, found, folded(qualifier))
    return []


def places_named(session: Session, text: str, limit: int = MOST_CHOICES) -> list[Place]:
    """Return the places of a name; where there are none, those whose own names begin so."""
    called = places_called(session, text, limit)
    name, _, qualifier = text.partition(",")
    key = folded(name)
    if called or len(text) > LONGEST_NAME or len(key) < SHORTEST_PREFIX:
        return called
    prefix = PlaceName.folded.startswith(key, autoescape=True), PlaceName.is_own
    begun = _ranked(session, select(Place).join(Place.names).where(*prefix), limit)
    return _narrowed(session, begun, folded(qualifier))


def places_like(session: Session, text: str, limit: int = MOST_GUESSES) -> list[Place]:
    """Return the places whose own names are written much like this, the likeliest first."""
    name, _, qualifier = text.partition(",")
    key = folded(name)
    if len(key) < SHORTEST_GUESSED or len(text) > LONGEST_NAME:
        return []
    session.execute(select(func.set_config(SIMILARITY, str(LEAST_SIMILARITY), True)))
    alike = func.similarity(PlaceName.folded, key)
    found = session.execute(
        select(Place, func.max(alike).label("alike"), func.max(PlaceName.folded))
        .join(Place.names)
        .where(PlaceName.folded.op("%", is_comparison=True)(key), PlaceName.is_own)
        .group_by(Place.id)
        .order_by(func.max(alike).desc(), Place.population.desc(), Place.id)
        .limit(MOST_COMPARED)
    )
    likely = [place for place, _alike, written in found if _is_slip(key, written)]
    return _narrowed(session, likely, folded(qualifier))[:limit]


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


def _ranked(session: Session, places: Select[Place], limit: int) -> list[Place]:
    ordered = places.distinct().order_by(Place.population.desc(), Place.id).limit(limit)
    return list(session.scalars(ordered))


def _is_slip(typed: str, written: str) -> bool:
    """Tell whether somebody may have typed this and meant that."""
    return SequenceMatcher(None, typed, written).ratio() >= LEAST_RATIO


def _narrowed(session: Session, places: list[Place], qualifier: str) -> list[Place]:
    """Keep those that a qualifier is true of: nation, town nearby, authority or region.

    All are kept where it is true of none.
    """
    if not qualifier or not places:
        return places
    kept = [
        place
        for place in places
        if qualifier in {folded(place.nation), folded(place.near or "")} - {""}
    ]
    return kept or _in_area(session, places, qualifier) or places


def _in_area(session: Session, places: list[Place], qualifier: str) -> list[Place]:
    areas = [areas_at(session, place.position) for place in places]
    codes = [code for each in areas for code in (each.authority, each.region) if code]
    names = {code: folded(name) for code, name in area_names(session, codes).items()}
    return [
        place
        for place, each in zip(places, areas, strict=True)
        if qualifier in {names.get(each.authority or ""), names.get(each.region or "")}
    ]
