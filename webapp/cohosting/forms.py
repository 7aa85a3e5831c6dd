"""Whom a host asks, and looks for."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SearchField

from webapp.forms import Blank, Form, PlainText, PublicForm, Required

LONGEST_SEARCH = 300


class InviteForm(Form):
    """A group that is asked, by the last part of its page’s address."""

    group = HiddenField(validators=[Required(_l("Choose a group from the list.")), PlainText(100)])


class SearchForm(PublicForm):
    """A group that is looked for; it changes nothing, so it is sent as part of the address."""

    q = SearchField(
        _l("Its name, or the address of its page"),
        [Blank(), PlainText(LONGEST_SEARCH)],
        render_kw={"autocomplete": "off"},
    )
