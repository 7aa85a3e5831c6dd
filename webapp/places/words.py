"""What the pages say about places, in the page’s language."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from geo.errors import Reason
from webapp.places.answers import Located, NotCovered, NotFound, Territory, Unfound
from webapp.places.areas import area_names
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


def told_apart(session: Session, choices: Sequence[Located]) -> list[str]:
    """Return where each of several places is: near what, and in which authority or nation."""
    names = area_names(session, [each.areas.authority for each in choices if each.areas.authority])
    return [_where(each, names) for each in choices]


def _where(choice: Located, names: Mapping[str, str]) -> str:
    nation = choice.areas.nation and str(NATION_NAMES[choice.areas.nation])
    authority = names.get(choice.areas.authority or "")
    near = choice.place.near if choice.place else None
    return ", ".join(filter(None, (near, authority, nation)))
