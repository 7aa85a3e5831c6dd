"""What each step of listing an event does with what was sent: it is kept first, right or wrong."""

from collections.abc import Callable
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.accounts.code_outcomes import too_many_codes
from webapp.accounts.models import User
from webapp.database import utc_now
from webapp.drafts import hosting
from webapp.drafts.actions import begin_draft, mark_right, save_answers
from webapp.drafts.browser import drafts_begun_here, signed_in_person
from webapp.drafts.code import send_code
from webapp.drafts.forms import ANOTHER, WhatForm, WhereForm
from webapp.drafts.models import EventDraft, Step
from webapp.drafts.preview import Preview
from webapp.drafts.publishing import event_of_draft, publish
from webapp.drafts.queries import draft_of_id
from webapp.drafts.showing import FIND, beginning_for, check_page, moments_now, page_of, previewed
from webapp.drafts.written import what_form, where_form
from webapp.events.forms import EventForm
from webapp.events.whereabouts import Refused, spot_said, whereabouts
from webapp.extensions import db
from webapp.groups.queries import group_of_slug
from webapp.language import current_language
from webapp.security import Act, may

# The third page’s own fields; which of them it has depends on who asks.
WHO = ("group", "name", "sector", "alike", "email", "for_somebody", "contact_phone")


def draft_to_write(draft_id: UUID, step: Step) -> EventDraft | None:
    """Return a draft that nobody else changes meanwhile, begun now where this browser began it."""
    draft, user = draft_of_id(db.session, draft_id, lock=True), signed_in_person()
    may_begin = step is Step.WHAT and draft_id in drafts_begun_here()
    if draft is None and may_begin and event_of_draft(db.session, draft_id) is None:
        asked = {name: request.args[name] for name in ("moment", "group") if name in request.args}
        return begin_draft(db.session, draft_id, beginning_for(asked), by=user, now=utc_now())
    if draft is not None and draft.user_id is None and draft_id in drafts_begun_here():
        draft.user_id = user.id if user else None
    return draft


def save_what(draft: EventDraft) -> ResponseReturnValue:
    """Keep what and when."""
    form = what_form(moments_now(), current_language(), utc_now())
    return _saved(draft, Step.WHAT, form, is_right=form.validate)


def save_where(draft: EventDraft) -> ResponseReturnValue:
    """Keep where, and put the pin there if that was asked for."""
    form = where_form(utc_now())

    def is_right() -> bool:
        is_valid = form.validate()
        spot_said(db.session, form)
        return is_valid and not form.errors

    if FIND in request.form:
        return _pin_put(draft, form)
    return _saved(draft, Step.WHERE, form, is_right=is_right)


def save_check(draft: EventDraft) -> ResponseReturnValue:
    """Keep who hosts; then ask for a code, or send the event."""
    sent, user = _who_was_said(draft), signed_in_person()
    preview = previewed(draft)
    if not isinstance(preview, Preview):
        return preview
    if sent.get("told") != preview.told.mark:
        sent.poplist("meant")
    told = preview.told.mark if sent.get("meant") else ""
    draft.answers = {**draft.answers, "told": told}
    form = hosting.form_of(db.session, draft, preview, user, sent)
    if form.validate() and user is not None:
        return finished(draft, user)
    if not form.errors and not send_code(db.session, draft.id, form.email.data):
        form.refuse("email", too_many_codes())
    db.session.commit()
    if form.errors:
        return check_page(draft, form, preview)
    return redirect(url_for("drafts.code", draft_id=draft.id), 303)


def finished(draft: EventDraft, user: User) -> ResponseReturnValue:
    """Send what was written, or lead to what is still to be said."""
    _choose_own_group(draft, user)
    preview = previewed(draft)
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
        return page_of(step.value, draft.id, form, draft.answers)
    return redirect(url_for("drafts.step", draft_id=draft.id, step=draft.next_step), 303)


def _who_was_said(draft: EventDraft) -> MultiDict[str, str]:
    """Keep what was typed of who hosts, and return it as the form reads it."""
    sent = MultiDict(request.form)
    if sent.get("name", "") != draft.text("name"):
        sent.poplist("alike")  # it was said of groups of another name
    # A box that is not ticked is not sent; what was not asked for is not changed.
    answers = {
        "alike": "",
        "for_somebody": "",
        **{name: sent[name] for name in WHO if name in sent},
    }
    save_answers(db.session, draft, Step.CHECK, answers, utc_now())
    return sent


def _choose_own_group(draft: EventDraft, user: User) -> None:
    """Whoever said “It is this one” and belongs to it hosts in its name."""
    said = draft.text("alike")
    group = group_of_slug(db.session, said) if said and said != ANOTHER else None
    if group is not None and may(user, Act.EDIT, group):
        draft.answers = {**draft.answers, "group": group.slug, "alike": ""}


def _pin_put(draft: EventDraft, form: WhereForm) -> ResponseReturnValue:
    """Put the pin at the place that was typed, wherever it stood before; nothing else is judged."""
    save_answers(db.session, draft, Step.WHERE, _typed(form), utc_now())
    found = whereabouts(db.session, place=form.place.data or "", latitude="", longitude="")
    if isinstance(found, Refused):
        form.refuse(found.field, found.sentence)
        db.session.commit()
        return page_of("where", draft.id, form, draft.answers)
    latitude, longitude = f"{found.point.latitude:.5f}", f"{found.point.longitude:.5f}"
    draft.answers = {**draft.answers, "latitude": latitude, "longitude": longitude}
    db.session.commit()
    here = url_for("drafts.step", draft_id=draft.id, step="where", _anchor="pin", find=1)
    return redirect(here, 303)


def _typed(form: EventForm) -> dict[str, str]:
    names = (field.name for field in form if field.name != "csrf_token")
    return {name: request.form.get(name, "") for name in names}
