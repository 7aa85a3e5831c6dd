"""The form of a group’s details: filled in, read, and put together with what another saved meanwhile."""

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.accounts.addresses import normalise_email
from webapp.groups.details import GroupDetails
from webapp.groups.forms import GroupDetailsForm
from webapp.groups.home_town import place_in_field
from webapp.groups.languages import language_names
from webapp.groups.merging import differences, digests
from webapp.groups.models import Group, Sector, SizeBand
from webapp.groups.sectors import SECTOR_NAMES, SIZE_NAMES
from webapp.groups.websites import parse_website
from webapp.language import Language
from webapp.places.models import Place

NOTHING: LazyString = _l("nothing")


class GroupEditor:
    """A group’s form in one language. `meanwhile` is what another saved since it was sent out."""

    def __init__(self, session: Session, group: Group, language: Language) -> None:
        self.session, self.group, self.language = session, group, language
        self.saved = GroupDetails.of(group)
        self.answers = self.saved.answers(language)
        self.form = GroupDetailsForm(data=self.answers, locale=language.locale)
        self.meanwhile: list[dict[str, Any]] = []
        if not self.form.is_submitted():
            self._stamp()

    def read(self) -> GroupDetails | None:
        """Return what was typed; None where something is wrong or has to be looked at again."""
        is_valid = self.form.validate()
        place = self._place()
        if self.form.version.data != str(self.group.version):
            self._put_together()
        if not is_valid or self.form.errors or self.meanwhile:
            return None
        return self._details(place)

    def _stamp(self) -> None:
        self.form.version.data = str(self.group.version)
        self.form.seen.data = digests(self.answers)

    def _place(self) -> Place | None:
        # As it stands in the form it is the place that it was, even where others have its name.
        if self.form.place.data == self.answers["place"]:
            return self.saved.place
        return place_in_field(self.session, self.form.place)

    def _put_together(self) -> None:
        """Take over what only the other changed, keep what was typed, and say which is which."""
        typed = {name: self.form[name].data or type(was)() for name, was in self.answers.items()}
        for each in differences(self.answers, typed, self.form.seen.data or ""):
            field = self.form[each.name]
            if each.is_taken:
                field.data, field.errors = each.theirs, []
            self.meanwhile.append(
                {
                    "label": field.label.text,
                    "theirs": self._shown(each.name, each.theirs),
                    "mine": None if each.is_taken else self._shown(each.name, each.mine),
                }
            )
        self._stamp()

    def _shown(self, name: str, value: Any) -> str:
        """Return an answer as people read it."""
        if name == "languages":
            value = ", ".join(language_names(value))
        elif name == "sector":
            value = SECTOR_NAMES.get(value)
        elif name == "size_band":
            value = SIZE_NAMES.get(value)
        elif name == "for_somebody":
            value = _("yes") if value else _("no")
        return str(value or NOTHING)

    def _details(self, place: Place | None) -> GroupDetails:
        form = self.form
        return GroupDetails(
            name=form.name.data,
            sector=Sector(form.sector.data),
            description=form.description.data or "",
            place=place,
            website=parse_website(form.website.data) if form.website.data else None,
            languages=form.chosen_languages,
            size_band=SizeBand(form.size_band.data) if form.size_band.data else None,
            works_with=form.works_with.data or "",
            contact_email=normalise_email(form.contact_email.data)
            if form.contact_email.data
            else None,
            contact_phone=form.phone,
            is_helped=form.for_somebody.data,
        )
