"""The form for an address: which mails somebody would like, each with a box that nobody ticked for them."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field
from wtforms.validators import ValidationError

from webapp.forms import EmailAddress, Required, TrappedForm

# Kept with each address. Change it whenever the words of a box below change; a test compares.
WORDING = "2026-11-21b"


class ReminderForm(TrappedForm):
    """An address, and what it is for."""

    wants_place = BooleanField(_l("Tell me when there is room for me"))
    wants_reminder = BooleanField(_l("Remind me the day before"))
    wants_news = BooleanField(_l("Tell me if its time or place changes, or if it is called off"))
    email = EmailField(
        _l("Your e-mail address"),
        [Required(_l("Enter your e-mail address.")), EmailAddress()],
        description=_l("For what you tick alone. The host never sees it."),
        render_kw={"autocomplete": "email"},
    )

    def leave_out(self, *, news: bool, place: bool) -> None:
        """Leave out what cannot happen: news to somebody at home, a place to who does not wait for one."""
        if news:
            del self.wants_news
        if place:
            del self.wants_place

    @property
    def news(self) -> bool:
        """Whether news are wanted."""
        return bool(self.wants_news is not None and self.wants_news.data)

    @property
    def place(self) -> bool:
        """Whether somebody who waits wants to know when there is room for them."""
        return bool(self.wants_place is not None and self.wants_place.data)

    def validate_wants_reminder(self, field: Field) -> None:
        """Refuse an address that is for nothing."""
        if not (field.data or self.news or self.place):
            raise ValidationError(_l("Tick what you would like to get."))
