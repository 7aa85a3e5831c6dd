"""What all forms share: tidy text, plain sentences for mistakes, and fields that say what is wrong.

Every text field is normalised (NFC, trimmed) and refuses characters that nobody can see. A field’s
hint has the id `<field>-hint` and its error `<field>-error`; templates use the same ids.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, SelectMultipleField, StringField, TextAreaField
from wtforms.csrf.core import CSRFTokenField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput

# Overrides and isolates turn the order of what follows around, so that a text can pretend to be
# another. Joiners, direction marks and the tags inside flags are left alone: words, names and
# emoji need them.
_BIDI_OVERRIDES = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ALLOWED_CONTROLS = frozenset("\n\t")
LONGEST_NEXT = 500

# WTForms’ own messages, in our words and therefore in our catalogs.
_MESSAGES: dict[str, LazyString] = {
    "Not a valid choice.": _l("Choose one of the options."),
    "Invalid Choice: could not coerce.": _l("Choose one of the options."),
    "Not a valid date value.": _l("Enter a real date, such as 5 June 2027."),
    "Not a valid time value.": _l("Enter a time, such as 14:30."),
    "Not a valid integer value.": _l("Enter a whole number, such as 4."),
    "Not a valid decimal value.": _l("Enter a number, such as 51.5."),
    "Not a valid float value.": _l("Enter a number, such as 51.5."),
}


class _SiteMessages:
    """Stand in for WTForms’ translations, with sentences of our own."""

    def gettext(self, message: str) -> str:
        """Return our sentence for one of WTForms’ messages."""
        return str(_MESSAGES.get(message, message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the form for `n`; none of WTForms’ plural messages is in use here."""
        return self.gettext(singular if n == 1 else plural)


def is_invisible(character: str) -> bool:
    """Say whether a character has no place in text that people type."""
    if character in _ALLOWED_CONTROLS:
        return False
    category = unicodedata.category(character)
    return (
        category in _INVISIBLE_CATEGORIES
        or character in _BIDI_OVERRIDES
        or _is_noncharacter(ord(character))
    )


def _is_noncharacter(code_point: int) -> bool:
    """Say whether Unicode keeps a code point out of all text; HTML may not hold one."""
    return code_point & 0xFFFE == 0xFFFE or 0xFDD0 <= code_point <= 0xFDEF


def without_invisible(text: str) -> str:
    """Return the text without the characters that nobody can see."""
    return "".join(character for character in text if not is_invisible(character))


