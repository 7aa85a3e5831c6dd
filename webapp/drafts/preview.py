"""An event that is not sent yet, as everybody will see it, and what its host should look at first."""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.points import Point
from geo.privacy import VenueType
from webapp.drafts.written import Written
from webapp.events.leaks import Leak, leaks_in
from webapp.events.placing import Placing, placing_of
from webapp.events.times import lies_outside
from webapp.language import Language
from webapp.markdown import to_html
from webapp.moments.wording import WordedMoment
from webapp.places.models import Place

# A circle larger than this leads nobody to a door: then a public meeting point is offered.
LARGE_METRES = 2_000

CLOSE_ZOOM = 13.0
CONTEXT = 60  # characters around what may tell too much
# A postcode is known better than this, a town is not.
VAGUE_METRES = 1_000
# At this distance from its middle to its edge a circle fills a phone’s map at zoom 0.
WIDE_METRES = 6_500_000


@dataclass(frozen=True)
class MarkedText:
    """A public text in pieces; True for those that may tell too much."""

    field: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Preview:
    """What everybody will see; `place` is where its group is said to be."""

    written: Written
    title: str
    text: Markup
    starts_at: datetime
    ends_at: datetime
    venue_type: VenueType
    venue_name: str | None
    joining_link: str | None
    place: Place | None
    place_name: str | None
    point: Point | None
    radius_metres: int
    moment: WordedMoment
    is_outside: bool
    marked: tuple[MarkedText, ...]
    told: tuple[str, ...]

    @classmethod
    def of(cls, session: Session, written: Written, language: Language) -> Self:
        """Show what was written as publishing it would; raises NoPlacesError."""
        what, where = written.what, written.where
        placing = _placing(session, written)
        starts_at, ends_at = what.times
        moment = written.moment
        texts = {
            "title": what.title.data,
            "venue_name": where.public_venue_name or "",
            "description": what.description.data,
        }
        leaks = {field: leaks_in(text) for field, text in texts.items()}
        return cls(
            written=written,
            title=what.title.data,
            text=to_html(what.description.data),
            starts_at=starts_at,
            ends_at=ends_at,
            venue_type=where.venue,
            venue_name=where.public_venue_name,
            joining_link=where.online_link,
            place=placing.place if placing else None,
            place_name=placing.place.name_in(language) if placing else None,
            point=placing.shown.point if placing else None,
            radius_metres=placing.shown.radius_metres if placing else 0,
            moment=WordedMoment.of(moment, language),
            is_outside=lies_outside(starts_at, ends_at, moment.starts_on, moment.ends_on),
            marked=tuple(
                MarkedText(field, tuple(_pieces(text, leaks[field])))
                for field, text in texts.items()
                if leaks[field]
            ),
            told=tuple(leak.text for found in leaks.values() for leak in found),
        )

    @property
    def is_large(self) -> bool:
        """Whether the circle around a home is too large to lead anybody there."""
        is_wide = self.radius_metres > LARGE_METRES
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

    @property
    def told_mark(self) -> str:
        """A digest of what may tell too much, so that a yes is to these words and no others."""
        return hashlib.sha256("\0".join(self.told).encode()).hexdigest()[:16] if self.told else ""


def zoom_to(radius_metres: int) -> float:
    """Return how close a map goes: to a part of a town, or so that the whole circle is seen."""
    if not radius_metres:
        return CLOSE_ZOOM
    return min(CLOSE_ZOOM, round(math.log2(WIDE_METRES / radius_metres), 1))


def _placing(session: Session, written: Written) -> Placing | None:
    if written.spot is None:
        return None
    return placing_of(session, written.spot.whereabouts, written.where.venue)


def _pieces(text: str, leaks: list[Leak]) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces; of what is not marked, no more than says where it stands."""
    done = 0
    for leak in leaks:
        yield _shortened(text[done : leak.start], is_first=done == 0), False
        yield text[leak.start : leak.end], True
        done = leak.end
    rest = text[done:]
    yield rest if len(rest) <= CONTEXT else f"{rest[:CONTEXT]}…", False


def _shortened(between: str, *, is_first: bool) -> str:
    if len(between) <= 2 * CONTEXT:
        return between
    before = "" if is_first else between[:CONTEXT]
    return f"{before}…{between[-CONTEXT:]}"
