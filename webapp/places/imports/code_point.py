"""Code-Point Open: postcodes of Great Britain that are in use, on the British National Grid.

It has no header, no Northern Ireland, no retired postcodes, no regions and no deprivation.
"""

from collections.abc import Sequence

from geo.postcodes import parse_postcode
from webapp.places.imports.postcode_cells import NULL
from webapp.places.imports.postcode_columns import Columns

WIDTH = 10
POSTCODE, QUALITY, EASTING, NORTHING, COUNTRY, DISTRICT = 0, 1, 2, 3, 4, 8
ABSENT = WIDTH  # where readers put an empty cell
COLUMNS = Columns(
    WIDTH,
    (
        POSTCODE,
        ABSENT,
        ABSENT,
        DISTRICT,
        ABSENT,
        COUNTRY,
        QUALITY,
        ABSENT,
        ABSENT,
        EASTING,
        NORTHING,
    ),
    is_metric=True,
    missing=(),
)
# Its steps are ten times those of the directory; 90 says that there is no location.
QUALITIES = {f"{step}0": str(step) for step in range(1, 9)} | {"90": NULL}


def is_code_point(cells: Sequence[str]) -> bool:
    """Tell whether a file’s first row is one of Code-Point Open."""
    if len(cells) != WIDTH:
        return False
    postcode = parse_postcode(cells[POSTCODE])
    return bool(postcode and postcode.is_full and cells[QUALITY].strip() in QUALITIES)


def news(kept: int, retired: int, *, has_regions: bool) -> list[str]:
    """Return what is told of postcodes that it does not have: those kept, and those given up."""
    ireland = "import the ONS Postcode Directory to have them"
    if kept:
        ireland = _counted(
            kept, "the one that was there is kept", "the {} that were there are kept"
        )
    regions = "taken from those of the authorities" if has_regions else "left empty"
    told = [
        f"Code-Point Open has no postcodes of Northern Ireland: {ireland}.",
        "It has no months of introduction, deprivation ranks, rural or urban: these are left empty.",
        f"It has no regions: these are {regions}.",
    ]
    if retired:
        gone = _counted(
            retired, "the one that was there is gone", "the {} that were there are gone"
        )
        told.append(f"It has no retired postcodes: {gone}.")
    return told


def _counted(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(f"{number:,}")
