"""What people say of their group."""

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation, ValidationError

from webapp.forms import (
    Blank,
    ChecksField,
    EmailAddress,
    Form,
    PlainText,
    Required,
    short_or_nothing,
)
from webapp.groups.languages import LANGUAGES, language_choices
from webapp.groups.models import LONGEST_DESCRIPTION, LONGEST_NAME
from webapp.groups.phones import PhoneError, PhoneFault, parse_phone
from webapp.groups.sectors import SECTOR_NAMES, SIZE_NAMES
from webapp.groups.websites import LONGEST_WEBSITE, parse_website

LONGEST_PHONE, LONGEST_PLACE, LONGEST_WORKS_WITH = 40, 100, 300

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


class PlaceField:
    """Where a group is; its page names the town alone."""

    place = StringField(
        _l("Where are you?"),
        [Blank(), PlainText(LONGEST_PLACE)],
        description=_l("A postcode, a town or a village. Only the town is kept and shown."),
    )


class GroupForm(GroupFields, PlaceField, HelperFields, Form):
    """Who hosts, on a page of its own; `different` is the name under which it is none of those offered."""

    next = HiddenField(filters=[short_or_nothing])
    different = HiddenField(filters=[short_or_nothing])


class GroupDetailsForm(GroupFields, PlaceField, HelperFields, Form):
    """All that a group says of itself; `version` and `seen` are what it said when the form was sent out."""

    shown_first = (
        "name", "sector", "description", "place", "website", "languages", "size_band",
        "works_with", "contact_email",
    )  # fmt: skip
    description = TextAreaField(
        _l("What do you do?"),
        [Blank(), PlainText(LONGEST_DESCRIPTION)],
        description=_l("Everybody can read this. *Stars* make a word stand out; links work."),
    )
    website = StringField(
        _l("Website"),
        [Blank(), PlainText(LONGEST_WEBSITE)],
        description=_l("Such as: example.org"),
        render_kw={"inputmode": "url", "autocomplete": "url"},
    )
    languages = ChecksField(_l("Which languages do you speak together?"))
    size_band = RadioField(
        _l("How many are you?"),
        choices=[
            SelectChoice("", _l("I’d rather not say")),
            *(SelectChoice(band.value, name) for band, name in SIZE_NAMES.items()),
        ],
    )
    works_with = StringField(
        _l("Whom do you work with?"),
        [Blank(), PlainText(LONGEST_WORKS_WITH)],
        description=_l("Such as: the school next door, people new to the town"),
    )
    contact_email = EmailField(
        _l("Where should messages go?"),
        [Blank(), EmailAddress()],
        description=_l(
            "An e-mail address, never shown. Questions to your group are passed on to it. "
            "Leave it empty, and they go to everybody who belongs to the group."
        ),
        render_kw={"autocomplete": "off"},
    )
    version = HiddenField(filters=[short_or_nothing])
    seen = HiddenField()

    def __init__(self, *args: Any, locale: str, **kw: Any):
        super().__init__(*args, **kw)
        self.languages.choices = [SelectChoice(*each) for each in language_choices(locale)]

    def validate_website(self, field: StringField) -> None:
        """Refuse what is no page on the web."""
        try:
            parse_website(field.data)
        except ValueError:
            raise ValidationError(
                _l("Enter the address of a website, such as example.org.")
            ) from None

    @property
    def chosen_languages(self) -> list[str]:
        """The tags that were ticked, in the order of the list."""
        return [tag for tag in LANGUAGES if tag in (self.languages.data or ())]
