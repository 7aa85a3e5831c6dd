"""An event that is not sent yet, as everybody will see it, and what its host should look at first."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from webapp.drafts.told import Told
from webapp.drafts.written import Written
from webapp.events.placing import Placing, placing_of
from webapp.events.times import lies_outside
from webapp.language import Language
from webapp.markdown import to_html
from webapp.moments.wording import WordedMoment
from webapp.places.models import Place
from webapp.places.neighbourhood import neighbourhood_of

# A circle larger than this leads nobody to a door: then a public meeting point is offered.
LARGE_METRES = 2_000

CLOSE_ZOOM = 13.0
# A postcode is known better than this, a town is not.
VAGUE_METRES = 1_000
# At this distance from its middle to its edge a circle fills a phone’s map at zoom 0.
WIDE_METRES = 6_500_000


@dataclass(frozen=True)
class Preview:
    """What everybody will see; `is_finest` where no circle there is ever smaller."""

    written: Written
    moment: WordedMoment
    placing: Placing | None
    place_name: str | None
    is_finest: bool
    told: Told

    @classmethod
    def of(
        cls, session: Session, written: Written, language: Language, *, group_name: str = ""
    ) -> Self:
        """Show what was written as publishing it would; raises NoPlacesError.

        `group_name` is that of a group to be made, which everybody will see too.
        """
        placing, is_finest = _placed(session, written)
        texts = {
            "title": written.what.title.data,
            "venue_name": written.where.public_venue_name or "",
            "description": written.what.description.data,
            "name": group_name,
        }
        return cls(
            written=written,
            moment=WordedMoment.of(written.moment, language),
            placing=placing,
            place_name=placing.place.name_in(language) if placing else None,
            is_finest=is_finest,
            told=Told.in_texts(texts),
        )

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.written.what.title.data)

    @property
    def text(self) -> Markup:
        """What will happen, as HTML that is safe to show."""
        return to_html(self.written.what.description.data)

    @property
    def starts_at(self) -> datetime:
        """When it starts."""
        return self.written.what.times[0]

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.written.what.times[1]

    @property
    def venue_type(self) -> VenueType:
        """What kind of place it is."""
        return self.written.where.venue

    @property
    def venue_name(self) -> str | None:
        """What the place is called, where everybody may know."""
        return self.written.where.public_venue_name

    @property
    def joining_link(self) -> str | None:
        """Where to join it, online."""
        return self.written.where.online_link

    @property
    def place(self) -> Place | None:
        """The town that pages name; None online."""
        return self.placing.place if self.placing else None

    @property
    def point(self) -> Point | None:
        """The point that everybody will see, or the middle of the circle; None online."""
        return self.placing.shown.point if self.placing else None

    @property
    def radius_metres(self) -> int:
        """How far the circle reaches; 0 for a point."""
        return self.placing.shown.radius_metres if self.placing else 0

    @property
    def is_outside(self) -> bool:
        """Whether it is on another day than its moment."""
        moment = self.written.moment
        return lies_outside(self.starts_at, self.ends_at, moment.starts_on, moment.ends_on)

    @property
    def is_large(self) -> bool:
        """Whether so few homes are near that the circle leads nobody to a door."""
        is_wide = self.radius_metres > LARGE_METRES and not self.is_finest
        return self.venue_type is VenueType.PRIVATE and is_wide and not self.is_vague

    @property
    def is_vague(self) -> bool:
        """Whether a town was named, and not where in it."""
        spot = self.written.spot
        return spot is not None and spot.precision_metres > VAGUE_METRES

    @property
    def zoom(self) -> float:
        """How close the map goes."""
        return zoom_to(self.radius_metres)


def _placed(session: Session, written: Written) -> tuple[Placing | None, bool]:
    """Settle where it is, as publishing does, and whether that is the smallest of all circles."""
    if written.spot is None:
        return None, False
    exact = written.spot.whereabouts
    around = neighbourhood_of(session, exact.point)
    placing = placing_of(session, exact, written.where.venue, around=around)
    cell = placing.shown.cell
    return placing, cell is not None and cell.zoom == around.finest_zoom


def zoom_to(radius_metres: int) -> float:
    """Return how close a map goes: to a part of a town, or so that the whole circle is seen."""
    if not radius_metres:
        return CLOSE_ZOOM
    return min(CLOSE_ZOOM, round(math.log2(WIDE_METRES / radius_metres), 1))
