"""Places for tests: real towns."""

from itertools import count

from sqlalchemy.orm import Session

from geo.names import folded
from geo.points import Point
from geo.shapes import to_element
from webapp.places.models import Nation, Place, PlaceName

ROCHDALE = Point(latitude=53.6178, longitude=-2.1552)
LLANELLI = Point(latitude=51.6841, longitude=-4.1633)

numbers = count(1)


def make_place(
    session: Session, name: str = "Rochdale", point: Point = ROCHDALE, **changes: object
) -> Place:
    """Make a town: Rochdale in England unless told otherwise."""
    values: dict[str, object] = {
        "geonames_id": 9_000_000 + next(numbers),
        "name": name,
        "name_cy": None,
        "nation": Nation.ENGLAND,
        "near": None,
        "population": 107_926,
        "point": to_element(point),
    }
    place = Place(**{**values, **changes})
    own = {folded(each) for each in (place.name, place.name_cy) if each}
    place.names = [PlaceName(folded=each, is_own=True) for each in sorted(own)]
    session.add(place)
    session.flush()
    return place
