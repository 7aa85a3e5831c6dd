"""What people type to sign in."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import StopValidation

from webapp.accounts.actions import CODE_LENGTH
from webapp.forms import EmailAddress, Form, Required, short_or_nothing


class SignInForm(Form):
    """Where to send the code."""

    email = EmailField(
        _l("Your e-mail address"),
        [Required(_l("Enter your e-mail address.")), EmailAddress()],
        description=_l("We send a code of six digits to it. There is no password."),
        render_kw={"autocomplete": "email"},
    )
    next = HiddenField(filters=[short_or_nothing])


class CodeForm(Form):
    """The code that came by mail; spaces and dashes between its digits do not matter."""

    code = StringField(
        _l("The code"),
        [Required(_l("Enter the code from the mail."))],
        description=_l("Six digits, such as 123456"),
        filters=[lambda text: "".join((text or "").replace("-", " ").split())],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def validate_code(self, field: StringField) -> None:
        """Refuse what cannot be a code, so that a slip of the thumb costs no try."""
        typed = field.data
        if not (typed.isascii() and typed.isdigit() and len(typed) == CODE_LENGTH):
            raise StopValidation(_l("Enter the six digits from the mail."))


class EmptyForm(Form):
    """A button, protected like every other form."""
