"""What people type to sign in."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import StopValidation

from webapp.accounts.actions import CODE_LENGTH
from webapp.forms import EmailAddress, Form, PlainText, Required, short_or_nothing


class SignInForm(Form):
    """Where to send the code."""

    email = EmailField(
        _l("Your e-mail address"),
        [Required(_l("Enter your e-mail address.")), EmailAddress()],
        description=_l("We send a code of six digits to it. There is no password."),
        render_kw={"autocomplete": "email"},
    )
    next = HiddenField(filters=[short_or_nothing])


class AgainForm(Form):
    """A button that sends a code to somebody’s own address, and where they go with it."""

    next = HiddenField(filters=[short_or_nothing])


class NewAddressForm(Form):
    """The address that an account is to have."""

    email = EmailField(
        _l("Your new e-mail address"),
        [Required(_l("Enter your e-mail address.")), EmailAddress()],
        description=_l("We send a code of six digits to it."),
        render_kw={"autocomplete": "email"},
    )


class SixDigits:
    """Refuse what cannot be a code, so that a slip of the thumb costs no try."""

    def __init__(self, message: LazyString) -> None:
        self.message = message

    def __call__(self, _form: Any, field: StringField) -> None:
        """Say where the digits are."""
        typed = field.data
        if not (typed.isascii() and typed.isdigit() and len(typed) == CODE_LENGTH):
            raise StopValidation(self.message)


def _without_spaces(text: str | None) -> str:
    """Return a code without the spaces and dashes that people put between its digits."""
    return "".join((text or "").replace("-", " ").split())


class CodeForm(Form):
    """The code that came by mail."""

    code = StringField(
        _l("The code"),
        [
            Required(_l("Enter the code from the mail.")),
            SixDigits(_l("Enter the six digits from the mail.")),
        ],
        description=_l("Six digits, such as 123456"),
        filters=[_without_spaces],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class AppCodeForm(Form):
    """The code that an authenticator app shows."""

    code = StringField(
        _l("The code in your authenticator app"),
        [
            Required(_l("Enter the code from the app.")),
            SixDigits(_l("Enter the six digits from the app.")),
        ],
        description=_l("Six digits, such as 123456"),
        filters=[_without_spaces],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    next = HiddenField(filters=[short_or_nothing])


class PasskeyForm(Form):
    """What a device answers; script fills it in."""

    credential = HiddenField()
    next = HiddenField(filters=[short_or_nothing])


class NewPasskeyForm(Form):
    """A passkey to be kept, and what its owner calls it."""

    name = StringField(
        _l("A name for it"),
        [Required(_l("Give the passkey a name, such as “My phone”.")), PlainText(60)],
        description=_l("So that you know it again: “My phone”"),
    )
    credential = HiddenField()
    next = HiddenField(filters=[short_or_nothing])


class EmptyForm(Form):
    """A button, protected like every other form."""
