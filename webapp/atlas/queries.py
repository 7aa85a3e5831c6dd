"""What the public map shows in the part that somebody looks at."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from geo.bounds import Box
from geo.geojson import feature, feature_collection
from webapp.events.queries import EventRow, events_in_view
from webapp.filters import when
from webapp.language import Language

MOST_EVENTS = 500


@dataclass(frozen=True)
class View:
    """The events in a box: all of them, or the first 500 of `total`."""

    rows: list[EventRow]
    total: int

    def as_geojson(self) -> dict[str, Any]:
        """Return the events as GeoJSON, in the words of the page’s language."""
        return feature_collection(
            (feature(row.point, _properties(row)) for row in self.rows if row.point),
            total=self.total,
            limit=MOST_EVENTS,
            more=self.total > len(self.rows),
        )


def view_of_moment(session: Session, moment_id: int, box: Box, language: Language) -> View:
    """Return the events of a moment inside a box."""
    rows, total = events_in_view(session, moment_id, box, language=language, limit=MOST_EVENTS)
    return View(rows, total)


def _properties(row: EventRow) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "title": row.title,
        "starts_at_text": when(row),
        "place": row.place_name,
        "is_approximate": row.radius_metres > 0,
        "radius_metres": row.radius_metres,
    }
