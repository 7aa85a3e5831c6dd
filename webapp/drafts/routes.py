"""Listing an event, one page at a time; what was typed is kept at every step."""

from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.accounts.code_outcomes import mistake
from webapp.accounts.forms import CodeForm, EmptyForm
from webapp.accounts.sessions import start_session
from webapp.database import utc_now
from webapp.drafts import saving, showing
from webapp.drafts.actions import throw_away
from webapp.drafts.browser import adopt_begun_here, is_own, new_draft_id, own_drafts
from webapp.drafts.code import awaited_at, try_typed
from webapp.drafts.models import Step
from webapp.drafts.publishing import event_of_draft
from webapp.drafts.queries import draft_of_id
from webapp.events.page import EventPage
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.language import current_language
from webapp.security import Act, authorise, signed_in, uncached

blueprint = Blueprint("drafts", __name__, url_prefix="/host")

STEP = "<any(what, where, check):step>"
SHOW = {
    Step.WHAT: showing.show_what,
    Step.WHERE: showing.show_where,
    Step.CHECK: showing.show_check,
}
SAVE = {
    Step.WHAT: saving.save_what,
    Step.WHERE: saving.save_where,
    Step.CHECK: saving.save_check,
}


@blueprint.get("")
@uncached
def start() -> ResponseReturnValue:
    """Begin to list an event, or go on with one: `?moment=` and `?group=` are chosen already."""
    asked = {name: request.args[name] for name in ("moment", "group") if name in request.args}
    if adopt_begun_here(db.session):
        db.session.commit()
    drafts = own_drafts(db.session)
    if drafts and "new" not in request.args:
        return render_template("drafts/start.html", drafts=drafts, asked=asked)
    return showing.first_page(new_draft_id(db.session), asked)


@blueprint.get(f"/<uuid:draft_id>/{STEP}")
@uncached
def step(draft_id: UUID, step: str) -> ResponseReturnValue:
    """Show a page as it was left."""
    draft = draft_of_id(db.session, draft_id)
    if draft is None or not is_own(draft):
        return _gone(draft_id)
    return SHOW[Step(step)](draft)


@blueprint.post(f"/<uuid:draft_id>/{STEP}")
@uncached
def save(draft_id: UUID, step: str) -> ResponseReturnValue:
    """Keep what was typed, then say what is wrong with it or go on."""
    draft = saving.draft_to_write(draft_id, Step(step))
    if draft is None or not is_own(draft):
        return _gone(draft_id)
    return SAVE[Step(step)](draft)


@blueprint.get("/<uuid:draft_id>/code")
@uncached
def code(draft_id: UUID) -> ResponseReturnValue:
    """Ask for the code that was sent."""
    draft = draft_of_id(db.session, draft_id)
    if draft is None or not is_own(draft):
        return _gone(draft_id)
    if current_user.is_authenticated or awaited_at(draft_id) is None:
        return redirect(_check_url(draft_id))
    return showing.code_page(draft, CodeForm())


@blueprint.post("/<uuid:draft_id>/code")
@uncached
def enter_code(draft_id: UUID) -> ResponseReturnValue:
    """Sign in whoever has the right code, and send what they wrote."""
    draft = draft_of_id(db.session, draft_id, lock=True)
    if draft is None or not is_own(draft):
        return _gone(draft_id)
    form = CodeForm()
    if awaited_at(draft_id) is None:
        return redirect(_check_url(draft_id), 303)
    if not form.validate():
        return showing.code_page(draft, form)
    attempt = try_typed(db.session, form.code.data)
    if attempt.user is None:
        form.code.errors = [mistake(attempt.outcome)]
        db.session.commit()
        return showing.code_page(draft, form)
    draft.user_id = attempt.user.id
    start_session(attempt.user, by="email")
    if attempt.user.totp_secret:
        db.session.commit()
        return redirect(url_for("second_factor.ask", next=_check_url(draft_id)), 303)
    return saving.finished(draft, attempt.user)


@blueprint.route("/<uuid:draft_id>/throw-away", methods=["GET", "POST"])
@uncached
def throw_it_away(draft_id: UUID) -> ResponseReturnValue:
    """Erase a draft, after asking."""
    draft = draft_of_id(db.session, draft_id)
    if draft is None or not is_own(draft):
        return _gone(draft_id)
    form = EmptyForm()
    if not form.validate_on_submit():
        return render_template("drafts/throw_away.html", draft=draft, form=form)
    throw_away(db.session, draft)
    db.session.commit()
    return redirect(url_for(".start"), 303)


@blueprint.get("/sent/<public_id>")
@signed_in
def sent(public_id: str) -> ResponseReturnValue:
    """Say what happens now, and offer what else can be done."""
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    page = EventPage.of(event, current_language(), utc_now())
    return render_template(
        "drafts/sent.html", event=page, moment=page.moment, share_link=_share_link(public_id)
    )


@blueprint.errorhandler(showing.NoMomentError)
def no_moment(_error: showing.NoMomentError) -> ResponseReturnValue:
    """Say that there is nothing to list for just now."""
    return render_template("drafts/no_moment.html")


def _check_url(draft_id: UUID) -> str:
    return url_for(".step", draft_id=draft_id, step=Step.CHECK)


def _gone(draft_id: UUID) -> ResponseReturnValue:
    """Lead to what a draft has become; one that is somebody else’s or nobody’s is not found."""
    event = event_of_draft(db.session, draft_id) or abort(404)
    return redirect(url_for(".sent", public_id=event.public_id), 303)


def _share_link(public_id: str) -> str:
    """Return the full address of an event’s page, to be sent to neighbours."""
    origin: str = current_app.config["SETTINGS"].site_origin
    return origin + url_for("events.show", public_id=public_id)
