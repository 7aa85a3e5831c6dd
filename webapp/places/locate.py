"""Where is this? One question about whatever somebody types, and one answer."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy.orm import Session

from geo.errors import GeographyError
from geo.grid_references import parse_grid_reference
from geo.points import parse_pair
from geo.postcodes import is_eircode, postcode_in
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
from webapp.places.models import Nation, Place
from webapp.places.qualified import read_name
from webapp.places.queries import (
    LONGEST_NAME,
    place_with_id,
    places_begun,
    places_called,
    places_divided,
    places_like,
)
from webapp.places.territories import (
    territory_after_comma,
    territory_at_the_end,
    territory_named,
)

_UNKNOWN = NotFound(Unfound.UNKNOWN_PLACE)
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
        return _UNKNOWN
    postcode = locate_postcode(session, typed)
    if postcode is not None and not isinstance(postcode, NotFound):
        return postcode
    # Read after postcodes: TQ12 is one, and a square of the grid as well.
    found = _pair(session, typed) or _grid_reference(session, typed) or postcode
    return found or _address_or_name(session, typed)


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


def _address_or_name(session: Session, typed: str) -> Answer:
    """Answer for an address by the whole postcode in it, or else by the town."""
    within = postcode_in(typed)
    postcode = locate_postcode(session, str(within)) if within else None
    if postcode is not None and not isinstance(postcode, NotFound):
        return postcode
    named = _named(session, typed)
    return postcode if postcode and isinstance(named, NotFound) else named


def _named(session: Session, typed: str) -> Answer:
    called = places_called(session, typed)
    elsewhere = _elsewhere(typed, called)
    if elsewhere is not None:
        return NotCovered(elsewhere)
    found = called or places_begun(session, typed) or places_divided(session, typed)
    if len(found) == 1:
        place = found[0]
        return _located(place, areas_at(session, place.position))
    if found:
        return Ambiguous(_choices(session, found))
    if territory := territory_at_the_end(typed):
        return NotCovered(territory)
    alike = places_like(session, typed) or _named_later(session, typed)
    return Ambiguous(_choices(session, alike), is_guess=True) if alike else _UNKNOWN


def _elsewhere(typed: str, called: Sequence[Place]) -> Territory | None:
    """Return the neighbour that is meant; places of ours by that name come first."""
    if is_eircode(typed):
        return Territory.IRELAND
    territory = territory_after_comma(typed)
    # “Belfast, Ireland” is ours.
    if territory is Territory.IRELAND and called:
        return None if called[0].nation is Nation.NORTHERN_IRELAND else territory
    return territory or (None if called else territory_named(typed))


def _named_later(session: Session, typed: str) -> Sequence[Place]:
    """Return the places after a comma: in “Deeplish, Rochdale” the town, if not the quarter."""
    later = read_name(typed).qualifiers
    return next(filter(None, (places_called(session, each) for each in reversed(later))), [])


def _choices(session: Session, places: Sequence[Place]) -> tuple[Located, ...]:
    """Return places to choose from; the areas of those that nothing else tells apart."""
    looks = Counter((place.name, place.nation, place.near) for place in places)
    return tuple(
        _located(
            place,
            AreaCodes(nation=place.nation)
            if looks[place.name, place.nation, place.near] == 1
            else areas_at(session, place.position),
        )
        for place in places
    )


def _located(place: Place, areas: AreaCodes) -> Located:
    return Located(
        kind=Kind.PLACE,
        label=place.name,
        point=place.position,
        precision_metres=TOWN_PRECISION_METRES,
        areas=areas,
        place=place,
    )
