"""What the pages say about places, in the page’s language."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from geo.errors import Reason
from webapp.places.answers import NotCovered, NotFound, Territory, Unfound
from webapp.places.models import Nation

NATION_NAMES: dict[Nation, LazyString] = {
    Nation.ENGLAND: _l("England"),
    Nation.NORTHERN_IRELAND: _l("Northern Ireland"),
    Nation.SCOTLAND: _l("Scotland"),
    Nation.WALES: _l("Wales"),
}

REFUSED_COORDINATES: dict[Reason, LazyString] = {
    Reason.EMPTY: _l("Enter both numbers, latitude and longitude."),
    Reason.NOT_A_NUMBER: _l("Enter latitude and longitude as numbers, such as 53.615 and -2.155."),
    Reason.OUT_OF_RANGE: _l("There is no such position. Check the two numbers."),
    Reason.SWAPPED: _l("The two numbers look swapped. Latitude comes first: 53.615, then -2.155."),
    Reason.OUTSIDE_UK: _l("That is outside the United Kingdom. Check the two numbers."),
    Reason.NOT_A_BOX: _l("That is not a part of the map."),
}

UNFOUND: dict[Unfound, LazyString] = {
    Unfound.EMPTY: _l("Enter a town, a village or a postcode."),
    Unfound.UNKNOWN_PLACE: _l(
        "We do not know a place of that name. Check the spelling, or try the nearest town."
    ),
    Unfound.UNKNOWN_POSTCODE: _l("We do not know that postcode. Check it, or enter a town."),
    Unfound.NON_GEOGRAPHIC: _l(
        "That postcode belongs to a large receiver of mail and to no place. "
        "Enter another postcode, or a town."
    ),
    Unfound.ELSEWHERE: _l("That is outside the United Kingdom. Check the two numbers."),
}

NOT_COVERED: dict[Territory, LazyString] = {
    Territory.GUERNSEY: _l(
        "Guernsey has campaigns of its own. We cover England, Scotland, Wales and Northern Ireland."
    ),
    Territory.IRELAND: _l(
        "Ireland has campaigns of its own. We cover England, Scotland, Wales and Northern Ireland."
    ),
    Territory.ISLE_OF_MAN: _l(
        "The Isle of Man has campaigns of its own. "
        "We cover England, Scotland, Wales and Northern Ireland."
    ),
    Territory.JERSEY: _l(
        "Jersey and the other Channel Islands have campaigns of their own. "
        "We cover England, Scotland, Wales and Northern Ireland."
    ),
}


def sentence_of(answer: NotFound | NotCovered) -> str:
    """Return why there is no place, and what to try."""
    if isinstance(answer, NotCovered):
        return str(NOT_COVERED[answer.territory])
    return str(UNFOUND[answer.reason])
