"""Who belongs to a group: what owners say of others, and members of themselves."""

from collections.abc import Iterable
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectChoice

from webapp.forms import EmailAddress, Form, Required
from webapp.groups.models import MemberRole

ROLE_NAMES: dict[MemberRole, LazyString] = {
    MemberRole.EDITOR: _l("Editor"),
    MemberRole.OWNER: _l("Owner"),
}
ROLE_NOTES: dict[str, LazyString] = {
    MemberRole.EDITOR.value: _l("Lists events and changes them."),
    MemberRole.OWNER.value: _l(
        "Also changes what the group says of itself, and who belongs to it."
    ),
}
REMOVE, REFUSE, ACCEPT, STAY, LEAVE = "remove", "refuse", "accept", "stay", "leave"

_ROLES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]


class InviteForm(Form):
    """Whom to invite, and as what."""

    email = EmailField(
        _l("Their e-mail address"),
        [Required(_l("Enter an e-mail address.")), EmailAddress()],
        description=_l(
            "We send them a link. It is good for two weeks, and for this address alone."
        ),
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(
        _l("What may they do?"),
        [Required(_l("Choose what they may do."))],
        choices=_ROLES,
        default=MemberRole.EDITOR.value,
    )


class MemberForm(Form):
    """What a member is from now on."""

    becomes = RadioField(
        _l("From now on they are:"),
        [Required(_l("Choose one."))],
        choices=[*_ROLES, SelectChoice(REMOVE, _l("No longer in the group"))],
    )


class RequestForm(Form):
    """What somebody becomes who asks to be let in."""

    becomes = RadioField(
        _l("Do you let them in?"),
        [Required(_l("Choose one."))],
        choices=[
            SelectChoice(MemberRole.EDITOR.value, _l("Yes, as an editor")),
            SelectChoice(MemberRole.OWNER.value, _l("Yes, as an owner")),
            SelectChoice(REFUSE, _l("No")),
        ],
    )


class InvitationForm(Form):
    """Yes or no to an invitation."""

    answer = RadioField(
        _l("Do you want to belong to it?"),
        [Required(_l("Choose yes or no."))],
        choices=[
            SelectChoice(ACCEPT, _l("Yes")),
            SelectChoice(REFUSE, _l("No, thank you")),
        ],
    )


class HandOverForm(Form):
    """Who looks after the group instead, and what becomes of oneself."""

    to = RadioField(_l("Who takes over?"), [Required(_l("Choose who takes over."))])
    afterwards = RadioField(
        _l("And you?"),
        [Required(_l("Choose what you do."))],
        choices=[
            SelectChoice(STAY, _l("I stay as an editor")),
            SelectChoice(LEAVE, _l("I leave the group")),
        ],
        default=STAY,
    )

    def __init__(self, *args: Any, heirs: Iterable[tuple[str, str]], **kw: Any):
        super().__init__(*args, **kw)
        self.to.choices = [SelectChoice(*each) for each in heirs]


class SureForm(Form):
    """A button, protected like every other form."""
