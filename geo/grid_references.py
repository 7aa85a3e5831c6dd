"""Ordnance Survey grid references, and eastings and northings of the British National Grid.

They are good for Great Britain alone: Northern Ireland’s eastings are on the Irish grid, and read as
British ones they lie in the sea. pyproj’s transformation is within about five metres.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyproj import Transformer

from geo.errors import GeographyError
from geo.points import Point

# They run from the north-west of a square of 5 by 5, without I.
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
# The second letters of each first letter’s squares that have land in them.
WITH_LAND = {
    "H": "PTUWXYZ",
    "N": "ABCDFGHJKLMNORSTUWXYZ",
    "O": "V",
    "S": "CDEHJKMNOPRSTUVWXYZ",
    "T": "AFGLMQRV",
}
SQUARE_METRES = 100_000
MOST_DIGITS = 5
REFERENCE = re.compile(r"([A-HJ-Z]{2}) *(?:(\d+)|(\d+) +(\d+))?", re.ASCII)
LONGEST_TEXT = 30


@dataclass(frozen=True, slots=True)
class GridReference:
    """A square of the grid: its middle, and how far that is from the corners."""

    letters: str
    easting_digits: str
    northing_digits: str
    point: Point
    precision_metres: int

    def __str__(self) -> str:
        return " ".join(filter(None, (self.letters, self.easting_digits, self.northing_digits)))


def parse_grid_reference(text: str) -> GridReference | None:
    """Read “TQ 300 804”, “TQ300804” or “TQ38”; None for what is no reference to land.

    Two letters and an even number of digits up to ten; fewer digits name a larger square.
    """
    if len(text) > LONGEST_TEXT:
        return None
    written = REFERENCE.fullmatch(" ".join(text.upper().split()))
    if not written or written[1][1] not in WITH_LAND.get(written[1][0], ""):
        return None
    digits = written[2] or ""
    half = len(digits) // 2
    east, north = (written[3], written[4]) if written[3] else (digits[:half], digits[half:])
    if len(east) != len(north) or not 0 < len(east) <= MOST_DIGITS:
        return None
    return _square(written[1], east, north)


def british_national_grid(easting: float, northing: float) -> Point:
    """Return the point of metres east and north on the British National Grid.

    Raises GeographyError where they are outside the grid or no numbers.
    """
    longitude, latitude = _to_wgs84().transform(easting, northing)
    return Point(latitude=float(latitude), longitude=float(longitude))


def points_of_grid(
    eastings: Sequence[float], northings: Sequence[float]
) -> list[tuple[float, float]]:
    """Return longitude and latitude of many positions at once; what is off the grid is infinite."""
    longitudes, latitudes = _to_wgs84().transform(eastings, northings)
    return list(zip(longitudes, latitudes, strict=True))


@functools.cache
def _to_wgs84() -> Transformer:
    """Return the transformation; making it takes a tenth of a second, so it is made once."""
    return Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)


def _square(letters: str, east: str, north: str) -> GridReference | None:
    size = 10 ** (MOST_DIGITS - len(east))
    easting, northing = _corner(letters)
    try:
        middle = british_national_grid(
            easting + int(east) * size + size / 2, northing + int(north) * size + size / 2
        )
    except GeographyError:
        return None
    precision = max(1, round(size * 2**0.5 / 2))
    return GridReference(letters, east, north, middle, precision) if middle.in_uk else None


def _corner(letters: str) -> tuple[int, int]:
    """Return the south-west corner of a 100 km square; the grid’s own begins at square SV."""
    first, second = (LETTERS.index(letter) for letter in letters)
    east = (first % 5) * 5 + second % 5 - 10
    north = 19 - (first // 5) * 5 - second // 5
    return east * SQUARE_METRES, north * SQUARE_METRES
