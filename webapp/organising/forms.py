"""What hosts type about an event that exists."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from webapp.drafts.told import Told
from webapp.events.details import ACCESS_NAMES
from webapp.events.forms import EventForm, WhatFields, WhenFields, WhereFields
from webapp.forms import Blank, ChecksField, Form, PlainText, Required
from webapp.groups.languages import language_choices

LONGEST_EXPLANATION, LONGEST_FACT, LONGEST_NOTES = 500, 200, 600
LARGEST_CAPACITY = 100_000
# What people write where nothing is to be paid.
FREE = frozenset({"free", "nothing", "none", "nil", "0", "£0", "£0.00", "am ddim", "dim"})


class PublicWords:
    """Words that everybody can read: what may tell too much is pointed out, once.

    `told` stands for what was pointed out, so that `meant_public` is said of these words alone.
    """

    meant_public = BooleanField(_l("It is meant to be public"))
    told = HiddenField()
    pointed_out = Told(())

    def point_out(self, texts: Mapping[str, str]) -> None:
        """Refuse texts, by the names of their fields, that may tell too much and are not meant to."""
        self.pointed_out = Told.in_texts(texts)
        mark = self.pointed_out.mark
        if self.pointed_out and not (self.meant_public.data and self.told.data == mark):
            self.told.data, self.meant_public.data = mark, False
            self.meant_public.errors = [
                _l("Check what is pointed out. Change it, or say that you mean it.")
            ]


class ExplanationForm(PublicWords, Form):
    """A word of explanation that the event’s page shows."""

    explanation = TextAreaField(
        _l("What happened?"),
        [
            Required(_l("Write a word of explanation: people read it on the event’s page.")),
            PlainText(LONGEST_EXPLANATION),
        ],
        description=_l("One or two sentences. Everybody can read them on the event’s page."),
    )


class MergeForm(Form):
    """Which other listing is the same event."""

    other = StringField(
        _l("The address of the other listing"),
        [Required(_l("Enter the address of the other listing.")), PlainText(200)],
        description=_l(
            "Copy it from its page, or type the last part of it: ten letters and digits."
        ),
    )


class DetailFields:
    """What people like to know before they come; nothing of it has to be said."""

    cost = StringField(
        _l("What does it cost?"),
        [Blank(), PlainText(LONGEST_FACT)],
        description=_l("Leave it empty if it is free. Such as: £2 each, under fives free"),
    )
    food = StringField(
        _l("Is there food and drink?"),
        [Blank(), PlainText(LONGEST_FACT)],
        description=_l("Such as: tea and cake, vegetarian and halal"),
    )
    children = StringField(
        _l("Is it for children?"),
        [Blank(), PlainText(LONGEST_FACT)],
        description=_l("Such as: all ages, under twelves with an adult"),
    )
    bring = StringField(
        _l("What should people bring?"),
        [Blank(), PlainText(LONGEST_FACT)],
        description=_l("Such as: a chair and a cup"),
    )
    capacity = StringField(
        _l("How many can come?"),
        [Blank(), PlainText(20)],
        description=_l(
            "A number, if there is only so much room: who comes after it waits. Leave it empty if not."
            " A smaller number turns nobody away who is in."
        ),
        render_kw={"inputmode": "numeric"},
    )
    access_facts = ChecksField(
        _l("Access: what is there?"),
        choices=[SelectChoice(fact.value, name) for fact, name in ACCESS_NAMES.items()],
    )
    access_notes = TextAreaField(
        _l("What else should people know about access?"),
        [Blank(), PlainText(LONGEST_NOTES)],
        description=_l("Such as: two steps at the door, we have a ramp. Somebody meets the bus."),
    )
    languages = ChecksField(_l("Which languages are spoken?"))
    takes_questions = BooleanField(_l("Neighbours may ask us questions through this site"))

    def validate_capacity(self, field: Field) -> None:
        """Refuse what is no number of people."""
        text = field.data.replace(",", "").replace(" ", "")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValidationError(_l("Enter a whole number, such as 40, or leave this empty."))
        if not 1 <= int(text) <= LARGEST_CAPACITY:
            raise ValidationError(_l("Enter a number from 1 to 100,000, or leave this empty."))
        field.data = str(int(text))

    @property
    def price(self) -> str | None:
        """What it costs; None is free."""
        text: str = self.cost.data or ""
        return None if text.casefold().strip(" .!") in FREE else text or None


class EditForm(WhatFields, WhenFields, WhereFields, DetailFields, PublicWords, EventForm):
    """All of an event that exists; `seen` is what it said when the form was sent out."""

    shown_first = (
        "meant_public", "title", "description", "starts_on", "starts_at", "ends_at", "ends_on",
        "moments", "venue_type", "venue_name", "place", "latitude", "longitude", "joining_link",
        "explanation",
    )  # fmt: skip
    explanation = TextAreaField(
        _l("Why does the time or the place change?"),
        [Blank(), PlainText(LONGEST_EXPLANATION)],
        description=_l(
            "Only if you change one of them. One or two sentences that everybody can read."
        ),
    )
    moments = ChecksField(
        _l("Which days is it for?"),
        [Required(_l("Choose at least one day."))],
        description=_l("Its people count towards each day that you choose."),
    )
    seen = HiddenField()

    def __init__(
        self, *args: Any, locale: str, moments: Sequence[tuple[str, str]], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.languages.choices = [SelectChoice(*each) for each in language_choices(locale)]
        self.known_moments = [slug for slug, _name in moments]
        self.moments.choices = [SelectChoice(*each) for each in moments]
        if len(moments) == 1:
            del self.moments

    @property
    def chosen_moments(self) -> list[str]:
        """The moments that it counts towards, by their slugs; it is asked only where there are several."""
        chosen = self.moments.data or () if "moments" in self else self.known_moments
        return [slug for slug in self.known_moments if slug in chosen]
