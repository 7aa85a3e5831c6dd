"""Pages of whoever hosts: your events, the page of one of them, and what may become of it."""

from collections.abc import Callable

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts.forms import EmptyForm
from webapp.asked_places.queries import places_asked
from webapp.database import utc_now
from webapp.drafts.actions import copy_event_into_draft
from webapp.drafts.browser import adopt_begun_here
from webapp.drafts.preview import zoom_to
from webapp.events.co_hosts import co_hosts_of
from webapp.events.life import LifeError
from webapp.events.models import Event, EventStatus
from webapp.events.page import EventPage
from webapp.events.pictures import picture_of
from webapp.events.queries import event_of_address, event_of_id
from webapp.extensions import csrf, db
from webapp.language import current_language
from webapp.organising.actions import (
    cancel_event,
    hide_event,
    postpone_event,
    send_again,
    take_back,
)
from webapp.organising.editing import Editor, Outcome
from webapp.organising.forms import ExplanationForm
from webapp.organising.queries import history_of, reason_of_return
from webapp.organising.what_happened import happened
from webapp.organising.your_events import Pages, YourEvents
from webapp.pledges.contacts import readers_of_news
from webapp.pledges.places import people_waiting, people_when_on
from webapp.pledges.queries import tally_of_event
from webapp.questions.queries import unanswered
from webapp.security import Act, authorise, refuse_foreign_origin, signed_in, uncached
from webapp.signed_links import read
from webapp.vouching.held import pledges_held
from webapp.vouching.trust import may_vouch

blueprint = Blueprint("organising", __name__)

HIDE_LINK = "hide-event"


@blueprint.get("/your-events")
@signed_in
def your_events() -> ResponseReturnValue:
    """Show somebody what needs them now, what is coming and what has been."""
    pages = Pages(request.args.get("coming", 1, type=int), request.args.get("past", 1, type=int))
    if adopt_begun_here(db.session):
        db.session.commit()
    return render_template(
        "organising/your_events.html",
        mine=YourEvents.of(db.session, current_user, pages, utc_now()),
        user=current_user,
        coming_url=lambda number: url_for(".your_events", coming=number, past=pages.past),
        past_url=lambda number: url_for(".your_events", past=number, coming=pages.coming),
    )


@blueprint.get("/events/<public_id>/manage")
@signed_in
def manage(public_id: str) -> ResponseReturnValue:
    """Show a host all that may be done with one event."""
    event = _hosted(public_id)
    page = EventPage.of(event, current_language(), utc_now())
    return render_template(
        "organising/manage.html",
        event=page,
        zoom=zoom_to(page.radius_metres),
        is_kept_hidden=event.hidden_by_staff and not current_user.is_staff,
        merged_into=event.merged_into_id and event_of_id(db.session, event.merged_into_id),
        vouches=may_vouch(current_user, event),
        held=pledges_held(db.session, event.id),
        tally=tally_of_event(db.session, event.id),
        when_on=None if page.is_on else people_when_on(db.session, event.id),
        waiting=people_waiting(db.session, event.id),
        questions=unanswered(db.session, [event.id]).get(event.id, 0),
        places=places_asked(db.session, [event.id], utc_now()).get(event.id, 0),
        reason=reason_of_return(db.session, event.id),
        picture=picture_of(db.session, event.id),
        co_hosts=co_hosts_of(db.session, event.id),
        form=EmptyForm(),
    )


@blueprint.get("/events/<public_id>/history")
@signed_in
def history(public_id: str) -> ResponseReturnValue:
    """Show a host who did what with an event, and when."""
    event = _hosted(public_id)
    return render_template(
        "organising/history.html",
        event=event,
        lines=happened(history_of(db.session, event.id), event.group, current_user),
    )


@blueprint.post("/events/<public_id>/send")
@signed_in
def send(public_id: str) -> ResponseReturnValue:
    """Send an event that was returned once more."""
    event = _hosted(public_id)
    return _done(event, send_again, _("It is sent."))


@blueprint.route("/events/<public_id>/postpone", methods=["GET", "POST"])
@signed_in
def postpone(public_id: str) -> ResponseReturnValue:
    """Postpone an event, with a word of explanation."""
    return _explained(public_id, "postpone", postpone_event, _("It is postponed."))


