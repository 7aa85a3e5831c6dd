"""The form that lists an event."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from geo.privacy import VenueType
from webapp.events.actions import NewEvent
from webapp.events.times import NoSuchTimeError, london_time
from webapp.events.whereabouts import Spot
from webapp.forms import Blank, Form, PlainText, Required

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_VENUE, LONGEST_PLACE = 100, 4000, 120, 100
LONGEST_EVENT = timedelta(days=60)
FARTHEST_AHEAD = timedelta(days=3 * 366)

Choices = Iterable[tuple[str, str]]


class EventForm(Form):
    """What a host says of an event; who hosts and which moments there are is passed in."""

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
        description=_l("Who is welcome, what to bring, what it costs. Everybody can read this."),
    )
    moment = SelectField(_l("Which day is it for?"))
    group = SelectField(_l("Who hosts it?"))
    starts_on = DateField(_l("Day"), [Required(_l("Choose the day."))])
    starts_at = TimeField(_l("From"), [Required(_l("Choose when it starts."))])
    ends_on = DateField(_l("Last day"), [Blank()], description=_l("Only if it ends on another day"))
    ends_at = TimeField(_l("To"), [Required(_l("Choose when it ends."))])
    venue_type = RadioField(
        _l("What kind of place is it?"),
        [Required(_l("Choose what kind of place it is."))],
        choices=[
            SelectChoice(VenueType.PUBLIC.value, _l("A public place")),
            SelectChoice(VenueType.STREET.value, _l("Our street")),
            SelectChoice(VenueType.PRIVATE.value, _l("Somebody’s home")),
        ],
        description=_l("This decides what everybody can see on the map"),
    )
    venue_name = StringField(
        _l("What is the place called?"),
        [Blank(), PlainText(LONGEST_VENUE)],
        description=_l("Such as: Deeplish Community Centre. Leave it empty for a home."),
    )
    place = StringField(
        _l("Postcode, town or village"),
        [Blank(), PlainText(LONGEST_PLACE)],
        description=_l("Or place a pin on the map below"),
    )
    latitude = StringField(_l("Latitude"), [Blank(), PlainText(30)])
    longitude = StringField(_l("Longitude"), [Blank(), PlainText(30)])

    def __init__(self, *args: Any, moments: Choices, groups: Choices, now: datetime, **kw: Any):
        super().__init__(*args, **kw)
        self.moment.choices = [SelectChoice(*each) for each in moments]
        self.group.choices = [SelectChoice(*each) for each in groups]
        self.now = now

    @property
    def last_day(self) -> date:
        """The day on which it ends: the first day unless another is given."""
        day: date = self.ends_on.data or self.starts_on.data
        return day

    @property
    def times(self) -> tuple[datetime, datetime]:
        """When it starts and ends; only after the form was found valid."""
        start = london_time(self.starts_on.data, self.starts_at.data)
        return start, london_time(self.last_day, self.ends_at.data)

    def validate_starts_at(self, field: TimeField) -> None:
        """Refuse the past, the far future, and the hour that the clocks skip."""
        if not (self.starts_on.data and field.data):
            return
        start = _london_time(self.starts_on.data, field.data)
        if start <= self.now:
            raise ValidationError(_l("This is in the past. Choose a time that is still to come."))
        if start > self.now + FARTHEST_AHEAD:
            raise ValidationError(_l("This is more than three years away. Check the year."))

    def validate_ends_at(self, field: TimeField) -> None:
        """Refuse an end that is not after the start, or weeks after it."""
        if not (self.starts_on.data and self.starts_at.data and field.data):
            return
        if self.starts_at.errors:
            return
        length = _london_time(self.last_day, field.data) - london_time(
            self.starts_on.data, self.starts_at.data
        )
        if length <= timedelta(0):
            raise ValidationError(_l("It ends before it starts. Choose a later time."))
        if length > LONGEST_EVENT:
            raise ValidationError(_l("It lasts more than two months. Check the last day."))

    def as_new_event(self, spot: Spot) -> NewEvent:
        """Return what was said, held at a spot; only after the form was found valid."""
        starts_at, ends_at = self.times
        venue_type = VenueType(self.venue_type.data)
        return NewEvent(
            title=self.title.data,
            description=self.description.data,
            starts_at=starts_at,
            ends_at=ends_at,
            venue_type=venue_type,
            venue_name=None if venue_type is VenueType.PRIVATE else self.venue_name.data or None,
            point=spot.point,
            precision_metres=spot.precision_metres,
            postcode=spot.postcode,
        )

    def refuse(self, name: str, sentence: str) -> None:
        """Show a mistake that only the database could find beside its field."""
        field = self[name]
        field.errors = field.errors or [sentence]


def _london_time(day: date, at: Any) -> datetime:
    try:
        return london_time(day, at)
    except NoSuchTimeError:
        raise ValidationError(
            _l("The clocks go forward and skip this hour that night. Choose another.")
        ) from None
