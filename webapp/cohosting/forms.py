"""Whom a host asks."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from webapp.forms import Form, PlainText, Required


class InviteForm(Form):
    """A group that is asked, by the last part of its page’s address."""

    group = HiddenField(validators=[Required(_l("Choose a group from the list.")), PlainText(100)])