@blueprint.route("/events/<public_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(public_id: str) -> ResponseReturnValue:
    """Cancel an event, with a word of explanation."""
    return _explained(public_id, "cancel", cancel_event, _("It is cancelled."))


@blueprint.route("/events/<public_id>/hide", methods=["GET", "POST"])
@signed_in
def hide(public_id: str) -> ResponseReturnValue:
    """Hide an event, after saying what that means."""
    event = _hosted(public_id)
    form = EmptyForm()
    if form.validate_on_submit():
        return _done(event, hide_event, _("It is hidden."))
    return render_template("organising/hide.html", event=event, form=form, **_promised(event))


@blueprint.post("/events/<public_id>/restore")
@signed_in
def restore(public_id: str) -> ResponseReturnValue:
    """Show a hidden event again, or take back that it was postponed or cancelled."""
    return _done(_hosted(public_id), take_back, _("That is taken back."))


@blueprint.route("/events/<public_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(public_id: str) -> ResponseReturnValue:
    """Change all that an event says; of two who save, the second sees what the first did."""
    event = _hosted(public_id)
    sent = request.form if request.method == "POST" else None
    editor = Editor(db.session, event, current_language(), utc_now(), sent)
    if sent is None or editor.wants_to_go_on:
        return _edit_page(editor)
    outcome = editor.save(current_user)
    if outcome is Outcome.COMPARE:
        return _compare_page(editor), 409 if sent.get("compared") is None else 422
    if outcome is Outcome.MISTAKES:
        return _edit_page(editor), 422
    db.session.commit()
    flash(_("It is saved.") if outcome is Outcome.SAVED else _("Nothing was changed."), "good")
    for warning in editor.warnings:
        flash(warning, "warning")
    return redirect(url_for(".manage", public_id=public_id), 303)


@blueprint.route("/events/<public_id>/again", methods=["GET", "POST"])
@signed_in
def again(public_id: str) -> ResponseReturnValue:
    """Begin a new event that says what this one says, for another day."""
    event = _hosted(public_id)
    form = EmptyForm()
    if form.validate_on_submit():
        draft = copy_event_into_draft(db.session, event, current_user, utc_now())
        db.session.commit()
        return redirect(url_for("drafts.step", draft_id=draft.id, step="what"), 303)
    return render_template("organising/again.html", event=event, form=form)


@blueprint.route("/hide/<token>", methods=["GET", "POST"])
@csrf.exempt
@uncached
def hide_by_link(token: str) -> ResponseReturnValue:
    """Let whoever has a mail about an event hide it, without signing in: first a page, then a button."""
    public_id = read(current_app.config["SECRET_KEY"], HIDE_LINK, token)
    event = event_of_address(db.session, public_id) if public_id else None
    if event is None:
        return _unlisted(render_template("organising/link_is_dead.html")), 404
    if request.method == "POST":
        refuse_foreign_origin()
        if event.status is not EventStatus.HIDDEN:
            _hide_once(event)
        return redirect(url_for(".hide_by_link", token=token), 303)
    return _unlisted(
        render_template(
            "organising/hide_by_link.html", event=event, token=token, **_promised(event)
        )
    )


def _hosted(public_id: str) -> Event:
    """Return an event that whoever is signed in may change."""
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event


def _promised(event: Event) -> dict[str, int]:
    """Return how many said that they will come, and how many of them would be told of a change."""
    return {
        "people": tally_of_event(db.session, event.id).people,
        "told": readers_of_news(db.session, event.id),
    }


def _edit_page(editor: Editor) -> str:
    event = editor.event
    return render_template(
        "organising/edit.html", event=event, form=editor.form, **_promised(event)
    )


def _compare_page(editor: Editor) -> str:
    form = editor.choosing()
    if "compared" in request.form:
        form.validate()
    event = editor.event
    latest = happened(history_of(db.session, event.id)[:1], event.group, current_user)
    return render_template(
        "organising/compare.html", event=event, editor=editor, form=form, latest=latest
    )


def _done(event: Event, act: Callable[..., None], sentence: str) -> ResponseReturnValue:
    """Do something with an event, or say why that cannot be, and lead back to its page."""
    try:
        act(db.session, event, current_user, utc_now())
    except LifeError as error:
        db.session.rollback()
        flash(str(error.sentence), "bad")
    else:
        db.session.commit()
        flash(sentence, "good")
    return redirect(url_for(".manage", public_id=event.public_id), 303)


def _explained(
    public_id: str, deed: str, act: Callable[..., None], sentence: str
) -> ResponseReturnValue:
    """Ask for a word of explanation, then do something with an event."""
    event = _hosted(public_id)
    form = ExplanationForm()
    if form.validate_on_submit():
        form.point_out({"explanation": form.explanation.data})
    if form.is_submitted() and not form.errors:
        try:
            act(db.session, event, current_user, utc_now(), form.explanation.data)
        except LifeError as error:
            db.session.rollback()
            form.form_errors.append(str(error.sentence))
        else:
            db.session.commit()
            flash(sentence, "good")
            return redirect(url_for(".manage", public_id=public_id), 303)
    page = render_template(
        "organising/explain.html", deed=deed, event=event, form=form, **_promised(event)
    )
    return page, 422 if form.errors else 200


def _hide_once(event: Event) -> None:
    """Hide an event; of two who press the button at once, the second finds it done."""
    try:
        hide_event(db.session, event, None, utc_now())
    except LifeError:
        db.session.rollback()
    else:
        db.session.commit()


def _unlisted(page: str) -> Response:
    """Return a page that no search engine may keep."""
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
