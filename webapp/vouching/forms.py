"""What hosts and staff fill in for others."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import ValidationError

from webapp.forms import Blank, ChecksField, Form, PlainText, PublicForm, Required
from webapp.pledges.forms import LONGEST_POSTCODE, PledgeForm
from webapp.pledges.models import LARGEST_PARTY, SMALLEST_PARTY
from webapp.vouching.models import MOST_PEOPLE, Purpose, SheetPlace, SheetReason

DIGITS = re.compile(r"\s*[0-9]+\s*", re.ASCII)
LONGEST_WORD = 30
LONGEST_SEARCH = 100

PURPOSE_NAMES: dict[Purpose, LazyString] = {
    Purpose.SCHOOL: _l("A school"),
    Purpose.HALL: _l("A hall"),
    Purpose.CARE_HOME: _l("A care home"),
    Purpose.OTHER: _l("Somewhere else"),
}
PLACE_NAMES: dict[SheetPlace, LazyString] = {
    SheetPlace.DOORSTEP: _l("A doorstep"),
    SheetPlace.SHOP: _l("A shop"),
    SheetPlace.LIBRARY: _l("A library"),
    SheetPlace.WORSHIP: _l("A place of worship"),
    SheetPlace.HALL: _l("A hall"),
    SheetPlace.SCHOOL: _l("A school"),
    SheetPlace.CARE_HOME: _l("A care home"),
    SheetPlace.OTHER: _l("Somewhere else"),
}
REASON_NAMES: dict[SheetReason, LazyString] = {
    SheetReason.COUNTED_AGAIN: _l("I counted again"),
    SheetReason.MORE_SIGNED: _l("More people signed it"),
    SheetReason.ALSO_ONLINE: _l("Some had pledged online as well"),
    SheetReason.MISTAKE: _l("It was entered by mistake, or twice"),
}


class Between:
    """Refuse what is no whole number from one to another, in plain digits and typed once."""

    def __init__(self, least: int, most: int, sentence: LazyString) -> None:
        self.least, self.most, self.sentence = least, most, sentence

    def __call__(self, _form: Any, field: IntegerField) -> None:
        """Say which numbers are good; Python itself reads the digits of every script, and 1_0."""
        typed = [str(each) for each in field.raw_data or ()]
        is_plain = len(typed) == 1 and DIGITS.fullmatch(typed[0])
        if field.data is None or not is_plain or not self.least <= field.data <= self.most:
            field.errors = []
            raise ValidationError(self.sentence)


def _number(label: LazyString, hint: LazyString, least: int, sentence: LazyString) -> Any:
    return IntegerField(
        label,
        [Required(sentence), Between(least, MOST_PEOPLE, sentence)],
        description=hint,
        render_kw={
            "min": least,
            "max": MOST_PEOPLE,
            "inputmode": "numeric",
            "autocomplete": "off",
        },
    )


def _choices(names: dict[Any, LazyString]) -> Callable[[], list[tuple[str, LazyString]]]:
    return lambda: [(each.value, name) for each, name in names.items()]


class WindowForm(Form):
    """What a window is opened for."""

    purpose = RadioField(
        _l("Who is it for?"),
        [Required(_l("Choose who it is for."))],
        choices=_choices(PURPOSE_NAMES),
    )
    word = StringField(
        _l("What kind of place, if somewhere else"),
        [Blank(), PlainText(LONGEST_WORD)],
        description=_l("One word, such as “scouts”. Only you and campaign staff see it."),
        render_kw={"autocomplete": "off"},
    )
    cap = _number(
        _l("How many people at most?"),
        _l("From 1 to 500. Nobody gets through after that."),
        1,
        _l("Write how many people at most, from 1 to 500."),
    )


class WindowPledgeForm(PublicForm):
    """How many come, of one person at a shared screen; the window’s link and a nonce protect it."""

    party = PledgeForm.party


class SheetForm(Form):
    """How many people signed on one sheet."""

    people = _number(
        _l("How many people are on it?"),
        _l("Add up the numbers on the sheet: from 1 to 500 people."),
        1,
        _l("Write how many people are on the sheet, from 1 to 500."),
    )
    place = RadioField(
        _l("Where did the sheet lie?"),
        [Required(_l("Choose where the sheet lay."))],
        choices=_choices(PLACE_NAMES),
    )


class SheetCorrectionForm(Form):
    """How many people are on a sheet after all, and why."""

    people = _number(
        _l("How many people are on it after all?"),
        _l("From 0 to 500 people."),
        0,
        _l("Write how many people are on the sheet, from 0 to 500."),
    )
    reason = RadioField(_l("Why?"), [Required(_l("Choose why."))], choices=_choices(REASON_NAMES))


class CallForm(Form):
    """How many people a caller brings."""

    party = IntegerField(
        _l("How many are you, with those you bring?"),
        [
            Required(_l("Ask how many they are, from 1 to 12.")),
            Between(SMALLEST_PARTY, LARGEST_PARTY, _l("Choose a number from 1 to 12.")),
        ],
        default=SMALLEST_PARTY,
        description=_l("From 1 to 12 people. Ask for no name, address or number."),
        render_kw={
            "min": SMALLEST_PARTY,
            "max": LARGEST_PARTY,
            "inputmode": "numeric",
            "autocomplete": "off",
        },
    )


class HomeCallForm(CallForm):
    """How many people a caller is with at home, and where, if they like to say."""

    postcode = StringField(
        _l("First half of their postcode"),
        [Blank(), PlainText(LONGEST_POSTCODE)],
        description=_l(
            "Such as OL16. We keep which town and council area it is in, not the postcode."
        ),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )

    def refuse_postcode(self) -> None:
        """Say beside the field that there is no such postcode."""
        sentence = _l("We do not know that postcode. Check it, or leave this empty.")
        self.postcode.errors = self.postcode.errors or [sentence]


class PlaceSearchForm(Form):
    """Where the caller wants to go."""

    q = StringField(
        _l("Postcode, town or village"),
        [Required(_l("Ask where they would like to go.")), PlainText(LONGEST_SEARCH)],
        render_kw={"autocomplete": "off"},
    )


class CodeForm(Form):
    """The code of an earlier call."""

    code = StringField(
        _l("The code that was read out to them"),
        [Required(_l("Ask for the code: eight digits.")), PlainText(LONGEST_WORD)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )

    def refuse(self) -> None:
        """Say beside the field that no call has this code."""
        self.code.errors = [_l("No call has this code. Ask for it once more: eight digits.")]


class VouchForm(Form):
    """Which of the places are the host’s own."""

    # What has been counted since the page was shown is no mistake.
    places = ChecksField(
        _l("From one place each"),
        [Required(_l("Tick those that you know."))],
        choices=[],
        validate_choice=False,
    )
