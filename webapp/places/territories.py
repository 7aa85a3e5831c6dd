"""Names of our neighbours, for saying kindly that this is not their site."""

from geo.names import folded
from geo.postcodes import PostcodeText
from webapp.places.answers import Territory

POSTCODE_AREAS = {
    "GY": Territory.GUERNSEY,
    "IM": Territory.ISLE_OF_MAN,
    "JE": Territory.JERSEY,
}
# Only names that no British place is looked for by: there is a Douglas in Lanarkshire.
NAMES = {
    "alderney": Territory.GUERNSEY,
    "channel islands": Territory.JERSEY,
    "guernsey": Territory.GUERNSEY,
    "sark": Territory.GUERNSEY,
    "st peter port": Territory.GUERNSEY,
    "jersey": Territory.JERSEY,
    "st helier": Territory.JERSEY,
    "ellan vannin": Territory.ISLE_OF_MAN,
    "isle of man": Territory.ISLE_OF_MAN,
    "cork": Territory.IRELAND,
    "dublin": Territory.IRELAND,
    "eire": Territory.IRELAND,
    "galway": Territory.IRELAND,
    "ireland": Territory.IRELAND,
    "limerick": Territory.IRELAND,
    "republic of ireland": Territory.IRELAND,
    "sligo": Territory.IRELAND,
    "waterford": Territory.IRELAND,
}


def territory_of_postcode(postcode: PostcodeText) -> Territory | None:
    """Return whose postcode it is, if it is none of the United Kingdom’s."""
    return POSTCODE_AREAS.get(postcode.area)


def territory_named(text: str) -> Territory | None:
    """Return the neighbour that a text names, or that a place is said to be in after a comma."""
    name, _, qualifier = text.rpartition(",")
    return NAMES.get(folded(qualifier)) or NAMES.get(folded(name or text))
