"""Pages that make one of two listings of the same event, and two of one again."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts.forms import EmptyForm
from webapp.database import utc_now
from webapp.events.life import LifeError
from webapp.events.models import Event
from webapp.events.page import EventPage
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.language import current_language
from webapp.organising.forms import MergeForm
from webapp.organising.merging import alike, differ, merge_events, part_events, public_id_in
from webapp.pledges.contacts import readers_of_news
from webapp.pledges.queries import tally_of_event
from webapp.security import Act, authorise, may, signed_in

blueprint = Blueprint("merging", __name__)


@blueprint.route("/events/<public_id>/merge", methods=["GET", "POST"])
@signed_in
def choose(public_id: str) -> ResponseReturnValue:
    """Ask which other listing is the same event."""
    event, form = _hosted(public_id), MergeForm()
    if form.validate_on_submit():
        other = public_id_in(form.other.data)
        found = event_of_address(db.session, other) if other else None
        if found is not None and found.id != event.id and may(current_user, Act.EDIT, found):
            return redirect(url_for(".ask", public_id=public_id, kept_id=found.public_id), 303)
        form.other.errors = [_("There is no other listing at this address that you may change.")]
    page = render_template(
        "organising/merge.html",
        event=event,
        form=form,
        found=[_page(each) for each in alike(db.session, event, current_user)],
    )
    return page, 422 if form.errors else 200


@blueprint.get("/events/<public_id>/merge/<kept_id>")
@signed_in
def ask(public_id: str, kept_id: str) -> ResponseReturnValue:
    """Say what merging means, before it is done."""
    event, kept = _hosted(public_id), _hosted(kept_id)
    return render_template(
        "organising/merge_ask.html",
        event=_page(event),
        kept=_page(kept),
        people={each.id: tally_of_event(db.session, each.id).people for each in (event, kept)},
        differ=differ(event, kept),
        told=readers_of_news(db.session, event.id) if differ(event, kept) else 0,
        form=EmptyForm(),
    )


@blueprint.post("/events/<public_id>/merge/<kept_id>")
@signed_in
def merge(public_id: str, kept_id: str) -> ResponseReturnValue:
    """Merge a listing into another one."""
    event, kept = _hosted(public_id), _hosted(kept_id)
    try:
        merge_events(db.session, event, kept, current_user, utc_now())
    except LifeError as error:
        return _refused(event, error)
    db.session.commit()
    flash(_("The two are one now."), "good")
    return redirect(url_for("organising.manage", public_id=public_id), 303)


@blueprint.post("/events/<public_id>/part")
@signed_in
def part(public_id: str) -> ResponseReturnValue:
    """Take apart what was merged."""
    event = _hosted(public_id)
    try:
        part_events(db.session, event, current_user, utc_now())
    except LifeError as error:
        return _refused(event, error)
    db.session.commit()
    flash(_("They are two again."), "good")
    return redirect(url_for("organising.manage", public_id=public_id), 303)


def _hosted(public_id: str) -> Event:
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event


def _refused(event: Event, error: LifeError) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(error.sentence), "bad")
    return redirect(url_for("organising.manage", public_id=event.public_id), 303)


def _page(event: Event) -> EventPage:
    return EventPage.of(event, current_language(), utc_now())
