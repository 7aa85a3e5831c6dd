"""Names of our neighbours, for saying kindly that this is not their site."""

from geo.names import folded
from geo.postcodes import PostcodeText
from webapp.places.answers import Territory
from webapp.places.qualified import read_name

POSTCODE_AREAS = {
    "GY": Territory.GUERNSEY,
    "IM": Territory.ISLE_OF_MAN,
    "JE": Territory.JERSEY,
}
# What each is called, first in English. Places of ours by these names come first: there is a
# Waterford in Hertfordshire.
CALLED = {
    Territory.GUERNSEY: ("guernsey", "bailiwick of guernsey", "ynys y garn"),
    Territory.IRELAND: ("ireland", "republic of ireland", "eire", "iwerddon"),
    Territory.ISLE_OF_MAN: ("isle of man", "iom", "ellan vannin", "ynys manaw"),
    Territory.JERSEY: ("jersey", "bailiwick of jersey", "channel islands", "ynysoedd y sianel"),
}
TOWNS = {
    Territory.GUERNSEY: ("st peter port", "alderney", "sark", "herm"),
    Territory.IRELAND: (
        "dublin", "baile atha cliath", "cork", "limerick", "galway", "waterford", "drogheda",
        "dundalk", "bray", "sligo", "kilkenny", "tralee", "ennis", "letterkenny", "killarney",
        "wexford", "mullingar", "athlone", "tullamore", "castlebar", "clonmel",
    ),
    Territory.ISLE_OF_MAN: (
        "douglas", "onchan", "peel", "port erin", "port st mary", "castletown", "laxey",
    ),
    Territory.JERSEY: ("st helier", "st brelade", "st saviour", "st aubin"),
}  # fmt: skip
COUNTRIES = {name: territory for territory, names in CALLED.items() for name in names}
NAMES = COUNTRIES | {name: territory for territory, names in TOWNS.items() for name in names}
NORTHERN_IRELAND = "northern ireland"


def territory_of_postcode(postcode: PostcodeText) -> Territory | None:
    """Return whose postcode it is, if it is none of the United Kingdom’s."""
    return POSTCODE_AREAS.get(postcode.area)


def territory_named(text: str) -> Territory | None:
    """Return the neighbour that a text names, or names a town of."""
    return NAMES.get(read_name(text).name)


def territory_after_comma(text: str) -> Territory | None:
    """Return the neighbour that a place is said to be in: “Douglas, Isle of Man”."""
    return next(filter(None, map(COUNTRIES.get, read_name(text).qualifiers)), None)


def territory_at_the_end(text: str) -> Territory | None:
    """Return the neighbour that a text ends with: “Douglas Isle of Man”."""
    whole = folded(text)
    if whole.endswith(NORTHERN_IRELAND):
        return None
    ends = (each for name, each in COUNTRIES.items() if whole.endswith(f" {name}"))
    return next(ends, None)
