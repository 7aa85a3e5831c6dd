"""What people say of their group."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, StringField

from webapp.forms import Form, PlainText, Required, short_or_nothing
from webapp.groups.models import LONGEST_NAME
from webapp.groups.sectors import SECTOR_NAMES


class GroupForm(Form):
    """Who hosts: a name and a sector, nothing more to begin with."""

    name = StringField(
        _l("What is your group called?"),
        [Required(_l("Give your group’s name.")), PlainText(LONGEST_NAME, min=2)],
        description=_l("A street counts too: Neighbours on Elm Road"),
        render_kw={"autocomplete": "organization"},
    )
    sector = RadioField(
        _l("What kind of group is it?"),
        [Required(_l("Choose what comes closest."))],
        choices=[SelectChoice(sector.value, name) for sector, name in SECTOR_NAMES.items()],
    )
    next = HiddenField(filters=[short_or_nothing])
