"""Rectangles of longitude and latitude."""

import math
from dataclasses import dataclass
from typing import Self

from geo.errors import GeographyError, Reason


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees that has a size and does not cross the date line.

    Raises GeographyError for anything else, NaN and infinity included.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.west, self.south, self.east, self.north))):
            raise GeographyError(Reason.NOT_A_NUMBER)
        if not (self.west >= -180 and self.east <= 180 and self.south >= -90 and self.north <= 90):
            raise GeographyError(Reason.OUT_OF_RANGE)
        if not (self.west < self.east and self.south < self.north):
            raise GeographyError(Reason.NOT_A_BOX)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read “west,south,east,north”, the order of GeoJSON and of web maps."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError as error:
            raise GeographyError(Reason.NOT_A_BOX) from error
        return cls(west, south, east, north)

    def covers(self, *, latitude: float, longitude: float) -> bool:
        """Tell whether a position lies inside or on the edge."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east

    def overlaps(self, other: "Box") -> bool:
        """Tell whether the two share any ground."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def clipped_to(self, other: "Box") -> "Box | None":
        """Return the part inside another box; None where they share no area."""
        west, south = max(self.west, other.west), max(self.south, other.south)
        east, north = min(self.east, other.east), min(self.north, other.north)
        return Box(west, south, east, north) if west < east and south < north else None


# From the Scilly Isles to Unst and from St Kilda to Lowestoft, with a little sea around.
# The CHECK constraints of the database use the same four numbers.
UK_BOX = Box(west=-8.7, south=49.8, east=1.85, north=60.95)
