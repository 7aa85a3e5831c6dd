"""Where a host says that an event is: a pin if there is one, else the town that was typed."""

from dataclasses import dataclass
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import RadioField

from geo.errors import GeographyError
from geo.points import Point, parse_coordinates
from geo.privacy import VenueType
from webapp.events.placing import Whereabouts
from webapp.places.answers import (
    TOWN_PRECISION_METRES,
    Ambiguous,
    Answer,
    Kind,
    Located,
    NotCovered,
    NotFound,
)
from webapp.places.locate import locate
from webapp.places.words import REFUSED_COORDINATES, sentence_of, told_apart


@dataclass(frozen=True)
class Spot:
    """Where it is; `precision_metres` is 0 for a pin and more for a town’s middle.

    `postcode` is the whole one that was typed, without its space.
    """

    point: Point
    precision_metres: int
    postcode: str | None = None

    @property
    def whereabouts(self) -> Whereabouts:
        """The same, as an event is placed by it."""
        return Whereabouts(
            point=self.point, precision_metres=self.precision_metres, postcode=self.postcode
        )


@dataclass(frozen=True)
class Refused:
    """Why a place could not be taken, and the form’s field to say it beside."""

    field: str
    sentence: str


class SaysWhere(Protocol):
    """A form with the fields that say where: WhereFields of an EventForm."""

    venue_type: RadioField

    @property
    def said_place(self) -> dict[str, str]:
        """What was typed."""
        ...

    def refuse(self, name: str, sentence: str) -> None:
        """Show a mistake beside a field."""
        ...


def spot_said(session: Session, form: SaysWhere) -> Spot | None:
    """Return the spot that a form names; None online, or with a sentence beside what is wrong."""
    if form.venue_type.data == VenueType.ONLINE:
        return None
    found = whereabouts(session, **form.said_place)
    if isinstance(found, Refused):
        form.refuse(found.field, found.sentence)
        return None
    return found


def whereabouts(session: Session, *, place: str, latitude: str, longitude: str) -> Spot | Refused:
    """Return the spot that was typed, or why there is none."""
    if latitude.strip() or longitude.strip():
        try:
            return Spot(parse_coordinates(latitude, longitude), 0)
        except GeographyError as error:
            return Refused("latitude", str(REFUSED_COORDINATES[error.reason]))
    if not place.strip():
        return Refused(
            "place", _("Enter a postcode, a town or a village, or place a pin on the map.")
        )
    return _spot_of(session, locate(session, place))


def _spot_of(session: Session, answer: Answer) -> Spot | Refused:
    if isinstance(answer, NotFound | NotCovered):
        return Refused("place", sentence_of(answer))
    if isinstance(answer, Ambiguous):
        return Refused("place", _which(session, answer))
    if answer.kind is Kind.POSTCODE_PART and not answer.is_approximate:
        return Refused("place", _("Enter the whole postcode, a town, or place a pin on the map."))
    if answer.is_approximate or answer.precision_metres > TOWN_PRECISION_METRES:
        return Refused(
            "place", _("We know only roughly where that is. Enter a town, or place a pin.")
        )
    whole = answer.postcode.compact if answer.postcode else None
    return Spot(answer.point, answer.precision_metres, whole)


def _which(session: Session, answer: Ambiguous) -> str:
    regions = told_apart(session, answer.choices)
    examples = "; ".join(map(_written, answer.choices, regions))
    ask = _("Did you mean one of these?") if answer.is_guess else _("Which one do you mean?")
    return f"{ask} {_('Write it like this:')} {examples}"


def _written(choice: Located, region: str) -> str:
    """Return what names one place alone, where that can be typed."""
    nearest = region.partition(", ")[0]
    return f"{choice.label}, {nearest}" if nearest else choice.label
