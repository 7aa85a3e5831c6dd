"""What staff say pledges must be like, and what they decide about them."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Regexp, ValidationError

from webapp.corrections.conditions import What
from webapp.corrections.models import LONGEST_REASON, Cause, DecisionKind
from webapp.corrections.wording import CAUSES, KIND_NOTES, KINDS, WHATS, WHYS
from webapp.forms import Blank, Form, PlainText, PublicForm, Required

LONDON = ZoneInfo("Europe/London")
LONGEST_EVENT = 200
AT_HOME = "home"
ANY = SelectChoice("", _l("Any"))
NOT_OF_RELEASES = {Cause.PROGRAM.value, Cause.TWICE.value, Cause.NOT_REAL.value}
NOT_OF_INVALIDATIONS = {Cause.PEOPLE.value}


class TimeField(DateTimeLocalField):
    """A day and a time, as the clocks in the United Kingdom show it."""

    FIRST, LAST = 2020, 2100

    def __init__(self, label: LazyString, **kw: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
        super().__init__(label, [Blank()], format=formats, **kw)

    data: datetime | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; a sentence of ours where it is no time of these years."""
        with suppress(ValueError):
            super().process_formdata(valuelist)
        is_known = self.data is not None and self.FIRST <= self.data.year < self.LAST
        if not is_known:
            self.data = None
        if not is_known and " ".join(valuelist).strip():
            raise ValueError(_l("Enter a day and a time, such as 5 June 2027, 14:30."))

    @property
    def at(self) -> datetime | None:
        """The moment that was given."""
        return self.data.replace(tzinfo=LONDON).astimezone(UTC) if self.data else None

    def put(self, moment: datetime) -> None:
        """Show a moment."""
        self.data = moment.astimezone(LONDON).replace(tzinfo=None)


class ConditionsForm(PublicForm):
    """What pledges must be like; it is asked for, and changes nothing."""

    moment = SelectField(_l("Moment"), coerce=int)
    what = RadioField(
        _l("Which pledges?"),
        default=What.HELD.value,
        choices=[SelectChoice(each.value, name) for each, name in WHATS.items()],
    )
    source = StringField(
        _l("Source"),
        [
            Blank(),
            PlainText(24),
            Regexp(
                r"^[0-9a-f]{4,24}$",
                message=_l("Enter a source as it stands in the list, such as 3f9a01c2."),
            ),
        ],
        description=_l(
            "A short name of an address or a network, as it stands in the list of sources."
        ),
    )
    event = StringField(
        _l("Event"),
        [Blank(), PlainText(LONGEST_EVENT)],
        description=_l("The last part of its address, or “home” for those who take part at home."),
    )
    area = SelectField(_l("Area"))
    why = SelectField(
        _l("Why they are held"),
        choices=[ANY, *(SelectChoice(each.value, name) for each, name in WHYS.items())],
    )
    via = StringField(
        _l("Partner code"),
        [
            Blank(),
            PlainText(40),
            Regexp(
                r"^[a-z0-9-]+$", message=_l("A code has small letters, digits and hyphens only.")
            ),
        ],
    )
    since = TimeField(_l("Pledged from"))
    until = TimeField(
        _l("Pledged until"), description=_l("Pledges that come after you looked are never touched.")
    )

    def __init__(
        self, typed: Any, moments: Sequence[tuple[int, str]], areas: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(typed)
        self.moment.choices = [SelectChoice(number, name) for number, name in moments]
        self.area.choices = [ANY, *(SelectChoice(code, name) for code, name in areas)]
        # In an address one may leave out what does not matter.
        for field, default in ((self.what, What.HELD.value), (self.area, ""), (self.why, "")):
            if field.data in {None, "None"}:
                field.data = default

    def validate_what(self, field: RadioField) -> None:
        """Refuse to take a whole moment out of the number at one go."""
        narrowing = (self.source, self.event, self.area, self.via, self.since)
        if field.data == What.COUNTED.value and not any(each.data for each in narrowing):
            raise ValidationError(
                _l("Say which of them: by source, event, area, partner code or time.")
            )

    def refuse_event(self) -> None:
        """Say that there is no such event."""
        self.event.errors = [_l("There is no event at this address.")]


class SeenForm(Form):
    """How many people the page said: more are never touched without anybody looking again."""

    heads = HiddenField()

    @property
    def seen_heads(self) -> int:
        """How many they were."""
        return self.number_in(self.heads)

    @staticmethod
    def number_in(field: HiddenField) -> int:
        """Return what a page wrote into a field; nobody where the form was meddled with."""
        text = field.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def refuse(self, sentence: str) -> None:
        """Say above the form why nothing was done."""
        self.form_errors.append(sentence)


class ReasonForm(SeenForm):
    """Why: for the public, and for colleagues."""

    cause = RadioField(
        _l("What is the public told?"),
        [Required(_l("Choose what comes closest."))],
        choices=[SelectChoice(each.value, name) for each, name in CAUSES.items()],
        description=_l("It stands on the public page of corrections, without anybody’s name."),
    )
    reason = TextAreaField(
        _l("Reason"),
        [
            Required(_l("Give a reason, for the colleague who looks next.")),
            PlainText(LONGEST_REASON),
        ],
        description=_l("For staff alone: how you know, and what you looked at."),
    )


class DecideForm(ReasonForm):
    """What is to happen with pledges; letting them count touches those of them alone who are held."""

    shown_first = ("kind",)
    held = HiddenField()
    kind = RadioField(_l("What do you decide?"), [Required(_l("Choose what is to happen."))])

    def __init__(self, what: What, **kw: Any) -> None:
        super().__init__(**kw)
        both = (DecisionKind.RELEASE, DecisionKind.INVALIDATE)
        self.offered = both if what is What.HELD else both[1:]
        self.kind.choices = [SelectChoice(each.value, KINDS[each]) for each in self.offered]

    @property
    def seen_heads(self) -> int:
        """How many people the page said that this decision would touch."""
        is_release = self.kind.data == DecisionKind.RELEASE.value
        return self.number_in(self.held if is_release else self.heads)

    def validate_cause(self, field: RadioField) -> None:
        """Refuse to tell the public that a program is let in, or that people are taken out."""
        is_release = self.kind.data == DecisionKind.RELEASE.value
        if field.data in (NOT_OF_RELEASES if is_release else NOT_OF_INVALIDATIONS):
            raise ValidationError(_l("This does not fit what you decide."))

    @property
    def notes(self) -> dict[str, LazyString]:
        """A small line for each kind of decision."""
        return {each.value: note for each, note in KIND_NOTES.items()}
