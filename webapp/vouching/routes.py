"""Pages on which trusted hosts open a window for a group, show its link, and close it."""

from flask import (
    Blueprint,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from webapp.accounts.forms import EmptyForm
from webapp.database import utc_now
from webapp.events.models import Event
from webapp.events.page import EventPage
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.filters import number
from webapp.language import current_language
from webapp.paper.drawings import code
from webapp.pledges.tokens import full_address
from webapp.security import Act, authorise, signed_in
from webapp.vouching.forms import PURPOSE_NAMES, WindowForm
from webapp.vouching.models import GroupWindow, Purpose
from webapp.vouching.shown_links import keep_link, kept_token
from webapp.vouching.trust import may_vouch
from webapp.vouching.windows import (
    NewWindow,
    TooManyWindowsError,
    close_window,
    open_window,
    window_of_event,
    windows_left,
    windows_of_event,
)

blueprint = Blueprint("windows", __name__)

LARGEST_NUMBER = 2**63 - 1


@blueprint.get("/events/<public_id>/group-pledges")
@signed_in
def of_event(public_id: str) -> ResponseReturnValue:
    """Show a host the windows of an event, and open another."""
    return _show(_hosted(public_id), WindowForm())


@blueprint.post("/events/<public_id>/group-pledges")
@signed_in
def open_one(public_id: str) -> ResponseReturnValue:
    """Open a window, and lead to its link."""
    event, form, now = _hosted(public_id), WindowForm(), utc_now()
    if not _may_open(event):
        return redirect(url_for("windows.of_event", public_id=public_id), 303)
    if not form.validate():
        return _show(event, form), 422
    new = NewWindow(Purpose(form.purpose.data), form.cap.data, form.word.data or None)
    try:
        window, token = open_window(db.session, event, new, now)
    except TooManyWindowsError:
        flash(_("That is all for a day. Open another tomorrow."), "warning")
        return redirect(url_for("windows.of_event", public_id=public_id), 303)
    db.session.commit()
    keep_link(session, window, token)
    return redirect(url_for("windows.show", public_id=public_id, number=window.id), 303)


@blueprint.get("/events/<public_id>/group-pledges/<int:number>")
@signed_in
def show(public_id: str, number: int) -> ResponseReturnValue:
    """Show one window: on the device that opened it with its link, to hold up or to print."""
    event, now = _hosted(public_id), utc_now()
    window = _window(event, number)
    token = kept_token(session, window, now)
    link = full_address(url_for("through.ask", token=token)) if token else None
    page = EventPage.of(event, current_language(), now)
    return render_template(
        "vouching/window.html",
        event=page,
        moment=page.moment,
        window=window,
        is_open=window.is_open(now),
        link=link,
        code=code(link) if link else None,
        purposes=PURPOSE_NAMES,
        form=EmptyForm(),
        demonstration=page.is_demonstration,
    )


@blueprint.get("/events/<public_id>/group-pledges/<int:number>/count.json")
@signed_in
def count(public_id: str, number: int) -> ResponseReturnValue:
    """Say how many came through a window, for its page to keep up."""
    window = _window(_hosted(public_id), number)
    return jsonify(people=window.people, cap=window.cap, words=came_through(window))


@blueprint.post("/events/<public_id>/group-pledges/<int:number>/close")
@signed_in
def close(public_id: str, number: int) -> ResponseReturnValue:
    """Close a window before its hour is over."""
    window = _window(_hosted(public_id), number)
    if EmptyForm().validate():
        close_window(db.session, window, utc_now())
        db.session.commit()
        flash(_("It is closed. Whoever is in stays in."))
    return redirect(url_for("windows.of_event", public_id=public_id), 303)


def came_through(window: GroupWindow) -> dict[str, str]:
    """Return how many came through a window, as its page says it."""
    return {
        "people": number(window.people),
        "meaning": ngettext("person came through", "people came through", window.people),
        "full": "" if window.left > 0 else _("Everybody has come through this link who can"),
    }


def _show(event: Event, form: WindowForm) -> str:
    now = utc_now()
    page = EventPage.of(event, current_language(), now)
    return render_template(
        "vouching/windows.html",
        event=page,
        form=form,
        close_form=EmptyForm(),
        is_trusted=may_vouch(current_user, event),
        windows=windows_of_event(db.session, event.id),
        left=windows_left(db.session, event.id, now),
        purposes=PURPOSE_NAMES,
        now=now,
    )


def _may_open(event: Event) -> bool:
    return may_vouch(current_user, event) and event.takes_pledges(utc_now())


def _hosted(public_id: str) -> Event:
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event


def _window(event: Event, number: int) -> GroupWindow:
    return window_of_event(db.session, event.id, min(number, LARGEST_NUMBER)) or abort(404)
