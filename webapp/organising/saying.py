"""What an event says, field by field as plain text: to fill a form with, to compare, and to keep.

`Said` maps a field’s name to its text; None where nothing is said. Times are in UTC, lists have commas.
Of where an event is, it holds what its host would type (`place`, `latitude`, `longitude`), which is for
editors alone and never part of a history.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from geo.privacy import VenueType
from webapp.events.details import ACCESS_NAMES
from webapp.events.models import Event
from webapp.events.placing import Whereabouts, whereabouts_of
from webapp.events.written_times import written_when
from webapp.groups.languages import LANGUAGES
from webapp.organising.field_names import NO, YES
from webapp.organising.forms import EditForm

Said = dict[str, str | None]

WHERE = ("place", "latitude", "longitude")
LISTS = ("moments", "access_facts", "languages")
# What is compared and chosen as one: half of one time and half of another would be neither’s.
UNITS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "description": ("description",),
    "when": ("starts_at", "ends_at"),
    "moments": ("moments",),
    "where": ("venue_type", "venue_name", *WHERE, "joining_link"),
    "cost": ("cost",),
    "capacity": ("capacity",),
    "food": ("food",),
    "children": ("children",),
    "bring": ("bring",),
    "access_facts": ("access_facts",),
    "access_notes": ("access_notes",),
    "languages": ("languages",),
    "takes_questions": ("takes_questions",),
}
PLAIN = (
    "title", "description", "venue_name", "joining_link", "cost", "food", "children", "bring",
    "access_notes",
)  # fmt: skip
WHEN_FIELDS = ("starts_on", "starts_at", "ends_at", "ends_on")


def fields_of(unit: str) -> tuple[str, ...]:
    """Return the form’s fields for what is compared as one."""
    return WHEN_FIELDS if unit == "when" else UNITS[unit]


def said_of(session: Session, event: Event) -> Said:
    """Return what an event says now."""
    return {
        **{name: getattr(event, name) or None for name in PLAIN},
        "starts_at": _iso(event.starts_at),
        "ends_at": _iso(event.ends_at),
        "moments": ",".join(moment.slug for moment in event.moments),
        "venue_type": event.venue_type.value,
        "capacity": str(event.capacity) if event.capacity else None,
        "access_facts": _joined(event.access_facts, ACCESS_NAMES),
        "languages": _joined(event.languages, LANGUAGES),
        "takes_questions": YES if event.takes_questions else NO,
        **typed_place(event, whereabouts_of(session, event)),
    }


def typed_place(event: Event, exact: Whereabouts | None) -> Said:
    """Return where an event is, as its host would type it."""
    nowhere: Said = dict.fromkeys(WHERE)
    if exact is None:
        return nowhere
    if exact.postcode:
        return nowhere | {"place": f"{exact.postcode[:-3]} {exact.postcode[-3:]}"}
    if exact.precision_metres:
        return nowhere | {"place": event.place.name if event.place else None}
    point = exact.point
    return nowhere | {"latitude": f"{point.latitude:.6f}", "longitude": f"{point.longitude:.6f}"}


def typed(said: Said) -> dict[str, Any]:
    """Return what a form’s fields hold for what is said."""
    values: dict[str, Any] = {name: text or "" for name, text in said.items()}
    for name in LISTS:
        values[name] = [each for each in values[name].split(",") if each]
    values["takes_questions"] = said["takes_questions"] == YES
    start, end = (
        datetime.fromisoformat(values["starts_at"]),
        datetime.fromisoformat(values["ends_at"]),
    )
    return values | written_when(start, end)


def said_in(form: EditForm, seen: Said | None) -> Said:
    """Return what a valid form says; what nobody touched is exactly what it was."""
    starts_at, ends_at = form.times
    said: Said = {
        "title": form.title.data,
        "description": form.description.data,
        "starts_at": _iso(starts_at),
        "ends_at": _iso(ends_at),
        "moments": ",".join(form.chosen_moments),
        "venue_type": form.venue.value,
        "venue_name": form.public_venue_name,
        "joining_link": form.online_link,
        "cost": form.price,
        "capacity": form.capacity.data or None,
        "access_facts": _joined(form.access_facts.data or (), ACCESS_NAMES),
        "languages": _joined(form.languages.data or (), LANGUAGES),
        "takes_questions": YES if form.takes_questions.data else NO,
    }
    for name in ("food", "children", "bring", "access_notes", *WHERE):
        said[name] = form[name].data or None
    if form.venue is VenueType.ONLINE:
        said |= dict.fromkeys(WHERE)
    if seen is None:
        return said
    return said | _untouched(form, seen)


def written_down(said: Said) -> str:
    """Return what is said as one text, for a form to carry."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def read_back(text: str | None) -> Said | None:
    """Return what a form carried; None where that cannot be read."""
    try:
        said: Any = json.loads(text or "")
        names = {name for unit in UNITS.values() for name in unit}
        if not (isinstance(said, dict) and set(said) == names):
            return None
        if not all(value is None or isinstance(value, str) for value in said.values()):
            return None
        typed(said)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return said


def _untouched(form: EditForm, seen: Said) -> Said:
    before = typed(seen)
    same = {
        unit
        for unit in UNITS
        if _asked(form, unit)
        and all((form[name].data or "") == (before[name] or "") for name in _asked(form, unit))
    }
    return {name: seen[name] for unit in same for name in UNITS[unit]}


def _asked(form: EditForm, unit: str) -> list[str]:
    return [name for name in fields_of(unit) if name in form]


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _joined(chosen: Any, known: Any) -> str | None:
    """Return what was chosen of a list, in the list’s order."""
    values = {str(each) for each in chosen}
    return ",".join(str(each) for each in known if str(each) in values) or None
