"""Positions on the ground, and reading them from what people type."""

import math
import re
from dataclasses import dataclass

from geo.bounds import UK_BOX, Box
from geo.errors import GeographyError, Reason

EARTH_RADIUS_METRES = 6_371_008.8  # the mean radius of the WGS84 ellipsoid

# Only plain decimals: float() alone would also read "nan", "1e1" and "1_0".
DECIMAL = re.compile(r"[+-]?(\d{1,3}(\.\d{0,20})?|\.\d{1,20})", re.ASCII)
NUMBER = r"[+-]?(?:\d{1,3}(?:\.\d{0,20})?|\.\d{1,20})"
BETWEEN = "(?: ?[,;/] ?| )"
LETTERS_LAST = re.compile(rf"({NUMBER}) ?([NSEW])?{BETWEEN}({NUMBER}) ?([NSEW])?", re.ASCII)
LETTERS_FIRST = re.compile(rf"([NSEW]) ?({NUMBER}){BETWEEN}([NSEW]) ?({NUMBER})", re.ASCII)
BARE_NUMBERS = re.compile(r"\d+ \d+", re.ASCII)
BRACKETS = "()[]"
LONGEST_PAIR = 60
SIGNS = str.maketrans({"−": "-", "–": "-", "\N{DEGREE SIGN}": None})


@dataclass(frozen=True, slots=True)
class Point:
    """A position in degrees; one that is not finite or not on earth cannot be made."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.latitude) and math.isfinite(self.longitude)):
            raise GeographyError(Reason.NOT_A_NUMBER)
        if abs(self.latitude) > 90 or abs(self.longitude) > 180:
            raise GeographyError(Reason.OUT_OF_RANGE)

    @property
    def in_uk(self) -> bool:
        """Whether the point is inside the United Kingdom’s box."""
        return self.is_in(UK_BOX)

    @property
    def swapped(self) -> "Point":
        """The point with its two numbers exchanged; raises GeographyError past the poles."""
        return Point(latitude=self.longitude, longitude=self.latitude)

    def is_in(self, box: Box) -> bool:
        """Tell whether the point is inside a box or on its edge."""
        return box.covers(latitude=self.latitude, longitude=self.longitude)

    def distance_to(self, other: "Point") -> float:
        """Return metres along the sphere (haversine); within 0.5 % of the ellipsoid."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        half_north = math.sin((there - here) / 2)
        half_east = math.sin(math.radians(other.longitude - self.longitude) / 2)
        chord = half_north**2 + math.cos(here) * math.cos(there) * half_east**2
        return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, chord)))


def parse_coordinates(latitude: str, longitude: str) -> Point:
    """Return the point in the United Kingdom that two typed decimals name.

    Raises GeographyError with SWAPPED where the numbers are only right the other way round.
    """
    point = Point(latitude=_degrees(latitude), longitude=_degrees(longitude))
    if point.in_uk:
        return point
    if _is_swapped(point):
        raise GeographyError(Reason.SWAPPED)
    raise GeographyError(Reason.OUTSIDE_UK)


def parse_pair(text: str) -> Point | None:
    """Return the point in the United Kingdom that a typed pair of decimals names, in either order.

    “51.5, -0.12”, “51.5 -0.12”, “0.12 W, 51.5 N”: letters say which is which, else the one order that
    is in the UK. None for what is no pair; raises GeographyError with OUTSIDE_UK for one elsewhere.
    """
    if len(text) > LONGEST_PAIR:
        return None
    plain = text.replace("\N{DEGREE SIGN}", " ").translate(SIGNS).strip().strip(BRACKETS)
    plain = " ".join(plain.upper().split())
    orders = _orders(plain)
    for latitude, longitude in orders:
        if UK_BOX.covers(latitude=latitude, longitude=longitude):
            return Point(latitude=latitude, longitude=longitude)
    # Two bare whole numbers, such as “48 2”, may be anything.
    if orders and not BARE_NUMBERS.fullmatch(plain):
        raise GeographyError(Reason.OUTSIDE_UK)
    return None


def _orders(plain: str) -> list[tuple[float, float]]:
    """Return the latitudes and longitudes that a pair can mean; none where its letters disagree."""
    if last := LETTERS_LAST.fullmatch(plain):
        first, first_letter, second, second_letter = last.groups()
    elif letters_first := LETTERS_FIRST.fullmatch(plain):
        first_letter, first, second_letter, second = letters_first.groups()
    else:
        return []
    one, other = _signed(first, first_letter), _signed(second, second_letter)
    as_written = first_letter not in {"E", "W"} and second_letter not in {"N", "S"}
    other_way = first_letter not in {"N", "S"} and second_letter not in {"E", "W"}
    return [(one, other)] * as_written + [(other, one)] * other_way


def _signed(number: str, letter: str | None) -> float:
    """Return a number with the sign of its letter; “-0.12 W” is west, not east."""
    return -abs(float(number)) if letter in {"S", "W"} else float(number)


def _is_swapped(point: Point) -> bool:
    return UK_BOX.covers(latitude=point.longitude, longitude=point.latitude)


def _degrees(text: str) -> float:
    plain = text.translate(SIGNS).strip()
    if not plain:
        raise GeographyError(Reason.EMPTY)
    if not DECIMAL.fullmatch(plain):
        raise GeographyError(Reason.NOT_A_NUMBER)
    return float(plain)
