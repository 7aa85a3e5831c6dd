"""What the fields of an event are called, and their values in words: in histories and comparisons."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from geo.privacy import VenueType
from webapp.events.details import access_names
from webapp.filters import clock, weekday_date
from webapp.groups.languages import language_names

FIELD_NAMES: dict[str, LazyString] = {
    "title": _l("Name"),
    "description": _l("What will happen"),
    "starts_at": _l("Starts"),
    "ends_at": _l("Ends"),
    "moments": _l("Which days it is for"),
    "venue_type": _l("Kind of place"),
    "venue_name": _l("Name of the place"),
    "where": _l("Place on the map"),
    "joining_link": _l("Link to join"),
    "capacity": _l("How many can come"),
    "cost": _l("Cost"),
    "food": _l("Food and drink"),
    "children": _l("Children"),
    "access_facts": _l("Access"),
    "access_notes": _l("More about access"),
    "languages": _l("Languages spoken"),
    "bring": _l("What to bring"),
    "takes_questions": _l("Questions from neighbours"),
    "picture": _l("Picture"),
    "merged": _l("The other listing"),
}
VENUE_NAMES: dict[VenueType, LazyString] = {
    VenueType.PUBLIC: _l("A public place"),
    VenueType.STREET: _l("Our street"),
    VenueType.PRIVATE: _l("Somebody’s home"),
    VenueType.ONLINE: _l("Online"),
}
YES, NO = "yes", "no"


def written(name: str, value: str | None) -> str | None:
    """Return a field’s value, as histories keep it, in the page’s language."""
    if name == "cost" and value is None:
        return _("Free")
    word = _WORDED.get(name)
    return word(value) if word and value else value


def _moment(value: str) -> str:
    at = datetime.fromisoformat(value)
    return f"{weekday_date(at)}, {clock(at)}"


_WORDED: dict[str, Callable[[str], str]] = {
    "starts_at": _moment,
    "ends_at": _moment,
    "venue_type": lambda value: str(VENUE_NAMES[VenueType(value)]),
    "access_facts": lambda value: ", ".join(access_names(value.split(","))),
    "languages": lambda value: ", ".join(language_names(value.split(","))),
    "takes_questions": lambda value: _("Yes") if value == YES else _("No"),
}
