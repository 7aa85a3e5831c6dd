"""A draft read back: its pages as forms, with what is wrong beside each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webapp.drafts.forms import WhatForm, WhereForm
from webapp.drafts.models import EventDraft
from webapp.events.actions import NewEvent
from webapp.events.whereabouts import Spot, spot_said
from webapp.filters import days
from webapp.language import Language
from webapp.moments.models import Moment

Answers = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Written:
    """What somebody wrote so far; `spot` is None online, and where the place is wrong."""

    what: WhatForm
    where: WhereForm
    moment: Moment
    spot: Spot | None

    @classmethod
    def of(
        cls,
        session: Session,
        draft: EventDraft,
        moments: Sequence[Moment],
        language: Language,
        now: datetime,
    ) -> Self:
        """Read a draft, and check all of it."""
        what = what_form(moments, language, now, draft.answers, unprotected=True)
        where = where_form(now, draft.answers, unprotected=True)
        what.validate()
        where.validate()
        spot = spot_said(session, where)
        return cls(what, where, moment_of(draft.answers, moments), spot)

    def as_new_event(self) -> NewEvent:
        """Return the event to be listed; only where all is right."""
        starts_at, ends_at = self.what.times
        return NewEvent(
            title=self.what.title.data,
            description=self.what.description.data,
            starts_at=starts_at,
            ends_at=ends_at,
            venue_type=self.where.venue,
            venue_name=self.where.public_venue_name,
            point=self.spot.point if self.spot else None,
            precision_metres=self.spot.precision_metres if self.spot else 0,
            postcode=self.spot.postcode if self.spot else None,
        )


def what_form(
    moments: Sequence[Moment],
    language: Language,
    now: datetime,
    answers: Answers | None = None,
    *,
    unprotected: bool = False,
) -> WhatForm:
    """Return the first page: with what was typed before, else with what is being sent."""
    choices = [(each.slug, _named(each, language)) for each in moments]
    form = WhatForm(moments=choices, now=now, **_filled(answers, unprotected=unprotected))
    pattern = moment_of(answers or {}, moments).title_pattern(language)
    if pattern:
        form.title.description = _("Such as: %(example)s", example=pattern)
    return form


def where_form(
    now: datetime, answers: Answers | None = None, *, unprotected: bool = False
) -> WhereForm:
    """Return the second page: with what was typed before, else with what is being sent."""
    return WhereForm(now=now, **_filled(answers, unprotected=unprotected))


def moment_of(answers: Answers, moments: Sequence[Moment]) -> Moment:
    """Return the moment that was chosen, else the next one."""
    chosen = answers.get("moment")
    return next((each for each in moments if each.slug == chosen), moments[0])


def filled(answers: Answers) -> MultiDict[str, str]:
    """Return what was typed as a form reads it."""
    return MultiDict((name, text) for name, text in answers.items() if isinstance(text, str))


def _filled(answers: Answers | None, *, unprotected: bool) -> dict[str, Any]:
    if answers is None:
        return {}
    # What is read back from a draft was sent with a token once.
    meta = {"meta": {"csrf": False}} if unprotected else {}
    return {"formdata": filled(answers), **meta}


def _named(moment: Moment, language: Language) -> str:
    return f"{moment.name(language)}, {days(moment.starts_on, moment.ends_on)}"
