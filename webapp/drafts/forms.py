"""The pages on which an event is listed, as forms: what and when, where, who hosts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired

from webapp.events.forms import EventForm, WhatFields, WhenFields, WhereFields
from webapp.forms import EmailAddress, Required
from webapp.groups.forms import GroupFields, HelperFields
from webapp.groups.models import Group
from webapp.groups.sectors import SECTOR_NAMES

# As the page has them, so that mistakes are told in the order in which they are met.
ORDER = ("meant", "group", "name", "sector", "alike", "email", "for_somebody", "contact_phone")
# Where somebody says that a group is none of those offered.
ANOTHER = "another"

Choices = Sequence[tuple[str, str]]


class WhatForm(WhatFields, WhenFields, EventForm):
    """What it is and when; which moment it is for is asked only where there are several."""

    shown_first = ("moment",)
    moment = SelectField(_l("Which day is it for?"))

    def __init__(self, *args: Any, moments: Choices, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.moment.choices = [SelectChoice(*each) for each in moments]
        if len(moments) == 1:
            del self.moment


class WhereForm(WhereFields, EventForm):
    """Where it is."""


class HostForm(GroupFields, HelperFields, EventForm):
    """Who hosts: one of somebody’s groups or a new one; what is not to be asked is left out.

    `groups` are those that somebody may list for, `alike` those that a new one may be already.
    """

    shown_first = ("meant", "group", "name", "sector", "alike", "email", "for_somebody")
    group = RadioField(_l("Who hosts it?"), [InputRequired(_l("Choose who hosts it."))])
    sector = SelectField(
        _l("What kind of group is it?"),
        [Required(_l("Choose what comes closest."))],
        choices=[
            SelectChoice("", _l("Choose one")),
            *(SelectChoice(sector.value, name) for sector, name in SECTOR_NAMES.items()),
        ],
    )
    alike = RadioField(
        _l("Is it one of these?"),
        [InputRequired(_l("Say whether it is one of these groups."))],
        description=_l("Choose one, and we ask them to let you in. Your event is kept until then."),
    )
    for_somebody = BooleanField(_l("Yes, I act for them"))
    email = EmailField(
        _l("Your e-mail address"),
        [Required(_l("Enter your e-mail address.")), EmailAddress()],
        description=_l("We send a code of six digits to it. It is never shown."),
        render_kw={"autocomplete": "email"},
    )
    meant = BooleanField(
        _l("It is meant to be public"),
        [InputRequired(_l("Change the text, or say that it is meant to be public."))],
    )

    def __init__(
        self,
        *args: Any,
        groups: Sequence[Group],
        alike: Sequence[Group],
        is_signed_in: bool,
        has_leaks: bool,
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.group.choices = [
            *(SelectChoice(each.slug, each.name) for each in groups),
            SelectChoice(ANOTHER, _l("Another group, or our street")),
        ]
        self.alike.choices = [
            *(SelectChoice(each.slug, each.name) for each in alike),
            SelectChoice(ANOTHER, _l("No, ours is another")),
        ]
        self._leave_out(groups=not groups, alike=not alike, email=is_signed_in, meant=not has_leaks)

    @property
    def is_new_group(self) -> bool:
        """Whether a group is to be made."""
        return "group" not in self or self.group.data == ANOTHER

    @property
    def chosen_group(self) -> str | None:
        """The slug of the group that somebody may list for; None for a new one."""
        return None if self.is_new_group else self.group.data

    @property
    def group_to_join(self) -> str | None:
        """The slug of the group that somebody wants to be let into first."""
        is_asked = self.is_new_group and "alike" in self
        return self.alike.data if is_asked and self.alike.data != ANOTHER else None

    def validate_contact_phone(self, field: StringField) -> None:
        """Want a number only where a group is made, for somebody else."""
        if self.is_new_group:
            super().validate_contact_phone(field)

    def _leave_out(self, *, groups: bool, alike: bool, email: bool, meant: bool) -> None:
        if groups:
            del self.group
        if alike:
            del self.alike
        if email:
            del self.email
        if meant:
            del self.meant
        for name in ORDER:
            if name in self:
                self._fields.move_to_end(name)
        if not self.is_new_group:
            self.name.validators = self.sector.validators = ()
