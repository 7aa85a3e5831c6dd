"""What a host says of an event, in three parts that each form combines as its page needs.

The page that lists an event asks for them one after the other, the page that changes one for all at
once: `class EditForm(WhatFields, WhenFields, WhereFields, EventForm)`.
"""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from geo.privacy import VenueType
from webapp.events.written_times import (
    WrittenTimeError,
    clock_moment,
    read_clock,
    read_day,
)
from webapp.filters import local
from webapp.forms import Blank, Form, PlainText, Required

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_VENUE, LONGEST_PLACE = 100, 4000, 120, 100
LONGEST_WRITTEN, LONGEST_LINK = 60, 500
LONGEST_EVENT = timedelta(days=60)
FARTHEST_AHEAD = timedelta(days=3 * 366)


class EventForm(Form):
    """A form about an event; `unchanged_start` is when one that exists starts, which may be past."""

    def __init__(
        self, *args: Any, now: datetime, unchanged_start: datetime | None = None, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.now = now
        self.unchanged_start = unchanged_start

    def refuse(self, name: str, sentence: str) -> None:
        """Show a mistake that only the database could find beside its field."""
        field = self[name]
        field.errors = field.errors or [sentence]


class WhatFields:
    """What it is."""

    title = StringField(
        _l("What is it called?"),
        [Required(_l("Give your event a name.")), PlainText(LONGEST_TITLE, min=3)],
        description=_l("Such as: Tea and cake on Elm Road"),
    )
    description = TextAreaField(
        _l("What will happen?"),
        [
            Required(_l("Say in a sentence or two what will happen.")),
            PlainText(LONGEST_DESCRIPTION),
        ],
        description=_l("Who is welcome, and what to bring. Everybody can read this."),
    )

    def validate_title(self, field: Field) -> None:
        """Refuse signs and emoji alone: nobody can search for them, or read them out."""
        if not any(map(str.isalnum, field.data or "")):
            raise ValidationError(_l("Write at least one word beside the signs and emoji."))


class WhenFields:
    """When it is, as people write it; without a last day it ends on the first."""

    starts_on = StringField(
        _l("Day"),
        [Required(_l("Write the day.")), PlainText(LONGEST_WRITTEN)],
        description=_l("Such as: 5 June 2027"),
        render_kw={"autocomplete": "off"},
    )
    starts_at = StringField(
        _l("From"),
        [Required(_l("Write when it starts.")), PlainText(LONGEST_WRITTEN)],
        description=_l("Such as: 2pm, or 14:00"),
        render_kw={"autocomplete": "off"},
    )
    ends_at = StringField(
        _l("To"),
        [Required(_l("Write when it ends.")), PlainText(LONGEST_WRITTEN)],
        description=_l("Such as: 5.30pm"),
        render_kw={"autocomplete": "off"},
    )
    ends_on = StringField(
        _l("Last day"),
        [Blank(), PlainText(LONGEST_WRITTEN)],
        description=_l("Only if it ends on another day, or after midnight"),
        render_kw={"autocomplete": "off"},
    )
    now: datetime
    unchanged_start: datetime | None

    @property
    def first_day(self) -> date | None:
        """The day on which it starts; None where none can be read."""
        return self._day(self.starts_on)

    @property
    def last_day(self) -> date | None:
        """The day on which it ends: the first unless another is given."""
        return self._day(self.ends_on) if self.ends_on.data else self.first_day

    @property
    def times(self) -> tuple[datetime, datetime]:
        """When it starts and ends; only after the form was found valid."""
        start = _moment(self.first_day, self.starts_at.data)
        end = _moment(self.last_day, self.ends_at.data)
        if start is None or end is None:
            msg = "the times of a form that was not found valid"
            raise ValueError(msg)
        return start, end

    def validate_starts_on(self, field: Field) -> None:
        """Refuse what is no day, and a day that is over."""
        day = _said(read_day, field.data, self._today)
        if day < self._today and not self._keeps_its_day(day):
            raise ValidationError(_l("This day is in the past. Choose one that is still to come."))
        if day > (self.now + FARTHEST_AHEAD).date():
            raise ValidationError(_l("This is more than three years away. Check the year."))

    def validate_starts_at(self, field: Field) -> None:
        """Refuse what is no time, the past, and the hours in which the clocks change."""
        at = _said(read_clock, field.data)
        if self.starts_on.errors or self.first_day is None:
            return
        start = _said(clock_moment, self.first_day, at)
        if start <= self.now and start != self.unchanged_start:
            raise ValidationError(_l("This is in the past. Choose a time that is still to come."))

    def validate_ends_at(self, field: Field) -> None:
        """Refuse what is no time, and an end that is not after the start."""
        at = _said(read_clock, field.data)
        if self.starts_on.errors or self.starts_at.errors or self.last_day is None:
            return
        end = _said(clock_moment, self.last_day, at)
        start = _moment(self.first_day, self.starts_at.data)
        if start is not None and end <= start and self.last_day == self.first_day:
            raise ValidationError(
                _l("It ends before it starts. Choose a later time, or add the last day below.")
            )

    def validate_ends_on(self, field: Field) -> None:
        """Refuse a last day that comes before the first, or weeks after it."""
        day = _said(read_day, field.data, self.first_day or self._today)
        if self.starts_on.errors or self.first_day is None:
            return
        if day < self.first_day:
            raise ValidationError(_l("The last day comes before the first. Check both."))
        if day - self.first_day > LONGEST_EVENT:
            raise ValidationError(_l("It lasts more than two months. Check the last day."))

    @property
    def _today(self) -> date:
        return local(self.now).date()

    def _day(self, field: Field) -> date | None:
        # A last day without a year is the next one after the first.
        since = self._today if field is self.starts_on else self.first_day or self._today
        try:
            return read_day(field.data or "", since)
        except WrittenTimeError:
            return None

    def _keeps_its_day(self, day: date) -> bool:
        return self.unchanged_start is not None and local(self.unchanged_start).date() == day


class WhereFields:
    """Where it is; the pin, if there is one, goes before the place."""

    venue_type = RadioField(
        _l("What kind of place is it?"),
        [Required(_l("Choose what kind of place it is."))],
        choices=[
            SelectChoice(VenueType.PUBLIC.value, _l("A public place")),
            SelectChoice(VenueType.STREET.value, _l("Our street")),
            SelectChoice(VenueType.PRIVATE.value, _l("Somebody’s home")),
            SelectChoice(VenueType.ONLINE.value, _l("Online")),
        ],
    )
    venue_name = StringField(
        _l("What is the place called?"),
        [Blank(), PlainText(LONGEST_VENUE)],
        description=_l("Such as: Deeplish Community Centre"),
    )
    place = StringField(
        _l("Postcode, town or village"),
        [Blank(), PlainText(LONGEST_PLACE)],
        description=_l("A whole postcode is best. It is never shown."),
        render_kw={"autocomplete": "postal-code"},
    )
    latitude = StringField(
        _l("Latitude"), [Blank(), PlainText(30)], render_kw={"inputmode": "decimal"}
    )
    longitude = StringField(
        _l("Longitude"), [Blank(), PlainText(30)], render_kw={"inputmode": "text"}
    )
    joining_link = StringField(
        _l("Link to join"),
        [Blank(), PlainText(LONGEST_LINK)],
        description=_l("It begins with https://. Everybody can see it; you can add it later."),
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )
    # What each kind of place means for the map; for the `notes` of the field’s macro.
    venue_notes: ClassVar[dict[str, LazyString]] = {
        "public": _l("A hall, a park, a café, a place of worship. Shown exactly."),
        "street": _l("Shown at the middle of its postcode, never as a house."),
        "private": _l(
            "Shown as a circle that a hundred homes or more share. You decide who gets the address."
        ),
        "online": _l("On no map. People find it in the list."),
    }

    @property
    def venue(self) -> VenueType:
        """What kind of place it is; only after the form was found valid."""
        return VenueType(self.venue_type.data)

    @property
    def said_place(self) -> dict[str, str]:
        """What `whereabouts` is to be asked; nothing is known of it yet."""
        fields = {"place": self.place, "latitude": self.latitude, "longitude": self.longitude}
        return {name: field.data or "" for name, field in fields.items()}

    @property
    def public_venue_name(self) -> str | None:
        """What the place is called; a home’s name is not kept, and online there is none."""
        named = self.venue in {VenueType.PUBLIC, VenueType.STREET}
        return (self.venue_name.data or None) if named else None

    @property
    def online_link(self) -> str | None:
        """The link to join by, of an event online."""
        return (self.joining_link.data or None) if self.venue is VenueType.ONLINE else None

    def validate_joining_link(self, field: Field) -> None:
        """Refuse what is no address of a web page; elsewhere than online nobody is asked for one."""
        is_online = self.venue_type.data == VenueType.ONLINE
        if is_online and not _is_web_address(field.data):
            raise ValidationError(_l("Copy the whole link. It begins with https:// or http://."))


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = text.isprintable() and not set(text) & set(' \\<>"')
    return plain and parts.scheme in {"http", "https"} and "." in host and not parts.username


def _said(read: Any, *written: Any) -> Any:
    """Read what was written, with what is wrong as the form’s own kind of mistake."""
    try:
        return read(*written)
    except WrittenTimeError as error:
        raise ValidationError(error.sentence) from None


def _moment(day: date | None, written: str | None) -> datetime | None:
    try:
        return clock_moment(day, read_clock(written or "")) if day else None
    except WrittenTimeError:
        return None
