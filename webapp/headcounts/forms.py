"""The one question to hosts, and the tap that tells whom somebody met."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from webapp.forms import Form, PlainText, PublicForm, Required
from webapp.headcounts.models import MOST_HEADS

LONGEST_TYPED = 40
# “about 1,200”, “~50”, “50+”, “60 people”: one number among what people write around it.
NUMBER = re.compile(r"\d+(?:,\d{3})*")


def people_in(typed: str) -> int | None:
    """Return the one number that a text holds; None for none, several, or one below nothing."""
    found = NUMBER.findall(typed)
    if len(found) != 1 or re.search(r"[-−]\s*\d", typed) or re.search(r"\d[.,]\d{1,2}\b", typed):
        return None
    digits = found[0].replace(",", "")
    # Python refuses to read thousands of digits, and nobody means them.
    return int(digits) if len(digits) <= LONGEST_TYPED else MOST_HEADS + 1


def _is_a_number_of_people(_form: Any, field: StringField) -> None:
    people = people_in(field.data or "")
    if people is None:
        raise ValidationError(_l("Write one whole number, such as 45. A good guess will do."))
    if people > MOST_HEADS:
        raise ValidationError(_l("That is more than 100,000 people. Check the number."))


def _people() -> Any:
    return StringField(
        _l("Number of people"),
        [
            Required(_l("Write about how many came. A good guess will do.")),
            PlainText(LONGEST_TYPED),
            _is_a_number_of_people,
        ],
        description=_l("Everybody who was there, you too. A good guess will do; 0 if nobody came."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class HeadcountForm(Form):
    """About how many came, told by a host who has signed in."""

    people = _people()

    @property
    def number(self) -> int:
        """The number, once the form is valid."""
        return people_in(self.people.data or "") or 0


class LinkHeadcountForm(PublicForm):
    """The same, told by whoever has the link from the mail: that is what protects it."""

    people = _people()

    number = HeadcountForm.number


class EmptyForm(Form):
    """No field but the token: for buttons of people who have signed in."""
