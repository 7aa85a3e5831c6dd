"""Questions that the gazetteer answers."""

from sqlalchemy import Float, Select, func, select
from sqlalchemy.orm import Session

from geo.distance import nearest_first
from geo.points import Point
from webapp.places.models import Area, Place, PlaceName
from webapp.places.qualified import divisions, narrowed, read_name
from webapp.places.slips import is_slip, slips_between

LONGEST_NAME = 100
SHORTEST_PREFIX = 3
MOST_CHOICES = 8

# So many people that its point tells nothing about who lives where.
TOWN_POPULATION = 1_000

# The index finds candidates by the trigrams that they share, of which short names have few; then
# slips of typing are counted. What shares most of a long name may have a word more or less.
SHORTEST_GUESSED = 4
MOST_GUESSES, MOST_COMPARED = 5, 40
SIMILARITY = "pg_trgm.similarity_threshold"
LEAST_SIMILARITY, LEAST_OF_SHORT = 0.3, ((4, 0.1), (6, 0.2))
SURELY_ALIKE = 0.55


def places_called(session: Session, text: str, limit: int = MOST_CHOICES) -> list[Place]:
    """Return the places called just that, in any language, the largest first.

    Their own names come before foreign ones. “Newport, Wales” and “Newport, Telford” mean those in
    Wales and near Telford; what follows a comma is disregarded where it is true of none.
    """
    wanted = read_name(text)
    if not wanted.name or len(text) > LONGEST_NAME:
        return []
    own = PlaceName.folded == wanted.name, PlaceName.is_own
    for condition in (own, (PlaceName.folded == wanted.name,)):
        found = _ranked(session, select(Place).join(Place.names).where(*condition), limit)
        if found:
            return narrowed(session, found, wanted) or found
    return []


def places_named(session: Session, text: str, limit: int = MOST_CHOICES) -> list[Place]:
    """Return the places of a name; where there are none, those whose own names begin so."""
    return places_called(session, text, limit) or places_begun(session, text, limit)


def places_begun(session: Session, text: str, limit: int = MOST_CHOICES) -> list[Place]:
    """Return the places whose own names begin so, the largest first."""
    wanted = read_name(text)
    if len(wanted.name) < SHORTEST_PREFIX or len(text) > LONGEST_NAME:
        return []
    prefix = PlaceName.folded.startswith(wanted.name, autoescape=True), PlaceName.is_own
    begun = _ranked(session, select(Place).join(Place.names).where(*prefix), limit)
    return narrowed(session, begun, wanted) or begun


def places_divided(session: Session, text: str, limit: int = MOST_CHOICES) -> list[Place]:
    """Return the places of “Newport Wales”: a name and what is true of them, without a comma."""
    ways = list(divisions(read_name(text)))
    names = [each.name for each in ways]
    if not names or len(text) > LONGEST_NAME:
        return []
    known = select(PlaceName.folded).where(PlaceName.folded.in_(names), PlaceName.is_own)
    written = set(session.scalars(known))
    for wanted in ways:
        if wanted.name in written:
            meant = narrowed(session, places_called(session, wanted.name, limit), wanted)
            if meant:
                return meant
    return []


def places_like(session: Session, text: str, limit: int = MOST_GUESSES) -> list[Place]:
    """Return the places with a name written much like this, the likeliest first."""
    wanted = read_name(text)
    if len(wanted.name) < SHORTEST_GUESSED or len(text) > LONGEST_NAME:
        return []
    least = next((least for letters, least in LEAST_OF_SHORT if len(wanted.name) <= letters), None)
    session.execute(select(func.set_config(SIMILARITY, str(least or LEAST_SIMILARITY), True)))
    found = session.execute(_alike(wanted.name)).all()
    ranked = sorted(
        (slips_between(wanted.name, written), not is_own, n, place)
        for n, (place, written, is_own, alike) in enumerate(found)
        if alike >= SURELY_ALIKE or is_slip(wanted.name, written)
    )
    likely = list(dict.fromkeys(place for *_rank, place in ranked))
    return (narrowed(session, likely, wanted) or likely)[:limit]


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


def _alike(name: str) -> Select[Place, str, bool, float]:
    alike = func.similarity(PlaceName.folded, name, type_=Float)
    return (
        select(Place, PlaceName.folded, PlaceName.is_own, alike)
        .join(Place.names)
        .where(PlaceName.folded.op("%", is_comparison=True)(name))
        .order_by(alike.desc(), Place.population.desc(), Place.id)
        .limit(MOST_COMPARED)
    )
