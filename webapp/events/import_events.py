"""Turn rows of a file into events, all or nothing; every row ends as an event or as a refusal."""

import hashlib
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import GeographyError, Reason
from geo.points import Point, parse_coordinates
from geo.privacy import VenueType
from webapp.events.actions import NewEvent, list_event
from webapp.events.event_file import FileRow
from webapp.events.file_times import Times, UnreadableTimesError, into_week_of, parse_times
from webapp.events.forms import LONGEST_TITLE, LONGEST_VENUE
from webapp.events.models import Event, EventStatus
from webapp.forms import tidy_line, without_invisible
from webapp.groups.models import Group
from webapp.moments.models import Moment
from webapp.places.addresses import AddressPlacer, NoPlace

IMPORT_LOCK = 20200801  # any number that no other lock of ours has
CANCELLED = frozenset({"eventcancelled", "cancelled", "canceled"})

REFUSED_COORDINATES = {
    Reason.EMPTY: "only one of lat and long is given",
    Reason.NOT_A_NUMBER: "lat or long is not a number",
    Reason.OUT_OF_RANGE: "lat or long is out of range",
    Reason.SWAPPED: "lat and long are swapped",
    Reason.OUTSIDE_UK: "lat and long are outside the United Kingdom",
}


class RowRefusedError(ValueError):
    """A row that cannot become an event; the text is the reason."""


@dataclass(frozen=True)
class Refusal:
    """A row that was not imported, and why."""

    row: FileRow
    reason: str


@dataclass
class EventsReport:
    """What became of each row."""

    read: int = 0
    by_coordinates: int = 0
    by_postcode: int = 0
    by_town: int = 0
    already_there: int = 0
    cancelled: int = 0
    cut_to_one_day: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def listed(self) -> int:
        """How many events are new."""
        return self.by_coordinates + self.by_postcode + self.by_town


@dataclass(frozen=True)
class Whereabouts:
    """Where a row’s event is; the precision is 0 metres where it gave coordinates.

    `postcode` where that told it, without its space.
    """

    point: Point
    precision_metres: int
    postcode: str | None = None


class EventImport:
    """One run over a file’s rows, for a group and a moment."""

    def __init__(
        self, session: Session, *, group: Group, moment: Moment, shift_into_moment: bool
    ) -> None:
        self.session = session
        self.group = group
        self.moment = moment
        self.shift_into_moment = shift_into_moment
        self.report = EventsReport()
        self._placer = AddressPlacer(session)
        self._seen: dict[str, int] = {}

    def run(self, rows: Iterable[FileRow], progress: Callable[[int], object]) -> EventsReport:
        """List an event for each row that can have one, and report on all; never commits."""
        # Two imports at once take turns, so that both see which rows are there already.
        self.session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
        for row in rows:
            self.report.read += 1
            try:
                self._take(row)
            except RowRefusedError as refused:
                self.report.refusals.append(Refusal(row, str(refused)))
            progress(1)
        return self.report

    def _take(self, row: FileRow) -> None:
        key = import_key(row, self.moment if self.shift_into_moment else None)
        if key in self._seen:
            msg = f"the same as line {self._seen[key]}"
            raise RowRefusedError(msg)
        self._seen[key] = row.line
        if self.session.scalar(select(Event.id).where(Event.import_key == key)) is not None:
            self.report.already_there += 1
            return
        title, times, where = _title(row), _times(row), self._whereabouts(row)
        if self.shift_into_moment:
            times = self._shifted(times)
        self._list(row, title, times, where, key)

    def _list(self, row: FileRow, title: str, times: Times, where: Whereabouts, key: str) -> None:
        new = NewEvent(
            title=title,
            description=_description(row),
            starts_at=times.starts_at,
            ends_at=times.ends_at,
            venue_type=VenueType.PUBLIC,
            venue_name=_venue_name(row),
            point=where.point,
            precision_metres=where.precision_metres,
            postcode=where.postcode,
        )
        event = list_event(
            self.session, new, group=self.group, moments=[self.moment], by=None, import_key=key
        )
        if row["status"].casefold() in CANCELLED:
            event.status = EventStatus.CANCELLED
            self.report.cancelled += 1
        self._count(where)

    def _count(self, where: Whereabouts) -> None:
        if where.postcode:
            self.report.by_postcode += 1
        elif where.precision_metres:
            self.report.by_town += 1
        else:
            self.report.by_coordinates += 1

    def _shifted(self, times: Times) -> Times:
        shifted = into_week_of(self.moment.starts_on, times)
        longer = times.ends_at - times.starts_at > shifted.ends_at - shifted.starts_at
        self.report.cut_to_one_day += longer
        return shifted

    def _whereabouts(self, row: FileRow) -> Whereabouts:
        if row["lat"] or row["long"]:
            try:
                return Whereabouts(parse_coordinates(row["lat"], row["long"]), 0)
            except GeographyError as error:
                raise RowRefusedError(REFUSED_COORDINATES[error.reason]) from error
        found = self._placer.place_of(row["address"], row["postcode"])
        if isinstance(found, NoPlace):
            raise RowRefusedError(found.reason)
        return Whereabouts(found.point, found.precision_metres, found.postcode)


def import_key(row: FileRow, shifted_into: Moment | None) -> str:
    """Return what tells a row from all others, the same each time the file is read.

    Moved into another moment’s week it is another event.
    """
    names = ("source", "url", "title", "start", "venue", "address", "postcode")
    parts = [*(row[name] for name in names), shifted_into.slug if shifted_into else ""]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _times(row: FileRow) -> Times:
    try:
        return parse_times(row["start"], row["end"])
    except UnreadableTimesError as error:
        raise RowRefusedError(str(error)) from error


def _title(row: FileRow) -> str:
    title = _plain(row["title"])
    if not title:
        msg = "title: is missing"
        raise RowRefusedError(msg)
    if len(title) > LONGEST_TITLE:
        msg = f"title: longer than {LONGEST_TITLE} characters"
        raise RowRefusedError(msg)
    return title


def _venue_name(row: FileRow) -> str | None:
    venue, address = _plain(row["venue"]), _plain(row["address"])
    whole = address if address.startswith(venue) else f"{venue}, {address}".rstrip(", ")
    return textwrap.shorten(whole, LONGEST_VENUE, placeholder="…") or None


def _description(row: FileRow) -> str:
    url = row["url"]
    return url if url.startswith(("https://", "http://")) and url.isprintable() else ""


def _plain(text: str) -> str:
    return tidy_line(without_invisible(text)) or ""
