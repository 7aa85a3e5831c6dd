"""Telling afterwards how many came, and whether somebody was met.

By the link in a mail, without signing in: GET shows and POST answers, so that a program that
follows every link in a mail changes nothing. Hosts who have signed in need no link.
"""

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.database import utc_now
from webapp.events.models import Event
from webapp.events.page import EventPage
from webapp.events.queries import event_of_address
from webapp.extensions import csrf, db
from webapp.filters import local
from webapp.headcounts.actions import report_headcount, tell_encounter
from webapp.headcounts.encounters import Met, Witness
from webapp.headcounts.forms import EmptyForm, HeadcountForm, LinkHeadcountForm
from webapp.headcounts.queries import asked, is_told, may_tell, reported
from webapp.language import current_language
from webapp.pledges.tokens import entry_of_token
from webapp.security import Act, authorise, refuse_foreign_origin, signed_in, uncached
from webapp.signed_links import read

blueprint = Blueprint("headcounts", __name__)


@dataclass(frozen=True)
class Way:
    """The addresses of one way to tell: by a link or signed in."""

    show: str
    thanks: str
    met: str
    token_form: EmptyForm | None = None

    @classmethod
    def by_link(cls, token: str) -> "Way":
        """Return the way of whoever has the link."""
        return cls(
            url_for("headcounts.how_many", token=token),
            url_for("headcounts.how_many", token=token, thanks=1),
            url_for("headcounts.met", token=token),
        )

    @classmethod
    def signed_in(cls, event: Event) -> "Way":
        """Return the way of a host who has signed in."""
        return cls(
            url_for("headcounts.how_many_here", public_id=event.public_id),
            url_for("headcounts.how_many_here", public_id=event.public_id, thanks=1),
            url_for("headcounts.met_here", public_id=event.public_id),
            EmptyForm(),
        )


@blueprint.route("/how-many/<token>", methods=["GET", "POST"])
@csrf.exempt
@uncached
def how_many(token: str) -> ResponseReturnValue:
    """Ask about how many came, of whoever has the link, and take the answer."""
    event = _event_of_link(token)
    if event is None:
        return render_template("headcounts/unknown.html"), 404
    refuse_foreign_origin()
    return _how_many(event, LinkHeadcountForm(), Way.by_link(token))


@blueprint.post("/how-many/<token>/met")
@csrf.exempt
@uncached
def met(token: str) -> ResponseReturnValue:
    """Take from whoever has the link whom they met."""
    refuse_foreign_origin()
    event = _event_of_link(token) or abort(404)
    return _met(event, Way.by_link(token))


@blueprint.route("/events/<public_id>/how-many", methods=["GET", "POST"])
@signed_in
def how_many_here(public_id: str) -> ResponseReturnValue:
    """Ask a host who has signed in about how many came, and take the answer."""
    event = _own_event(public_id)
    return _how_many(event, HeadcountForm(), Way.signed_in(event))


@blueprint.post("/events/<public_id>/how-many/met")
@signed_in
def met_here(public_id: str) -> ResponseReturnValue:
    """Take from a host who has signed in whom they met."""
    event = _own_event(public_id)
    return _met(event, Way.signed_in(event))


@blueprint.post("/pledges/<token>/met")
@csrf.exempt
@uncached
def met_on_receipt(token: str) -> ResponseReturnValue:
    """Take from whoever has a pledge’s receipt whom they met."""
    refuse_foreign_origin()
    entry = entry_of_token(token)
    if not may_tell(db.session, entry, utc_now()):
        abort(404)
    return _tell(Witness.neighbour(entry, _secret_key()), url_for("pledges.receipt", token=token))


def _how_many(
    event: Event, form: HeadcountForm | LinkHeadcountForm, way: Way
) -> ResponseReturnValue:
    now = utc_now()
    is_open = is_told(event, now)
    if is_open and form.is_submitted() and form.validate():
        report_headcount(db.session, event, form.number, now)
        db.session.commit()
        return redirect(way.thanks, 303)
    people = reported(db.session, [event.id]).get(event.id)
    if people is not None and not form.is_submitted():
        if "thanks" in request.args:
            return _thanks(event, people, way)
        form.people.data = str(people)
    page = EventPage.of(event, current_language(), now)
    shown = render_template(
        "headcounts/how_many.html",
        form=form, event=page, moment=page.moment, people=people, is_open=is_open, way=way,
        demonstration=page.is_demonstration,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


def _thanks(event: Event, people: int, way: Way) -> ResponseReturnValue:
    page = EventPage.of(event, current_language(), utc_now())
    return render_template(
        "headcounts/thanks.html",
        event=page,
        moment=page.moment,
        people=people,
        asked=asked(db.session, Witness.host(event, _secret_key())),
        way=way,
        demonstration=page.is_demonstration,
    )


def _met(event: Event, way: Way) -> ResponseReturnValue:
    if not is_told(event, utc_now()):
        abort(404)
    return _tell(Witness.host(event, _secret_key()), way.thanks)


def _tell(witness: Witness, back: str) -> ResponseReturnValue:
    try:
        met = Met(request.form.get("met", ""))
    except ValueError:
        abort(400)
    tell_encounter(db.session, witness, met, local(utc_now()).date())
    db.session.commit()
    return redirect(f"{back}#met", 303)


def _event_of_link(token: str) -> Event | None:
    public_id = read(_secret_key(), "headcount", token)
    return event_of_address(db.session, public_id) if public_id else None


def _own_event(public_id: str) -> Event:
    event = event_of_address(db.session, public_id) or abort(404)
    authorise(current_user, Act.EDIT, event)
    return event


def _secret_key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key
