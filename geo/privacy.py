"""Where the public may be told that an event is."""

from dataclasses import dataclass
from enum import StrEnum

from geo.points import Point

# Steps, so that the radius does not itself tell how far the home is from the town.
RADII_METRES = (2_000, 5_000, 10_000, 20_000, 50_000)
FARTHEST_METRES = 100_000


class VenueType(StrEnum):
    """What kind of place an event is held at, which decides what the public may know of it."""

    PUBLIC = "public"
    STREET = "street"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class PublicPoint:
    """The only location that public code may read; a radius of 0 means exactly there."""

    point: Point
    radius_metres: int


def public_point(
    exact: Point, venue_type: VenueType, town: Point, *, precision_metres: int = 0
) -> PublicPoint:
    """Return where the public is told that an event is.

    `town` is the point of the nearest town: everybody near it who hides shares this one point,
    so nothing of the exact point is in it but which town is nearest. A public venue of which
    only the town is known is given with the precision that its point has.
    """
    if venue_type is VenueType.PUBLIC:
        return PublicPoint(exact, precision_metres)
    distance = exact.distance_to(town)
    radius = next((step for step in RADII_METRES if distance <= step), FARTHEST_METRES)
    return PublicPoint(town, radius)
