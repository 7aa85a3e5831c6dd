"""The form for an address: which mails somebody would like, each with a box that nobody ticked for them."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field
from wtforms.validators import ValidationError

from webapp.forms import EmailAddress, Required, TrappedForm

# Kept with each address. Change it whenever the words of a box below change; a test compares.
WORDING = "2026-11-21"


class ReminderForm(TrappedForm):
    """An address, and what it is for."""

    email = EmailField(
        _l("Your e-mail address"),
        [Required(_l("Enter your e-mail address.")), EmailAddress()],
        description=_l("For what you tick alone. The host never sees it."),
        render_kw={"autocomplete": "email"},
    )
    wants_reminder = BooleanField(_l("Remind me the day before"))
    wants_news = BooleanField(_l("Tell me if its time or place changes, or if it is called off"))

    def ask_of_home(self) -> None:
        """Leave out what cannot happen to somebody who takes part at home."""
        del self.wants_news

    @property
    def news(self) -> bool:
        """Whether news are wanted."""
        return bool(self.wants_news is not None and self.wants_news.data)

    def validate_wants_reminder(self, field: Field) -> None:
        """Refuse an address that is for nothing."""
        if not (field.data or self.news):
            raise ValidationError(_l("Tick what you would like to get."))
