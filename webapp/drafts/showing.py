"""What each step of listing an event shows."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts.forms import CodeForm
from webapp.database import utc_now
from webapp.drafts import hosting
from webapp.drafts.beginnings import beginning_of
from webapp.drafts.browser import signed_in_person
from webapp.drafts.code import awaited_at
from webapp.drafts.forms import ANOTHER, HostForm
from webapp.drafts.models import EventDraft, Step
from webapp.drafts.preview import Preview
from webapp.drafts.written import Answers, Written, moment_of, what_form, where_form
from webapp.events.forms import EventForm
from webapp.events.placing import NoPlacesError
from webapp.events.whereabouts import spot_said
from webapp.extensions import db
from webapp.filters import local
from webapp.language import current_language
from webapp.moments.models import Moment
from webapp.moments.queries import moments_to_come
from webapp.moments.wording import WordedMoment

# What the address of the second page may ask for: to say nothing of mistakes yet, for the pin has
# only just been put; and to begin anew with a public meeting point.
FIND, MEETING = "find", "meeting"


class NoMomentError(LookupError):
    """No national day is to come, so nothing can be listed."""


def moments_now() -> Sequence[Moment]:
    """Return the moments to list for; raises NoMomentError where there is none."""
    moments = moments_to_come(db.session, local(utc_now()).date())
    if not moments:
        raise NoMomentError
    return moments


def beginning_for(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what the first page begins with; `asked` is what its address chose already."""
    moments = moments_now()
    begin = beginning_of(moment_of(asked, moments), local(utc_now()).date(), current_language())
    return {**begin, **({"group": asked["group"]} if "group" in asked else {})}


def first_page(draft_id: UUID, asked: Mapping[str, str]) -> ResponseReturnValue:
    """Show the first page of a draft that is kept once it is sent."""
    begin = beginning_for(asked)
    form = what_form(moments_now(), current_language(), utc_now(), begin)
    return page_of("what", draft_id, form, begin, asked)


def show_what(draft: EventDraft) -> ResponseReturnValue:
    """Show what and when."""
    form = what_form(moments_now(), current_language(), utc_now(), draft.answers)
    _say_mistakes(form, draft, Step.WHAT)
    return page_of("what", draft.id, form, draft.answers)


def show_where(draft: EventDraft) -> ResponseReturnValue:
    """Show where; a public meeting point begins with nothing of the home in it."""
    if MEETING in request.args:
        form = where_form(utc_now(), {"venue_type": "public"})
        return page_of("where", draft.id, form, draft.answers)
    form = where_form(utc_now(), draft.answers)
    if draft.is_saved(Step.WHERE) and FIND not in request.args:
        _say_mistakes(form, draft, Step.WHERE)
        spot_said(db.session, form)
    return page_of("where", draft.id, form, draft.answers)


def show_check(draft: EventDraft) -> ResponseReturnValue:
    """Show what everybody will see, and ask who hosts."""
    preview = previewed(draft)
    if not isinstance(preview, Preview):
        return preview
    form = hosting.form_of(db.session, draft, preview, signed_in_person())
    _say_mistakes(form, draft, Step.CHECK)
    return check_page(draft, form, preview)


def code_page(draft: EventDraft, form: CodeForm) -> ResponseReturnValue:
    """Show the page for the code."""
    page = render_template(
        "drafts/code.html",
        form=form,
        draft_id=draft.id,
        email=awaited_at(draft.id),
        **_steps(draft.answers),
    )
    return page, 422 if form.errors else 200


def previewed(draft: EventDraft) -> Preview | ResponseReturnValue:
    """Return a draft as everybody will see it, or lead to the page that is not right yet."""
    written = Written.of(db.session, draft, moments_now(), current_language(), utc_now())
    wrong = Step.WHAT if written.what.errors else Step.WHERE if written.where.errors else None
    if wrong is not None:
        db.session.commit()
        return redirect(url_for("drafts.step", draft_id=draft.id, step=wrong), 303)
    try:
        is_new = signed_in_person() is None or draft.text("group") in {"", ANOTHER}
        name = draft.text("name") if is_new else ""
        return Preview.of(db.session, written, current_language(), group_name=name)
    except NoPlacesError:
        form = where_form(utc_now(), draft.answers)
        form.refuse("place", _("This site does not know any towns yet. Tell whoever runs it."))
        return page_of("where", draft.id, form, draft.answers)


def check_page(draft: EventDraft, form: HostForm, preview: Preview) -> ResponseReturnValue:
    """Show the third page with a form."""
    alike = getattr(form, "alike", None)
    notes = hosting.notes_of(db.session, alike, current_language()) if alike else {}
    return page_of("check", draft.id, form, draft.answers, preview=preview, alike_notes=notes)


def page_of(
    name: str,
    draft_id: UUID,
    form: EventForm,
    answers: Answers,
    asked: Mapping[str, str] | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """Show one of the steps; one that is sent and shown again has mistakes."""
    action = url_for("drafts.save", draft_id=draft_id, step=name, **dict[str, Any](asked or {}))
    context = {"draft_id": draft_id, "action": action, **_steps(answers), **more}
    page = render_template(f"drafts/{name}.html", form=form, **context)
    return page, 422 if request.method == "POST" else 200


def _say_mistakes(form: EventForm, draft: EventDraft, step: Step) -> None:
    """Say again what is wrong with a page that was sent before."""
    if draft.is_saved(step):
        form.validate()
        form.csrf_token.errors = []


def _steps(answers: Answers) -> dict[str, Any]:
    """Return what every step shows: how many there are, in the moment’s colour."""
    user, moment = signed_in_person(), moment_of(answers, moments_now())
    return {
        "steps": 3 if user else 4,
        "is_signed_in": user is not None,
        "moment": WordedMoment.of(moment, current_language()),
    }