def has_visible_text(text: str | None) -> bool:
    """Say whether there is at least one letter, digit, sign or emoji in the text."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text or "")


def tidy_line(text: str | None) -> str | None:
    """Normalise one line of text: NFC, no space at the ends, single spaces within."""
    return None if text is None else " ".join(unicodedata.normalize("NFC", text).split())


def tidy_paragraphs(text: str | None) -> str | None:
    """Normalise longer text: NFC, one kind of line end, at most one empty line in a row."""
    if text is None:
        return None
    normal = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.rstrip() for line in normal.strip().split("\n")]
    kept = [line for before, line in zip(["-", *lines], lines, strict=False) if before or line]
    return "\n".join(kept)


def short_or_nothing(text: str | None) -> str:
    """Return where somebody wanted to go next; nothing where it is odd or too long to remember."""
    is_plain = text and len(text) <= LONGEST_NEXT and not any(map(is_invisible, text))
    return text if text and is_plain else ""


def _refuse_invisible(_form: Any, field: Field) -> None:
    text = field.data
    if isinstance(text, str) and any(map(is_invisible, text)):
        field.data = without_invisible(text)
        raise StopValidation(
            _l(
                "There were invisible characters in this text. They are removed now: "
                "check it and send it again."
            )
        )


def _describe(field: Field, attributes: dict[str, Any]) -> dict[str, Any]:
    described_by = [attributes["aria-describedby"]] if "aria-describedby" in attributes else []
    if field.description:
        described_by.append(f"{field.id}-hint")
    if field.errors:
        described_by.append(f"{field.id}-error")
        attributes["aria-invalid"] = "true"
    if described_by:
        unique = dict.fromkeys(" ".join(described_by).split())
        attributes["aria-describedby"] = " ".join(unique)
    return attributes


def _clean(field: Field) -> None:
    """Take away what nobody can see of what is shown again: HTML may not hold all of it."""
    typed: Iterable[Any] = getattr(field, "raw_data", None) or ()
    field.raw_data = [without_invisible(x) if isinstance(x, str) else x for x in typed]
    if isinstance(field.data, str):
        field.data = without_invisible(field.data)


def _with_text_rules(field: Field) -> Field:
    if isinstance(field, StringField) and not isinstance(field, CSRFTokenField):
        tidy = tidy_paragraphs if isinstance(field, TextAreaField) else tidy_line
        field.filters = (tidy, *field.filters)
        field.validators = [_refuse_invisible, *field.validators]
    return field


def _is_blank(field: Field) -> bool:
    typed = getattr(field, "raw_data", None)
    return not typed or not str(typed[0]).strip()


class Form(FlaskForm):
    """A form for people with a session: protected against forged requests."""

    class Meta(FlaskForm.Meta):
        """How fields are bound, worded and drawn."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Bind a field and give text fields the rules that all text obeys."""
            return _with_text_rules(super().bind_field(form, unbound_field, options))

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what was sent as a form: none of ours takes JSON."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return self.sent() if form.is_submitted() else None

        def sent(self) -> MultiDict[str, Any]:
            """Return what was typed; files are for forms that say that they take them."""
            return request.form

        def get_translations(self, form: Any) -> Any:  # noqa: ARG002 -- WTForms’ signature
            """Word built-in mistakes our way."""
            return _SiteMessages()

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            """Draw a field that names its hint and its error to assistive technology."""
            _clean(field)
            if isinstance(field.widget, HiddenInput):
                return super().render_field(field, render_kw)
            names = {key.rstrip("_").replace("_", "-"): key for key in render_kw}
            attributes = {name: render_kw[key] for name, key in names.items()}
            return super().render_field(field, _describe(field, attributes))

    # What the page shows before the rest, where the fields are declared in another order.
    shown_first: ClassVar[Sequence[str]] = ()

    def __iter__(self) -> Iterator[Field]:
        """Go through the fields as the page shows them."""
        names = dict.fromkeys((*self.shown_first, *self._fields))
        return iter([self._fields[each] for each in names if each in self._fields])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; what is shown again afterwards holds no invisible character."""
        is_valid = super().validate(extra_validators)
        for field in self:
            _clean(field)
        return is_valid


class PublicForm(Form):
    """A form on a cacheable page: no session, so no token; the route says what protects it."""

    class Meta(Form.Meta):
        """As for every form, without the token."""

        csrf = False


class TrappedForm(PublicForm):
    """A public form with a box that no person sees: whatever fills it in is a program."""

    leave_empty = StringField(
        _l("Leave this box empty"), render_kw={"autocomplete": "off", "tabindex": "-1"}
    )

    @property
    def is_from_a_program(self) -> bool:
        """Whether the box that nobody sees was filled in; then the answer is thanks, and nothing is kept."""
        return bool(self.leave_empty.raw_data and self.leave_empty.raw_data[0])


class ChecksField(SelectMultipleField):
    """Several of a list, each with a box to tick."""

    option_widget = CheckboxInput()

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is not on the list, in our words, unless the form lets it pass."""
        known = {value for value, *_rest in self.iter_choices()}
        if self.validate_choice and not known.issuperset(self.data or ()):
            raise ValidationError(_l("Choose one of the options."))


class FileForm(Form):
    """A form that takes files beside what is typed; its page says so by `takes_files`."""

    class Meta(Form.Meta):
        """As for every form, with the files."""

        def sent(self) -> MultiDict[str, Any]:
            """Return what was typed, and the files."""
            return CombinedMultiDict([request.form, request.files])


class Required:
    """Refuse a field that is empty or holds nothing that can be seen."""

    def __init__(self, message: str | LazyString | None = None) -> None:
        self.message = message or _l("Fill in this field.")

    def __call__(self, _form: Any, field: Field) -> None:
        """Stop with this sentence alone: an empty field has no other mistake."""
        empty = (
            not has_visible_text(field.data) if isinstance(field.data, str) else _is_blank(field)
        )
        if empty:
            field.errors = []
            raise StopValidation(self.message)


class Blank:
    """Let an empty field pass without looking at it further."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Stop without a message, and forget what parsing an empty text complained about."""
        if _is_blank(field):
            field.errors = []
            raise StopValidation


class PlainText:
    """Limit the length of a text, counted in characters after it has been tidied."""

    def __init__(self, max: int, min: int = 0) -> None:  # noqa: A002 -- as in WTForms
        self.longest, self.shortest = max, min

    def __call__(self, _form: Any, field: Field) -> None:
        """Say which way the text has to change."""
        length = len(field.data or "")
        if length > self.longest:
            raise ValidationError(
                _l("Shorten this to %(number)s characters or fewer.", number=self.longest)
            )
        if 0 < length < self.shortest:
            raise ValidationError(
                _l("Write at least %(number)s characters here.", number=self.shortest)
            )


class EmailAddress:
    """Refuse what cannot be an e-mail address; whether somebody reads it is not asked."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Check the form of the address only: no look-up, so no wait and no leak."""
        try:
            validate_email(field.data or "", check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            message = _l("Enter an e-mail address, such as name@example.org.")
            raise StopValidation(message) from None
