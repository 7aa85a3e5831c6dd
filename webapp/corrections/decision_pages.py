"""Pages about decisions on pledges: how far each has come, confirm it, stop it, undo it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.corrections.actions import (
    Asking,
    DecidedAlreadyError,
    GrownError,
    NothingFitsError,
    OwnDecisionError,
    ask_to_undo,
    confirm,
    heads_now,
    left_alone,
    left_to_undo,
    stop,
    withdraw,
)
from webapp.corrections.conditions import Conditions
from webapp.corrections.describing import described
from webapp.corrections.figures import limit_of_decided, places, sample
from webapp.corrections.forms import ReasonForm, SeenForm
from webapp.corrections.models import Cause, DecisionKind, DecisionState, PledgeDecision
from webapp.corrections.queries import decision_of_number, decisions, undoings_of
from webapp.corrections.wording import CAUSES, KINDS, STATES, WHYS
from webapp.database import utc_now
from webapp.events.listing import PAGE_SIZE, OnePage, page_number
from webapp.extensions import db
from webapp.language import current_language
from webapp.security import staff

blueprint = Blueprint("decisions", __name__, url_prefix="/staff/held/decisions")
LARGEST_NUMBER = 2**63 - 1


@blueprint.get("")
@staff
def index() -> ResponseReturnValue:
    """List what was decided, what is open first."""
    page = page_number(request.args.get("page", 1, type=int))
    rows, total = decisions(db.session, limit=PAGE_SIZE, offset=PAGE_SIZE * (page - 1))
    return render_template(
        "corrections/decisions.html", listing=OnePage(rows, total, page), **_words()
    )


@blueprint.get("/<int:number>")
@staff
def show(number: int) -> ResponseReturnValue:
    """Show one decision: who, when, why, what was tried out and what was done."""
    found = _decision_or_404(number)
    return render_template(
        "corrections/decision.html",
        decision=found,
        conditions=described(db.session, Conditions.of(found.conditions)),
        undoings=undoings_of(db.session, found),
        left=left_to_undo(db.session, found)[0] if found.can_be_undone else 0,
        is_own=found.asked_by_id == current_user.id,
        form=SeenForm(),
        **_words(),
    )


@blueprint.get("/<int:number>/confirm")
@staff
def ask_to_confirm(number: int) -> ResponseReturnValue:
    """Spell out what a decision would do, to the second person."""
    found = _decision_or_404(number)
    if found.state is not DecisionState.WAITING or found.asked_by_id == current_user.id:
        return _shown(found)
    return _ask_to_confirm(found, SeenForm())


@blueprint.post("/<int:number>/confirm")
@staff
def confirmed(number: int) -> ResponseReturnValue:
    """Confirm what another asked for."""
    found, form = _decision_or_404(number), SeenForm()
    if not form.validate():
        return _ask_to_confirm(found, form), 422
    try:
        confirm(db.session, found, by=current_user, seen_heads=form.seen_heads, now=utc_now())
    except OwnDecisionError:
        return _refused(found, _("Nobody confirms what they asked for themselves."))
    except DecidedAlreadyError:
        return _refused(found, _("Somebody was faster. Nothing was changed by you."))
    except GrownError:
        db.session.rollback()
        form.refuse(_("There are more of them by now. Look at the figures again, then decide."))
        return _ask_to_confirm(found, form), 422
    db.session.commit()
    flash(_("Confirmed. It is being carried out."))
    return _shown(found)


@blueprint.post("/<int:number>/withdraw")
@staff
def take_back(number: int) -> ResponseReturnValue:
    """End what waits for a second person."""
    found = _decision_or_404(number)
    return _ended(found, withdraw, _("It is withdrawn. Nothing more is done."))


@blueprint.post("/<int:number>/stop")
@staff
def stop_it(number: int) -> ResponseReturnValue:
    """Stop what is being carried out."""
    found = _decision_or_404(number)
    return _ended(
        found, stop, _("It is stopped. What was done before stays done until you undo it.")
    )


@blueprint.get("/<int:number>/undo")
@staff
def ask_about_undoing(number: int) -> ResponseReturnValue:
    """Spell out what undoing would do, and ask why."""
    found = _decision_or_404(number)
    if not found.can_be_undone:
        return _shown(found)
    return _ask_about_undoing(found, ReasonForm())


@blueprint.post("/<int:number>/undo")
@staff
def undo(number: int) -> ResponseReturnValue:
    """Keep that a decision is to be undone."""
    found, form = _decision_or_404(number), ReasonForm()
    if not form.validate():
        return _ask_about_undoing(found, form), 422
    try:
        undoing = ask_to_undo(db.session, found, _asking(form))
    except (DecidedAlreadyError, NothingFitsError, GrownError):
        return _refused(found, _("It cannot be undone now: look at how it stands."))
    db.session.commit()
    return _shown(undoing)


def _decision_or_404(number: int) -> PledgeDecision:
    return decision_of_number(db.session, min(number, LARGEST_NUMBER)) or abort(404)


def _asking(form: ReasonForm) -> Asking:
    return Asking(
        by=current_user,
        cause=Cause(form.cause.data),
        reason=form.reason.data,
        seen_heads=form.seen_heads,
        now=utc_now(),
    )


def _ended(found: PledgeDecision, end: Any, sentence: str) -> ResponseReturnValue:
    try:
        end(db.session, found, by=current_user, now=utc_now())
    except DecidedAlreadyError:
        return _refused(found, _("Somebody was faster. Nothing was changed by you."))
    db.session.commit()
    flash(sentence)
    return _shown(found)


def _refused(found: PledgeDecision, sentence: str) -> ResponseReturnValue:
    number = found.id
    db.session.rollback()
    flash(sentence, "warning")
    return redirect(url_for("decisions.show", number=number), 303)


def _shown(found: PledgeDecision) -> ResponseReturnValue:
    return redirect(url_for("decisions.show", number=found.id), 303)


def _ask_to_confirm(found: PledgeDecision, form: SeenForm) -> str:
    conditions = Conditions.of(found.conditions)
    is_undoing = found.kind is DecisionKind.UNDO
    return render_template(
        "corrections/confirm.html",
        decision=found,
        form=form,
        heads=heads_now(db.session, found),
        conditions=described(db.session, conditions),
        places=[] if is_undoing else places(db.session, conditions),
        sample=[] if is_undoing else sample(db.session, conditions),
        **_words(),
    )


def _ask_about_undoing(found: PledgeDecision, form: ReasonForm) -> str:
    limit = limit_of_decided(db.session, found.id)
    return render_template(
        "corrections/undo.html",
        decision=found,
        form=form,
        heads=left_to_undo(db.session, found)[1],
        alone=left_alone(db.session, found.moment_id, limit, utc_now()),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "kinds": KINDS,
        "states": STATES,
        "causes": CAUSES,
        "whys": WHYS,
        "language_of": current_language(),
    }
