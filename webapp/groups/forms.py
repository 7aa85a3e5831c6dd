"""What people say of their group."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import StopValidation, ValidationError

from webapp.forms import Form, PlainText, Required, short_or_nothing
from webapp.groups.models import LONGEST_NAME
from webapp.groups.phones import PhoneError, PhoneFault, parse_phone
from webapp.groups.sectors import SECTOR_NAMES

LONGEST_PHONE = 40

PHONE_SENTENCES: dict[PhoneFault, LazyString] = {
    PhoneFault.NOT_DIGITS: _l("Enter a phone number in digits, such as 0161 496 0000."),
    PhoneFault.NO_AREA_CODE: _l("Begin with the area code, such as 0161, or with 07 for a mobile."),
    PhoneFault.TOO_SHORT: _l("Some digits are missing. Check the number."),
    PhoneFault.TOO_LONG: _l("There are too many digits. Enter one number alone."),
}


class GroupFields:
    """Who hosts: a name and a sector, nothing more to begin with."""

    name = StringField(
        _l("What is your group called?"),
        [Required(_l("Give your group’s name.")), PlainText(LONGEST_NAME, min=2)],
        description=_l("Not a group? Say who you are: Neighbours on Elm Road"),
        render_kw={"autocomplete": "organization"},
    )
    sector = RadioField(
        _l("What kind of group is it?"),
        [Required(_l("Choose what comes closest."))],
        choices=[SelectChoice(sector.value, name) for sector, name in SECTOR_NAMES.items()],
        description=_l("For a street or some friends, choose “Something else”."),
    )


class HelperFields:
    """A helper acts for a group whose organiser has no e-mail; then staff need to reach them."""

    for_somebody = BooleanField(_l("I do this for somebody who has no e-mail"))
    contact_phone = StringField(
        _l("Their phone number"),
        [PlainText(LONGEST_PHONE)],
        description=_l("Only the campaign’s staff see it, to ask before an event goes live."),
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )

    def validate_contact_phone(self, field: StringField) -> None:
        """Want a number where a helper acts, and nothing odd where one is given."""
        if not field.data:
            if self.for_somebody.data:
                raise StopValidation(_l("Enter the phone number of whoever you do this for."))
            return
        try:
            parse_phone(field.data)
        except PhoneError as error:
            raise ValidationError(PHONE_SENTENCES[error.fault]) from None

    @property
    def phone(self) -> str | None:
        """The number to keep, if one was given; only after the form was found valid."""
        return parse_phone(self.contact_phone.data) if self.contact_phone.data else None


class GroupForm(GroupFields, Form):
    """Who hosts, on a page of its own."""

    next = HiddenField(filters=[short_or_nothing])
