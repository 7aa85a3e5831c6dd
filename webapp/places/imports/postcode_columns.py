"""Which columns of a postcode directory mean what, whatever the year calls them.

Names have changed with every generation: oslaua, laua, lad23cd … lad26cd are one column. Where a
file has several, as of the rural and urban classes of two censuses, the newest counts.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geo.postcodes import parse_postcode

Cells = Sequence[str]


@dataclass(frozen=True)
class Column:
    """One thing to know of a postcode: its usual name, and the patterns of all names it has had.

    What is `left` undone without it ends a sentence; without a required one nothing can be done.
    """

    name: str
    patterns: tuple[str, ...]
    left: str = ""

    @property
    def is_required(self) -> bool:
        """Whether a directory is none without it."""
        return not self.left

    def place_in(self, header: Sequence[str]) -> int | None:
        """Return where it stands: by the first pattern that fits, of the newest year."""
        for pattern in self.patterns:
            found = [n for n, name in enumerate(header) if re.fullmatch(pattern, name)]
            if found:
                return max(found, key=lambda n: _year(header[n]))
        return None


CODE = Column("pcds", ("pcds", r"pcd\d?", "postcode"))
INTRODUCED = Column("dointr", ("dointr",), left="months of introduction left empty")
TERMINATED = Column("doterm", ("doterm",))
AUTHORITY = Column("laua", (r"lad\d\dcd", "oslaua", "laua"))
REGION = Column("rgn", (r"rgn\d\dcd", "rgn", "gor"), left="regions left empty")
COUNTRY = Column("ctry", (r"ctry\d\dcd", "ctry"))
QUALITY = Column("gridind", ("gridind", "osgrdind"), left="how good locations are left empty")
RANK = Column("imd", (r"imd\d\dind", "imd"), left="ranks left empty")
RURAL = Column("ruc", (r"ruc?\d\dind|ur\d\dind",), left="rural or urban left empty")
LONGITUDE, LATITUDE = Column("long", ("long",)), Column("lat", ("lat",))
EASTING, NORTHING = Column("east1m", ("(os)?east1m",)), Column("north1m", ("osnrth1m|north1m",))

KEPT = (CODE, INTRODUCED, TERMINATED, AUTHORITY, REGION, COUNTRY, QUALITY, RANK, RURAL)
DEGREES, METRES = (LONGITUDE, LATITUDE), (EASTING, NORTHING)


@dataclass(frozen=True)
class Columns:
    """Where in a row of `width` cells each of KEPT and the two of the location stand.

    One that the file does not have stands at `width`, where readers put an empty cell.
    """

    width: int
    places: tuple[int, ...]
    is_metric: bool
    missing: tuple[Column, ...]

    @property
    def news(self) -> list[str]:
        """A sentence about each thing that the file does not know."""
        told = [f"{each.name} column not found: {each.left}." for each in self.missing]
        if self.is_metric:
            told.append(
                "lat and long columns not found: locations are from eastings and northings."
            )
        return told


def columns_in(cells: Cells) -> Columns:
    """Recognise the header of a directory; raises ValueError with what is wrong, to end a sentence."""
    header = [cell.strip().casefold() for cell in cells]
    places = {each: each.place_in(header) for each in (*KEPT, *DEGREES, *METRES)}
    location = next((two for two in (DEGREES, METRES) if None not in map(places.get, two)), None)
    missing = [each for each in KEPT if places[each] is None]
    required = [each for each in missing if each.is_required]
    if required or location is None:
        raise ValueError(_fault(cells, header, required, has_location=location is not None))
    width = len(header)
    found = (places[each] for each in (*KEPT, *location))
    at = tuple(width if place is None else place for place in found)
    return Columns(width, at, location is METRES, tuple(missing))


def _fault(
    cells: Cells, header: Sequence[str], required: Sequence[Column], *, has_location: bool
) -> str:
    looks = next((what for is_so, what in LOOKS if is_so(header)), None)
    if looks:
        return looks
    missing = [each.name for each in required]
    if not has_location:
        missing.append("lat and long")
    shown = ", ".join(cell.strip()[:30] for cell in cells[:6])
    more = f" and {len(cells) - 6} more" if len(cells) > 6 else ""
    return (
        f"is not the header of a postcode directory: it lacks {', '.join(missing)}; "
        f"its columns are {shown}{more}"
    )


def _divided_by(divider: str) -> Callable[[Sequence[str]], bool]:
    return lambda header: any(divider in cell for cell in header)


# What people take for a postcode directory.
LOOKS: tuple[tuple[Callable[[Sequence[str]], bool], str], ...] = (
    (_divided_by("\t"), "divides its cells by tabs and not by commas: save it as CSV"),
    (_divided_by(";"), "divides its cells by semicolons and not by commas: save it as CSV"),
    (
        lambda header: "uprn" in header,
        "is the header of a directory of addresses, with a row per uprn: import the ONS Postcode Directory",
    ),
    (
        lambda header: "positional_quality_indicator" in header,
        "is Code-Point Open’s list of its columns: import its Data/CSV folder",
    ),
    (
        lambda header: bool(parse_postcode(header[0])),
        "is a postcode and no header: it is neither an ONS directory nor Code-Point Open",
    ),
    (
        lambda header: any(re.fullmatch(r"areacd|lad\d\dnm", cell) for cell in header),
        "is the header of a table of areas: import it with import-areas",
    ),
)


def _year(name: str) -> int:
    """Return the year in a column’s name, or -1: ruc21ind is of 2021."""
    digits = re.search(r"\d\d(?=ind|cd)", name)
    return int(digits[0]) if digits else -1
