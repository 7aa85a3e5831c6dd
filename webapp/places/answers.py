"""What the question “where is this?” can be answered with."""

from dataclasses import dataclass
from enum import StrEnum

from geo.points import Point
from webapp.language import Language
from webapp.places.models import Place

# How far from a town’s point its people may be: what “near” means when a town was named.
TOWN_PRECISION_METRES = 3_000


class Unfound(StrEnum):
    """Why a text led nowhere."""

    EMPTY = "empty"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_POSTCODE = "unknown_postcode"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True)
class Located:
    """One place; approximate where all that is known is the area around a postcode."""

    point: Point
    precision_metres: int
    place: Place | None
    label: str
    is_approximate: bool

    def name_in(self, language: Language) -> str:
        """Return what to call it, in a language."""
        return self.place.name_in(language) if self.place else self.label


@dataclass(frozen=True)
class Ambiguous:
    """Several places of the name, the largest first."""

    choices: tuple[Place, ...]


@dataclass(frozen=True)
class NotFound:
    """No place, and why."""

    reason: Unfound


Answer = Located | Ambiguous | NotFound
