"""What each step of listing an event shows, and what it does with what was sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from webapp.accounts.code_outcomes import too_many_codes
from webapp.accounts.forms import CodeForm
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.drafts import hosting
from webapp.drafts.actions import begin_draft, mark_right, save_answers
from webapp.drafts.beginnings import beginning_of
from webapp.drafts.browser import drafts_begun_here, signed_in_person
from webapp.drafts.code import awaited_at, send_code
from webapp.drafts.forms import ANOTHER, HostForm, WhatForm, WhereForm
from webapp.drafts.models import EventDraft, Step
from webapp.drafts.preview import Preview
from webapp.drafts.publishing import publish
from webapp.drafts.queries import draft_of_id
from webapp.drafts.written import Answers, Written, moment_of, what_form, where_form
from webapp.events.forms import EventForm
from webapp.events.placing import NoPlacesError
from webapp.events.whereabouts import Spot, spot_said
from webapp.extensions import db
from webapp.filters import local
from webapp.groups.queries import group_of_slug
from webapp.language import current_language
from webapp.moments.models import Moment
from webapp.moments.queries import moments_to_come
from webapp.moments.wording import WordedMoment
from webapp.security import Act, may

# What a POST on the second page asks for besides being saved.
FIND = "find"
# What a link to it may ask for: to begin anew with a public place.
MEETING = "meeting"


class NoMomentError(LookupError):
    """No national day is to come, so nothing can be listed."""


def moments_now() -> Sequence[Moment]:
    """Return the moments to list for; raises NoMomentError where there is none."""
    moments = moments_to_come(db.session, local(utc_now()).date())
    if not moments:
        raise NoMomentError
    return moments


def first_page(draft_id: UUID, asked: Mapping[str, str]) -> ResponseReturnValue:
    """Show the first page of a draft that is kept once it is sent."""
    begin = _beginning(asked)
    form = what_form(moments_now(), current_language(), utc_now(), begin)
    return _page("what", draft_id, form, begin, asked)


def draft_to_write(draft_id: UUID, step: Step) -> EventDraft | None:
    """Return a draft that nobody else changes meanwhile, begun now where this browser began it."""
    draft, user = draft_of_id(db.session, draft_id, lock=True), signed_in_person()
    if draft is None and step is Step.WHAT and draft_id in drafts_begun_here():
        asked = {name: request.args[name] for name in ("moment", "group") if name in request.args}
        return begin_draft(db.session, draft_id, _beginning(asked), by=user, now=utc_now())
    if draft is not None and draft.user_id is None and draft_id in drafts_begun_here():
        draft.user_id = user.id if user else None
    return draft


def show_what(draft: EventDraft) -> ResponseReturnValue:
    """Show what and when."""
    form = what_form(moments_now(), current_language(), utc_now(), draft.answers)
    _say_mistakes(form, draft, Step.WHAT)
    return _page("what", draft.id, form, draft.answers)


def save_what(draft: EventDraft) -> ResponseReturnValue:
    """Keep what and when."""
    form = what_form(moments_now(), current_language(), utc_now())
    return _saved(draft, Step.WHAT, form, is_right=form.validate)


def show_where(draft: EventDraft) -> ResponseReturnValue:
    """Show where; a public meeting point begins with nothing of the home in it."""
    if MEETING in request.args:
        form = where_form(utc_now(), {"venue_type": "public"})
        return _page("where", draft.id, form, draft.answers)
    form = where_form(utc_now(), draft.answers)
    if draft.is_saved(Step.WHERE):
        spot_said(db.session, form)
    _say_mistakes(form, draft, Step.WHERE)
    return _page("where", draft.id, form, draft.answers)


def save_where(draft: EventDraft) -> ResponseReturnValue:
    """Keep where, and put the pin there if that was asked for."""
    form = where_form(utc_now())

    def is_right() -> bool:
        is_valid, spot = form.validate(), spot_said(db.session, form)
        if FIND in request.form and spot is not None:
            _put_pin(draft, spot)
        return is_valid and not form.errors

    answer = _saved(draft, Step.WHERE, form, is_right=is_right)
    is_found = FIND in request.form and not (form.place.errors or form.latitude.errors)
    if is_found:
        return redirect(url_for("drafts.step", draft_id=draft.id, step="where", _anchor="pin"), 303)
    return answer


def show_check(draft: EventDraft) -> ResponseReturnValue:
    """Show what everybody will see, and ask who hosts."""
    preview = _previewed(draft)
    if not isinstance(preview, Preview):
        return preview
    form = hosting.form_of(db.session, draft, preview, signed_in_person())
    _say_mistakes(form, draft, Step.CHECK)
    return _check_page(draft, form, preview)


def save_check(draft: EventDraft) -> ResponseReturnValue:
    """Keep who hosts; then ask for a code, or send the event."""
    preview, user = _previewed(draft), signed_in_person()
    if not isinstance(preview, Preview):
        return preview
    sent = MultiDict(request.form)
    if sent.get("name", "") != draft.text("name"):
        sent.poplist("alike")  # it was said of groups of another name
    if sent.get("told") != preview.told.mark:
        sent.poplist("meant")
    form = hosting.form_of(db.session, draft, preview, user, sent)
    answers = _typed(form) | {"told": preview.told.mark if sent.get("meant") else ""}
    save_answers(db.session, draft, Step.CHECK, answers, utc_now())
    if form.validate() and user is not None:
        return finished(draft, user)
    if not form.errors and not send_code(db.session, draft.id, form.email.data):
        form.refuse("email", too_many_codes())
    db.session.commit()
    if form.errors:
        return _check_page(draft, form, preview)
    return redirect(url_for("drafts.code", draft_id=draft.id), 303)


def finished(draft: EventDraft, user: User) -> ResponseReturnValue:
    """Send what was written, or lead to what is still to be said."""
    _choose_own_group(draft, user)
    preview = _previewed(draft)
    if not isinstance(preview, Preview):
        return preview
    form = hosting.form_of(db.session, draft, preview, user, unprotected=True)
    if not form.validate():
        db.session.commit()
        return redirect(url_for("drafts.step", draft_id=draft.id, step=Step.CHECK), 303)
    if form.group_to_join:
        db.session.commit()
        return redirect(url_for("groups.ask", slug=form.group_to_join), 303)
    host = hosting.host_of(db.session, draft, form, preview, user)
    event = publish(db.session, draft, preview.written, host, by=user, now=utc_now())
    db.session.commit()
    return redirect(url_for("drafts.sent", public_id=event.public_id), 303)


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


def share_link(public_id: str) -> str:
    """Return the full address of an event’s page, to be sent to neighbours."""
    origin: str = current_app.config["SETTINGS"].site_origin
    return origin + url_for("events.show", public_id=public_id)


SHOW: dict[Step, Callable[[EventDraft], ResponseReturnValue]] = {
    Step.WHAT: show_what,
    Step.WHERE: show_where,
    Step.CHECK: show_check,
}
SAVE: dict[Step, Callable[[EventDraft], ResponseReturnValue]] = {
    Step.WHAT: save_what,
    Step.WHERE: save_where,
    Step.CHECK: save_check,
}


def _beginning(asked: Mapping[str, str]) -> dict[str, str]:
    moments = moments_now()
    begin = beginning_of(moment_of(asked, moments), local(utc_now()).date(), current_language())
    return {**begin, **({"group": asked["group"]} if "group" in asked else {})}


def _saved(
    draft: EventDraft, step: Step, form: WhatForm | WhereForm, *, is_right: Callable[[], bool]
) -> ResponseReturnValue:
    """Keep what was typed, then show what is wrong with it or go on."""
    save_answers(db.session, draft, step, _typed(form), utc_now())
    went_well = is_right()
    if went_well:
        mark_right(draft, step)
    db.session.commit()
    if not went_well:
        return _page(step.value, draft.id, form, draft.answers)
    return redirect(url_for("drafts.step", draft_id=draft.id, step=draft.next_step), 303)


def _previewed(draft: EventDraft) -> Preview | ResponseReturnValue:
    """Return a draft as everybody will see it, or lead to the page that is not right yet."""
    written = Written.of(db.session, draft, moments_now(), current_language(), utc_now())
    wrong = Step.WHAT if written.what.errors else Step.WHERE if written.where.errors else None
    if wrong is not None:
        db.session.commit()
        return redirect(url_for("drafts.step", draft_id=draft.id, step=wrong), 303)
    try:
        return Preview.of(db.session, written, current_language())
    except NoPlacesError:
        form = where_form(utc_now(), draft.answers)
        form.refuse("place", _("This site does not know any towns yet. Tell whoever runs it."))
        return _page("where", draft.id, form, draft.answers)


def _choose_own_group(draft: EventDraft, user: User) -> None:
    """Whoever said “It is this one” and belongs to it hosts in its name."""
    said = draft.text("alike")
    group = group_of_slug(db.session, said) if said and said != ANOTHER else None
    if group is not None and may(user, Act.EDIT, group):
        draft.answers = {**draft.answers, "group": group.slug, "alike": ""}


def _put_pin(draft: EventDraft, spot: Spot) -> None:
    pin = {"latitude": f"{spot.point.latitude:.5f}", "longitude": f"{spot.point.longitude:.5f}"}
    draft.answers = {**draft.answers, **pin}


def _typed(form: EventForm) -> dict[str, str]:
    names = (field.name for field in form if field.name != "csrf_token")
    return {name: request.form.get(name, "") for name in names}


def _say_mistakes(form: EventForm, draft: EventDraft, step: Step) -> None:
    """Say again what is wrong with a page that was sent before."""
    if draft.is_saved(step):
        form.validate()
        form.csrf_token.errors = []


def _check_page(draft: EventDraft, form: HostForm, preview: Preview) -> ResponseReturnValue:
    alike = getattr(form, "alike", None)
    notes = hosting.notes_of(db.session, alike, current_language()) if alike else {}
    return _page("check", draft.id, form, draft.answers, preview=preview, alike_notes=notes)


def _page(
    name: str,
    draft_id: UUID,
    form: EventForm,
    answers: Answers,
    asked: Mapping[str, str] | None = None,
    **more: Any,
) -> ResponseReturnValue:
    action = url_for("drafts.save", draft_id=draft_id, step=name, **dict[str, Any](asked or {}))
    context = {"draft_id": draft_id, "action": action, **_steps(answers), **more}
    page = render_template(f"drafts/{name}.html", form=form, **context)
    return page, 422 if request.method == "POST" else 200


def _steps(answers: Answers) -> dict[str, Any]:
    """Return what every step shows: how many there are, in the moment’s colour."""
    user, moment = signed_in_person(), moment_of(answers, moments_now())
    return {
        "steps": 3 if user else 4,
        "is_signed_in": user is not None,
        "moment": WordedMoment.of(moment, current_language()),
    }
