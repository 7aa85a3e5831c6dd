"""Show staff what is held, try out what a decision about pledges would do, and ask for it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from webapp.corrections.actions import Asking, GrownError, NothingFitsError, ask, left_alone
from webapp.corrections.conditions import AT_HOME, Conditions, What, Why
from webapp.corrections.describing import described
from webapp.corrections.figures import figures, limit_of, places, sample
from webapp.corrections.forms import AT_HOME as TYPED_HOME
from webapp.corrections.forms import ConditionsForm, DecideForm
from webapp.corrections.models import Cause, DecisionKind, DecisionState
from webapp.corrections.queries import (
    areas_of_pledges,
    decisions_waiting,
    held_by_area,
    held_by_event,
    held_by_source,
    moments_with_held,
)
from webapp.corrections.wording import KINDS, WHYS
from webapp.database import utc_now
from webapp.events.models import Event
from webapp.extensions import db
from webapp.filters import local
from webapp.language import current_language
from webapp.security import staff

blueprint = Blueprint("held", __name__, url_prefix="/staff/held")


@blueprint.get("")
@staff
def overview() -> ResponseReturnValue:
    """Show what is held of a moment, by source, event and area."""
    moments = moments_with_held(db.session)
    if not moments:
        abort(404)
    asked = request.args.get("moment", "")
    shown = next((each for each in moments if each.moment.slug == asked), moments[0])
    return render_template(
        "corrections/held.html",
        moments=moments,
        shown=shown,
        language_of=current_language(),
        sources=held_by_source(db.session, shown.moment.id),
        events=held_by_event(db.session, shown.moment.id),
        areas=held_by_area(db.session, shown.moment.id),
        waiting=decisions_waiting(db.session),
        whys=WHYS,
    )


@blueprint.get("/decide")
@staff
def decide() -> ResponseReturnValue:
    """Ask which pledges, and show what a decision about them would do."""
    form = _conditions_form(request.args)
    if "moment" not in request.args:
        return _show(form)
    conditions = _conditions(form) if form.validate() else None
    if conditions is None:
        return _show(form), 422
    return _show(form, conditions, DecideForm(conditions.what))


@blueprint.post("/decide")
@staff
def ask_for_it() -> ResponseReturnValue:
    """Keep a decision about the pledges that the address names."""
    form = _conditions_form(request.args)
    conditions = _conditions(form) if form.validate() else None
    if conditions is None:
        return _show(form), 422
    deciding = DecideForm(conditions.what)
    if not deciding.validate():
        return _show(form, conditions, deciding), 422
    try:
        number = _asked(conditions, deciding)
    except GrownError:
        db.session.rollback()
        deciding.refuse(_("There are more of them by now. Look at the figures again, then decide."))
        return _show(form, conditions, deciding), 422
    except NothingFitsError:
        return _show(form, conditions, deciding), 422
    return redirect(url_for("decisions.show", number=number), 303)


def _asked(conditions: Conditions, form: DecideForm) -> int:
    asking = Asking(
        by=current_user,
        cause=Cause(form.cause.data),
        reason=form.reason.data,
        seen_heads=form.seen_heads,
        now=utc_now(),
    )
    decision = ask(db.session, DecisionKind(form.kind.data), conditions, asking)
    db.session.commit()
    if decision.state is DecisionState.WAITING:
        flash(_("Another member of staff has to confirm this. All others get a mail."), "news")
    return decision.id


def _conditions_form(typed: MultiDict[str, str]) -> ConditionsForm:
    language = current_language()
    moments = [
        (each.moment.id, each.moment.name(language)) for each in moments_with_held(db.session)
    ]
    return ConditionsForm(typed, moments, areas_of_pledges(db.session))


def _conditions(form: ConditionsForm) -> Conditions | None:
    """Return what a form asks for; None with a sentence beside it where there is no such event."""
    event_id = _event_id(form.event.data or "")
    if form.event.data and event_id is None:
        form.refuse_event()
        return None
    return Conditions(
        moment_id=form.moment.data,
        what=What(form.what.data),
        until=min(form.until.at or utc_now(), utc_now()),
        since=form.since.at,
        event_id=event_id,
        area=form.area.data or None,
        source=form.source.data or None,
        why=Why(form.why.data) if form.why.data else None,
        via=form.via.data or None,
    )


def _event_id(typed: str) -> int | None:
    if typed.lower() == TYPED_HOME:
        return AT_HOME
    public_id = typed.rstrip("/").rpartition("/")[2]
    return db.session.scalar(select(Event.id).where(Event.public_id == public_id))


def _show(
    form: ConditionsForm, conditions: Conditions | None = None, deciding: DecideForm | None = None
) -> str:
    found = _found(form, conditions) if conditions else {}
    return render_template("corrections/decide.html", form=form, deciding=deciding, **found)


def _found(form: ConditionsForm, conditions: Conditions) -> dict[str, Any]:
    # The end is fixed now, so that what is decided is what is shown.
    until = local(conditions.until).replace(tzinfo=None, microsecond=0).isoformat()
    query = {
        name: str(value)
        for name, value in form.data.items()
        if value and name not in {"since", "until"}
    }
    if conditions.since:
        query["since"] = local(conditions.since).replace(tzinfo=None).isoformat()
    limit, found = limit_of(db.session, conditions), figures(db.session, conditions)
    alone = left_alone(db.session, conditions.moment_id, limit, utc_now())
    return {
        "query": query | {"until": until},
        "figures": found,
        "limit": limit,
        "alone": alone,
        "too_large": [each for each in DecisionKind if found.heads(each) > alone],
        "kinds": KINDS,
        "places": places(db.session, conditions),
        "sample": sample(db.session, conditions),
        "conditions": described(db.session, conditions),
        "release": DecisionKind.RELEASE,
        "invalidate": DecisionKind.INVALIDATE,
        "whys": WHYS,
    }
