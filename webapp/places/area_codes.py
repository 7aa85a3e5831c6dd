"""Codes of areas: what they say by themselves, and which have been replaced by others."""

from dataclasses import dataclass

from webapp.places.models import Nation

NATION_OF_LETTER = {
    "E": Nation.ENGLAND,
    "N": Nation.NORTHERN_IRELAND,
    "S": Nation.SCOTLAND,
    "W": Nation.WALES,
}
NATION_CODES = {
    "E92000001": Nation.ENGLAND,
    "N92000002": Nation.NORTHERN_IRELAND,
    "S92000003": Nation.SCOTLAND,
    "W92000004": Nation.WALES,
}

# New code -> the codes that it took over, from the published changes of 2009 to 2025.
REPLACED = {
    "E06000057": ("E06000048",),  # Northumberland
    "E06000058": ("E06000028", "E06000029", "E07000048"),  # Bournemouth, Christchurch and Poole
    "E06000059": ("E07000049", "E07000050", "E07000051", "E07000052", "E07000053"),  # Dorset
    "E06000060": ("E07000004", "E07000005", "E07000006", "E07000007"),  # Buckinghamshire
    "E06000061": ("E07000150", "E07000152", "E07000153", "E07000156"),  # North Northamptonshire
    "E06000062": ("E07000151", "E07000154", "E07000155"),  # West Northamptonshire
    "E06000063": ("E07000026", "E07000028", "E07000029"),  # Cumberland
    "E06000064": ("E07000027", "E07000030", "E07000031"),  # Westmorland and Furness
    "E06000065": (
        "E07000163", "E07000164", "E07000165", "E07000166", "E07000167", "E07000168", "E07000169",
    ),  # North Yorkshire
    "E06000066": (
        "E07000187", "E07000188", "E07000189", "E07000190", "E07000191", "E07000246",
    ),  # Somerset
    "E07000240": ("E07000100",),  # St Albans
    "E07000241": ("E07000104",),  # Welwyn Hatfield
    "E07000242": ("E07000097",),  # East Hertfordshire
    "E07000243": ("E07000101",),  # Stevenage
    "E07000244": ("E07000205", "E07000206"),  # East Suffolk
    "E07000245": ("E07000201", "E07000204"),  # West Suffolk
    "E08000037": ("E08000020",),  # Gateshead
    "E08000038": ("E08000016",),  # Barnsley
    "E08000039": ("E08000019",),  # Sheffield
    "S12000047": ("S12000015",),  # Fife
    "S12000048": ("S12000024",),  # Perth and Kinross
    "S12000049": ("S12000043", "S12000046"),  # Glasgow City
    "S12000050": ("S12000044",),  # North Lanarkshire
    "S12000045": ("S12000009",),  # East Dunbartonshire
}  # fmt: skip
CURRENT = {old: new for new, olds in REPLACED.items() for old in olds}


@dataclass(frozen=True)
class AreaCodes:
    """The areas that something counts in; None where it is not known, or not one alone."""

    authority: str | None = None
    region: str | None = None
    nation: Nation | None = None


def current_code(code: str) -> str | None:
    """Return the code that is in use today; None for a blank and for a pseudo-code.

    Pseudo-codes (E99999999, and all that begin with L or M) say that there is no such area.
    """
    if not code or code[0] not in NATION_OF_LETTER or code.endswith("99999999"):
        return None
    return CURRENT.get(code, code)


def nation_of(code: str) -> Nation | None:
    """Return the nation that an area’s code lies in, from its first letter."""
    return NATION_OF_LETTER.get(code[:1])
