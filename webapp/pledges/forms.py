"""The form that says “I’m in”; its nonce and the Origin check protect it, not a session."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import ValidationError

from webapp.forms import PublicForm, Required
from webapp.pledges.models import LARGEST_PARTY, SMALLEST_PARTY


def _is_a_party(_form: Any, field: IntegerField) -> None:
    # WTForms’ own NumberRange makes a float of the number, and fails where it has 400 digits.
    if field.data is None or not SMALLEST_PARTY <= field.data <= LARGEST_PARTY:
        raise ValidationError(_l("Choose a number from 1 to 12."))


class PledgeForm(PublicForm):
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
