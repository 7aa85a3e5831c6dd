"""What the question “where is this?” can be answered with."""

from dataclasses import dataclass
from enum import StrEnum

from geo.points import Point
from geo.postcodes import PostcodeText
from webapp.language import Language
from webapp.places.area_codes import AreaCodes
from webapp.places.models import Nation, Place

# How far from a town’s point its people may be: what “near” means when a town was named.
TOWN_PRECISION_METRES = 3_000


class Kind(StrEnum):
    """What somebody typed."""

    POSTCODE = "postcode"
    POSTCODE_PART = "postcode_part"
    POSTCODE_AREA = "postcode_area"
    PLACE = "place"
    COORDINATES = "coordinates"
    GRID_REFERENCE = "grid_reference"


class Unfound(StrEnum):
    """Why a text led nowhere."""

    EMPTY = "empty"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_POSTCODE = "unknown_postcode"
    NON_GEOGRAPHIC = "non_geographic"
    ELSEWHERE = "elsewhere"


class Territory(StrEnum):
    """Neighbours that have campaigns of their own."""

    GUERNSEY = "guernsey"
    IRELAND = "ireland"
    ISLE_OF_MAN = "isle-of-man"
    JERSEY = "jersey"


NO_AREAS = AreaCodes()


@dataclass(frozen=True, kw_only=True)
class Located:
    """One place, what to call it, and how well it is known.

    `postcode` is what was read as one. `retired_in` is the year in which a postcode ceased; the
    point is then where it was. `is_approximate` says that the point stands for something larger
    than what was asked for. `nations` are all that a part of a postcode lies in.
    """

    kind: Kind
    label: str
    point: Point
    precision_metres: int
    areas: AreaCodes = NO_AREAS
    nations: tuple[Nation, ...] = ()
    place: Place | None = None
    postcode: PostcodeText | None = None
    retired_in: int | None = None
    is_approximate: bool = False

    def name_in(self, language: Language) -> str:
        """Return what to call it, in a language."""
        return self.place.name_in(language) if self.place else self.label


@dataclass(frozen=True)
class Ambiguous:
    """What it may be, the likeliest first; `is_guess` where nothing is written just like that."""

    choices: tuple[Located, ...]
    is_guess: bool = False


@dataclass(frozen=True)
class NotFound:
    """No place, and why."""

    reason: Unfound


@dataclass(frozen=True)
class NotCovered:
    """A place that is no part of the United Kingdom."""

    territory: Territory


Answer = Located | Ambiguous | NotFound | NotCovered
