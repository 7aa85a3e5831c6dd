"""Where is this? One question about whatever somebody types, and one answer."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from geo.errors import GeographyError
from geo.grid_references import parse_grid_reference
from geo.points import parse_pair
from geo.postcodes import is_eircode
from webapp.places.answers import (
    TOWN_PRECISION_METRES,
    Ambiguous,
    Answer,
    Kind,
    Located,
    NotCovered,
    NotFound,
    Territory,
    Unfound,
)
from webapp.places.area_codes import AreaCodes
from webapp.places.areas import areas_at
from webapp.places.locate_postcodes import locate_postcode
from webapp.places.models import Place
from webapp.places.queries import (
    LONGEST_NAME,
    place_with_id,
    places_called,
    places_like,
    places_named,
)
from webapp.places.territories import territory_named

PIN_PRECISION_METRES = 10
LARGEST_ID = 2**63  # what the database’s bigint holds


def locate(session: Session, text: str) -> Answer:
    """Answer where a postcode, a town, a pair of coordinates or a grid reference is.

    Never guesses between several, and sends nothing to anybody.
    """
    typed = text.strip()
    if not typed:
        return NotFound(Unfound.EMPTY)
    if len(typed) > LONGEST_NAME:
        return NotFound(Unfound.UNKNOWN_PLACE)
    by_postcode = locate_postcode(session, typed)
    if by_postcode is not None and not isinstance(by_postcode, NotFound):
        return by_postcode
    # Read after postcodes: TQ12 is one, and a square of the grid as well.
    found = _pair(session, typed) or _grid_reference(session, typed)
    return found or by_postcode or _named(session, typed)


def place_chosen(session: Session, number: int | None) -> Located | None:
    """Return the place that somebody chose from suggestions, by its GeoNames number."""
    place = place_with_id(session, number) if number and 0 < number < LARGEST_ID else None
    return _located(place, AreaCodes(nation=place.nation)) if place else None


def _pair(session: Session, typed: str) -> Answer | None:
    try:
        point = parse_pair(typed)
    except GeographyError:
        return NotFound(Unfound.ELSEWHERE)
    if point is None:
        return None
    label = f"{point.latitude:.2f}, {point.longitude:.2f}"
    return Located(
        kind=Kind.COORDINATES,
        label=label,
        point=point,
        precision_metres=PIN_PRECISION_METRES,
        areas=areas_at(session, point),
    )


def _grid_reference(session: Session, typed: str) -> Answer | None:
    reference = parse_grid_reference(typed)
    if reference is None:
        return None
    return Located(
        kind=Kind.GRID_REFERENCE,
        label=str(reference),
        point=reference.point,
        precision_metres=reference.precision_metres,
        areas=areas_at(session, reference.point),
    )


def _named(session: Session, typed: str) -> Answer:
    if is_eircode(typed):
        return NotCovered(Territory.IRELAND)
    called = places_called(session, typed)
    if not called and (territory := territory_named(typed)):
        return NotCovered(territory)
    found = called or places_named(session, typed)
    if len(found) == 1:
        place = found[0]
        return _located(place, areas_at(session, place.position))
    if found:
        return Ambiguous(_choices(found))
    alike = places_like(session, typed)
    if alike:
        return Ambiguous(_choices(alike), is_guess=True)
    return NotFound(Unfound.UNKNOWN_PLACE)


def _choices(places: Sequence[Place]) -> tuple[Located, ...]:
    return tuple(_located(place, AreaCodes(nation=place.nation)) for place in places)


def _located(place: Place, areas: AreaCodes) -> Located:
    return Located(
        kind=Kind.PLACE,
        label=place.name,
        point=place.position,
        precision_metres=TOWN_PRECISION_METRES,
        areas=areas,
        place=place,
    )
