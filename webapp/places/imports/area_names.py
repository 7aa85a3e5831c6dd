"""Names of local authorities, in which no two publishers agree."""

import re

from geo.names import folded

# What a council calls itself around the name of its area.
BEFORE = re.compile(
    r"^(the )?((london borough|royal borough|city and county|borough council|council|city|county)"
    r" of )?(the )?"
)
AFTER = re.compile(
    r"( (metropolitan borough|metropolitan district|county borough|city and district"
    r"|borough|district|city|county))?( council| corporation)?( (city|county) of)?$"
)
SMALL_WORDS = {"and", "of", "the"}

# Normalised name -> code, where an official name and the area’s have too little in common.
EXCEPTIONS = {
    "comhairle nan eilean siar": "S12000013",  # Na h-Eileanan Siar
    "durham": "E06000047",  # County Durham
    "hull": "E06000010",  # Kingston upon Hull, City of
    "newcastle": "E08000021",  # Newcastle upon Tyne
    "tewkesbury": "E07000083",  # North Gloucestershire in some files
}

# Areas that hold others of the same file, and so are no local authorities of ours.
LARGER_AREAS = re.compile(
    r"combined (county )?authority$|^greater london authority$|city region$| county council$"
)

# What the authorities are called that took over several others: old files have no name for them.
NAMES_OF_MERGED = {
    "E06000058": "Bournemouth, Christchurch and Poole",
    "E06000059": "Dorset",
    "E06000060": "Buckinghamshire",
    "E06000061": "North Northamptonshire",
    "E06000062": "West Northamptonshire",
    "E06000063": "Cumberland",
    "E06000064": "Westmorland and Furness",
    "E06000065": "North Yorkshire",
    "E06000066": "Somerset",
    "E07000244": "East Suffolk",
    "E07000245": "West Suffolk",
}

REGION_CODES = {
    "north east": "E12000001",
    "north west": "E12000002",
    "yorkshire and the humber": "E12000003",
    "east midlands": "E12000004",
    "west midlands": "E12000005",
    "east of england": "E12000006",
    "london": "E12000007",
    "south east": "E12000008",
    "south west": "E12000009",
}


def normalised(name: str) -> str:
    """Return what is left of an authority’s name without what councils put around it.

    “City of Bradford Metropolitan District Council” and “Bradford” become “bradford”.
    """
    plain = folded(name.replace("&", " and "))
    core = AFTER.sub("", BEFORE.sub("", plain))
    return " ".join(word for word in core.split() if word not in SMALL_WORDS)


def is_larger_area(name: str) -> bool:
    """Tell whether a name that fits no authority is that of a county or a combined authority."""
    return bool(LARGER_AREAS.search(folded(name)))


def region_code(name: str) -> str | None:
    """Return the code of one of England’s regions by its name."""
    return REGION_CODES.get(folded(name))
