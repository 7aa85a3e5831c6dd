"""What a mail about an event is told of it: never where it is."""

from webapp.events.models import Event
from webapp.filters import when
from webapp.language import Language, in_language


def mail_details(event: Event, language: Language) -> dict[str, str]:
    """Return what emails/_event and emails/_about_event need, in the reader’s language."""
    with in_language(language):
        return {"public_id": event.public_id, "title": event.title, "when": when(event)}
