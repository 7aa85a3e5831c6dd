"""What staff and coordinators say of a network and of the groups that they add."""

from typing import Self

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, ValidationError

from webapp.filters import days
from webapp.forms import Blank, EmailAddress, Form, PlainText, PublicForm, Required
from webapp.groups.models import LONGEST_NAME
from webapp.groups.page_addresses import slug_of_address
from webapp.groups.sectors import SECTOR_NAMES
from webapp.language import Language
from webapp.moments.wording import WordedMoment
from webapp.networks.adding import MOST_LINES, Line, LineFault
from webapp.networks.view import View

LONGEST_PLACE = 100
LONGEST_EMAIL = 254
LONGEST_PASTE = 60_000
LONGEST_ADDRESS = 300

LINE_SENTENCES: dict[LineFault, LazyString] = {
    LineFault.NO_NAME: _l("Begin this line with the group’s name, of at least 2 characters."),
    LineFault.TOO_LONG: _l("Shorten this name to %(number)s characters.", number=LONGEST_NAME),
    LineFault.TOO_MANY_PARTS: _l("Write a name, a town and an e-mail address, and nothing more."),
    LineFault.UNKNOWN_PLACE: _l("We do not know this town. Check the spelling."),
    LineFault.SEVERAL_PLACES: _l("There are several such towns. Write one of these:"),
    LineFault.BAD_EMAIL: _l("This is not an e-mail address, such as name@example.org."),
    LineFault.TWICE: _l("This group stands in the list already."),
    LineFault.IN_NETWORK: _l("This group is in your network already."),
}


def _sectors() -> list[SelectChoice]:
    return [SelectChoice(sector.value, name) for sector, name in SECTOR_NAMES.items()]


class MomentForm(PublicForm):
    """For which moment a network is looked at; part of the address."""

    moment = SelectField(_l("For which day?"))

    @classmethod
    def of(cls, view: View, language: Language) -> Self:
        """Return the form with all moments, the one that is looked at chosen."""
        form = cls(moment=view.moment.slug)
        form.moment.choices = [
            SelectChoice(moment.slug, _named(WordedMoment.of(moment, language)))
            for moment in view.moments
        ]
        return form


def _named(moment: WordedMoment) -> str:
    return f"{moment.name} ({days(moment.starts_on, moment.ends_on)})"


class NetworkForm(Form):
    """A new network."""

    name = StringField(
        _l("What is the network called?"),
        [Required(_l("Give the network’s name.")), PlainText(LONGEST_NAME, min=2)],
        description=_l("Such as: Scouts in Greater Manchester"),
        render_kw={"autocomplete": "off"},
    )


class CoordinatorForm(Form):
    """Somebody who coordinates a network."""

    email = StringField(
        _l("E-mail address"),
        [Required(_l("Enter an e-mail address.")), PlainText(LONGEST_EMAIL), EmailAddress()],
        description=_l("They get an account if they have none, and a mail that says so."),
        render_kw={"type": "email", "autocomplete": "off", "inputmode": "email"},
    )


class AddGroupForm(Form):
    """One group that is not on the site yet."""

    name = StringField(
        _l("What is the group called?"),
        [Required(_l("Give the group’s name.")), PlainText(LONGEST_NAME, min=2)],
        render_kw={"autocomplete": "off"},
    )
    sector = RadioField(
        _l("What kind of group is it?"),
        [Required(_l("Choose what comes closest."))],
        choices=_sectors(),
    )
    place = StringField(
        _l("In which town or village?"),
        [Required(_l("Enter the town or village.")), PlainText(LONGEST_PLACE)],
        render_kw={"autocomplete": "off"},
    )
    email = StringField(
        _l("E-mail address of whoever runs it"),
        [Blank(), PlainText(LONGEST_EMAIL), EmailAddress()],
        description=_l("We send them the link. Without an address you pass it on yourself."),
        render_kw={"type": "email", "autocomplete": "off", "inputmode": "email"},
    )


class PasteForm(Form):
    """Many groups at once."""

    lines = TextAreaField(
        _l("The groups, one in a line"),
        [Required(_l("Write or paste at least one name.")), PlainText(LONGEST_PASTE)],
        description=_l(
            "At most %(number)s. After the name may stand, with semicolons between: a town, and the "
            "e-mail address of whoever runs it. You can also paste these columns from a spreadsheet.",
            number=MOST_LINES,
        ),
        render_kw={"rows": "12", "autocomplete": "off", "spellcheck": "false"},
    )
    sector = SelectField(
        _l("What kind of groups are they?"),
        [Required(_l("Choose what comes closest."))],
        choices=[SelectChoice("", _l("Choose what comes closest")), *_sectors()],
    )
    place = StringField(
        _l("Town or village of all that name none"),
        [Blank(), PlainText(LONGEST_PLACE)],
        render_kw={"autocomplete": "off"},
    )
    # Set on the page that shows what the list would make: go on, or back to the list.
    confirmed = HiddenField()
    change = HiddenField()

    def validate_lines(self, field: TextAreaField) -> None:
        """Refuse more than fit into one go."""
        number = sum(bool(line.strip()) for line in (field.data or "").splitlines())
        if number > MOST_LINES:
            raise ValidationError(
                _(
                    "These are %(number)s lines. Add %(most)s at a time.",
                    number=number,
                    most=MOST_LINES,
                )
            )


class InviteForm(Form):
    """A group that is on the site already."""

    address = StringField(
        _l("Address of the group’s page"),
        [Required(_l("Paste the address of the group’s page.")), PlainText(LONGEST_ADDRESS)],
        description=_l("Such as: %(address)s", address="moment-map.example/groups/elm-road"),
        render_kw={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"},
    )

    @property
    def slug(self) -> str | None:
        """What the address says of which group it is; None where it is no group’s."""
        return slug_of_address(self.address.data or "")


class AnswerForm(Form):
    """Yes or no, by one of two buttons."""

    answer = HiddenField(
        validators=[AnyOf(("yes", "no"), message=_l("Choose one of the options."))]
    )

    @property
    def accepts(self) -> bool:
        """Whether the answer is yes."""
        return bool(self.answer.data == "yes")


def sentence_of_line(line: Line) -> str:
    """Return what is wrong with a pasted line."""
    if line.fault is None:
        return ""
    return " ".join((str(LINE_SENTENCES[line.fault]), "; ".join(line.examples))).strip()
