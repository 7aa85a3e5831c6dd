"""A page on which a trusted host says that pledges from one place are those of people they know."""

from collections.abc import Collection

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from webapp.events.models import Event
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.filters import as_of
from webapp.security import Act, authorise, signed_in
from webapp.vouching.forms import VouchForm
from webapp.vouching.held import HeldPlace, held_places, people_left, vouch
from webapp.vouching.trust import may_vouch

blueprint = Blueprint("vouching", __name__)


@blueprint.get("/events/<public_id>/being-checked")
@signed_in
def held(public_id: str) -> ResponseReturnValue:
    """Show a host what is held of an event, by where it came from."""
    event = _hosted(public_id)
    places = held_places(db.session, event.id)
    return _show(event, places, _form(places))


@blueprint.post("/events/<public_id>/being-checked")
@signed_in
def confirm(public_id: str) -> ResponseReturnValue:
    """Count what a host vouches for, as far as a day allows."""
    event = _hosted(public_id)
    places = held_places(db.session, event.id)
    form = _form(places)
    if not form.validate():
        return _show(event, places, form), 422
    if may_vouch(current_user, event):
        chosen = form.places.data or ()
        people = vouch(db.session, event.id, chosen)
        db.session.commit()
        flash(_released(event, chosen, people), "message" if people else "warning")
    return redirect(url_for("vouching.held", public_id=public_id), 303)


def _form(places: list[HeldPlace]) -> VouchForm:
    form = VouchForm()
    form.places.choices = [(each.key, _named(each)) for each in places]
    return form


def _named(place: HeldPlace) -> str:
    pledges = ngettext("%(num)s pledge", "%(num)s pledges", place.pledges)
    people = ngettext("%(num)s person", "%(num)s people", place.people)
    return f"{pledges}, {people}"


def _released(event: Event, chosen: Collection[str], people: int) -> str:
    if people:
        return ngettext(
            "Thank you. %(num)s more person is counted now.",
            "Thank you. %(num)s more people are counted now.",
            people,
        )
    if any(each.key in chosen for each in held_places(db.session, event.id)):
        return _("Nothing was counted: what is left is more than you may vouch for in a day.")
    return _("Nothing was counted: those are not being checked any more.")


def _show(event: Event, places: list[HeldPlace], form: VouchForm) -> str:
    return render_template(
        "vouching/held.html",
        event=event,
        form=form,
        places=places,
        pledges=sum(each.pledges for each in places),
        notes={each.key: f"{_('in the hour from')} {as_of(each.since)}" for each in places},
        left=people_left(db.session, event.id),
        is_trusted=may_vouch(current_user, event),
    )


def _hosted(public_id: str) -> Event:
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event
