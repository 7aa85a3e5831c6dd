"""Where a host says that an event is: a pin if there is one, else the town that was typed."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from geo.errors import GeographyError
from geo.points import Point, parse_coordinates
from webapp.places.answers import Ambiguous, Located, NotFound
from webapp.places.models import Place
from webapp.places.queries import find_place
from webapp.places.words import NATION_NAMES, REFUSED_COORDINATES, UNFOUND


@dataclass(frozen=True)
class Spot:
    """Where it is; `precision_metres` is 0 for a pin and more for a town’s middle."""

    point: Point
    precision_metres: int


@dataclass(frozen=True)
class Refused:
    """Why a place could not be taken, and the form’s field to say it beside."""

    field: str
    sentence: str


def whereabouts(session: Session, *, place: str, latitude: str, longitude: str) -> Spot | Refused:
    """Return the spot that was typed, or why there is none."""
    if latitude.strip() or longitude.strip():
        try:
            return Spot(parse_coordinates(latitude, longitude), 0)
        except GeographyError as error:
            return Refused("latitude", str(REFUSED_COORDINATES[error.reason]))
    if not place.strip():
        return Refused("place", _("Enter a town or village, or place a pin on the map."))
    return _point_of(find_place(session, place))


def _point_of(answer: Located | Ambiguous | NotFound) -> Spot | Refused:
    if isinstance(answer, NotFound):
        return Refused("place", str(UNFOUND[answer.reason]))
    if isinstance(answer, Ambiguous):
        return Refused("place", _which(answer.choices))
    if answer.is_approximate:
        return Refused("place", _("Enter the town or village, or place a pin on the map."))
    return Spot(answer.point, answer.precision_metres)


def _which(choices: tuple[Place, ...]) -> str:
    examples = "; ".join(
        f"{place.name}, {place.near or NATION_NAMES[place.nation]}" for place in choices
    )
    return _("There are several. Write one of these:") + f" {examples}"
