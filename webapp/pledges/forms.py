"""The form that says “I’m in”; its nonce and the Origin check protect it, not a session."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import ValidationError

from webapp.forms import Blank, PlainText, Required, TrappedForm
from webapp.pledges.models import LARGEST_PARTY, SMALLEST_PARTY

TRAP_FIELD = "leave_empty"
DIGITS = re.compile(r"\s*\+?[0-9]+\s*", re.ASCII)
LONGEST_POSTCODE = 40  # with all the spaces that people put into one


def _is_a_party(_form: Any, field: IntegerField) -> None:
    # WTForms’ own NumberRange makes a float of the number, and fails where it has 400 digits.
    # Python reads the digits of every script, and 1_0; people who type them mean to try something.
    typed = [str(each) for each in field.raw_data or ()]
    is_plain = len(typed) <= 1 and all(DIGITS.fullmatch(each) for each in typed)
    if field.data is None or not is_plain or not SMALLEST_PARTY <= field.data <= LARGEST_PARTY:
        raise ValidationError(_l("Choose a number from 1 to 12."))


class PledgeForm(TrappedForm):
    """How many come. The nonce beside it is no field: nobody types it, so it has no mistakes."""

    party = IntegerField(
        _l("How many of you?"),
        [
            Required(_l("Say how many of you are coming, from 1 to 12.")),
            _is_a_party,
        ],
        description=_l("You and whoever you bring, from 1 to 12 people"),
        default=SMALLEST_PARTY,
        render_kw={
            "min": SMALLEST_PARTY,
            "max": LARGEST_PARTY,
            "inputmode": "numeric",
            "autocomplete": "off",
        },
    )

    def refuse(self, sentence: str) -> None:
        """Say above the form why it could not be taken."""
        self.form_errors.append(sentence)


class HomePledgeForm(PledgeForm):
    """How many take part at home, and where, if they like to say."""

    postcode = StringField(
        _l("First half of your postcode"),
        [Blank(), PlainText(LONGEST_POSTCODE)],
        description=_l(
            "Such as OL16. We keep which town and council area it is in, not the postcode."
        ),
        render_kw={"autocomplete": "postal-code", "autocapitalize": "characters"},
    )

    def refuse_postcode(self) -> None:
        """Say beside the field that there is no such postcode."""
        sentence = _l("We do not know that postcode. Check it, or leave this empty.")
        self.postcode.errors = self.postcode.errors or [sentence]
