"""What hosts type about the life of their event."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from webapp.forms import Form, PlainText, Required

LONGEST_EXPLANATION = 500


class ExplanationForm(Form):
    """A word of explanation that the event’s page shows."""

    explanation = TextAreaField(
        _l("What happened?"),
        [
            Required(_l("Write a word of explanation: people read it on the event’s page.")),
            PlainText(LONGEST_EXPLANATION),
        ],
        description=_l("One or two sentences. Everybody can read them on the event’s page."),
    )
