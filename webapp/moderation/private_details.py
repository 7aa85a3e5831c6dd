"""What in an event’s public texts may tell strangers too much, with the words around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from geo.privacy import VenueType
from webapp.events.leaks import LeakKind, leaks_in
from webapp.events.models import Event
from webapp.organising.field_names import FIELD_NAMES

TEXTS = ("title", "description", "venue_name", "cost", "food", "children", "bring", "access_notes")
WORDS_AROUND = 40  # characters on either side

KIND_NAMES: dict[LeakKind, LazyString] = {
    LeakKind.HOUSE: _l("A house number with a street"),
    LeakKind.POSTCODE: _l("A full postcode"),
    LeakKind.PHONE: _l("A phone number"),
}


@dataclass(frozen=True)
class PrivateDetail:
    """One piece of a public text, and what stands before and after it."""

    kind: str
    field: str
    before: str
    text: str
    after: str


def private_details(event: Event) -> list[PrivateDetail]:
    """Return what staff should look at in an event’s texts, field by field."""
    return [each for name, text in _public_texts(event) for each in _in_text(name, text)]


def _public_texts(event: Event) -> Iterator[tuple[str, str]]:
    for name in TEXTS:
        # The name of a home is never shown, so nothing in it is told.
        if name == "venue_name" and event.venue_type is VenueType.PRIVATE:
            continue
        yield str(FIELD_NAMES[name]), getattr(event, name) or ""
    yield str(_l("From the host")), event.notice or ""


def _in_text(name: str, text: str) -> Iterator[PrivateDetail]:
    for leak in leaks_in(text):
        start, end = max(leak.start - WORDS_AROUND, 0), leak.end + WORDS_AROUND
        yield PrivateDetail(
            kind=str(KIND_NAMES[leak.kind]),
            field=name,
            before=("…" if start else "") + _on_one_line(text[start : leak.start]),
            text=text[leak.start : leak.end],
            after=_on_one_line(text[leak.end : end]) + ("…" if end < len(text) else ""),
        )


def _on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
