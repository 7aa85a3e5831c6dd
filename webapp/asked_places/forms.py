"""What those who ask for a place write, and what hosts do."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from webapp.asked_places.models import LONGEST_DIRECTIONS, LONGEST_FIRST_NAME, LONGEST_NOTE
from webapp.forms import Blank, ChecksField, Form, PlainText, Required, TrappedForm

# Kept with each question. Change it whenever the words of the box below change; a test compares.
WORDING = "2026-11-21"
_LINK = re.compile(
    r"//|\bwww\.|(?<![@\w.-])[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,24}/"
    r"|(?:com|org|net|info|biz|io|uk|co|xyz|online|site|shop|app|link)\b)",
    re.IGNORECASE,
)


class NoLinks:
    """Refuse a text with a link: whoever hosts does not know who sends it."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Say what to do instead."""
        if _LINK.search(field.data or ""):
            raise ValidationError(_l("Leave out links: write it in plain words."))


class AskForm(TrappedForm):
    """A first name and a note, for the host alone."""

    name = StringField(
        _l("Your first name"),
        [Required(_l("Enter your first name.")), PlainText(LONGEST_FIRST_NAME), NoLinks()],
        description=_l("The host sees it."),
        render_kw={"autocomplete": "given-name"},
    )
    note = TextAreaField(
        _l("A note for the host"),
        [Blank(), PlainText(LONGEST_NOTE), NoLinks()],
        description=_l("Such as: we live two streets away and met at the library."),
    )
    wants_mail = BooleanField(_l("Write to me when the host has answered"))

    def ask_without_address(self) -> None:
        """Leave out what needs an address."""
        del self.wants_mail

    @property
    def mail_wording(self) -> str | None:
        """The words that a mail was asked for with; None where none was."""
        return WORDING if self.wants_mail is not None and self.wants_mail.data else None

    def refuse(self, sentence: str) -> None:
        """Say above the form why it was not sent."""
        self.form_errors.append(sentence)


class DirectionsForm(Form):
    """How those find the door whom the host lets come."""

    directions = TextAreaField(
        _l("Where exactly is it?"),
        [Blank(), PlainText(LONGEST_DIRECTIONS)],
        description=_l("Such as: 12 Elm Road, the blue door. Ring twice."),
    )

    def refuse(self, sentence: str) -> None:
        """Say beside the words that they are wanted first."""
        self.directions.errors = [sentence]


class AnswersForm(Form):
    """Those whom a host ticked; the boxes are drawn by the page, for each says much of one person.

    `seen` is what they had been answered when the page was shown.
    """

    seen = HiddenField()
    asked = ChecksField(_l("Who do you mean?"), choices=[], validate_choice=False)

    def refuse(self, sentence: str) -> None:
        """Say beside the boxes why nobody was answered."""
        self.asked.errors = [sentence]
