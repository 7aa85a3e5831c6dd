"""Taking the pledge of one caller, and what is read out to them; nothing is asked about who they are."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.database import utc_now
from webapp.events.leading import lead_on
from webapp.events.queries import event_of_address
from webapp.extensions import db
from webapp.filters import local
from webapp.groups.queries import groups_of
from webapp.language import current_language
from webapp.paper.drawings import code
from webapp.partner_codes import carried
from webapp.pledges.homes import NOT_TOLD, Home, home_of
from webapp.pledges.nonces import NonceExpiredError, NonceInvalidError, Receipt
from webapp.pledges.places import stands
from webapp.pledges.promises import Promise
from webapp.pledges.tokens import (
    entry_of_token,
    full_address,
    nonce_sent,
    nonce_to_ask_with,
    signer,
)
from webapp.security import Act, authorise, signed_in
from webapp.vouching.callers import code_of_call, take_call
from webapp.vouching.forms import CallForm, HomeCallForm
from webapp.vouching.origins import origin_of_request
from webapp.vouching.trust import is_believed, may_vouch

blueprint = Blueprint("calls", __name__)


@blueprint.get("/for-a-caller/events/<public_id>")
@signed_in
def to_event(public_id: str) -> ResponseReturnValue:
    """Ask how many come with a caller to an event."""
    return _ask(_at_event(public_id), CallForm())


@blueprint.post("/for-a-caller/events/<public_id>")
@signed_in
def take_to_event(public_id: str) -> ResponseReturnValue:
    """Take a caller’s pledge to an event."""
    return _take(_at_event(public_id), CallForm())


@blueprint.get("/for-a-caller/moments/<slug>")
@signed_in
def at_home(slug: str) -> ResponseReturnValue:
    """Ask how many take part at home with a caller, and where."""
    return _ask(_at_home(slug), HomeCallForm())


@blueprint.post("/for-a-caller/moments/<slug>")
@signed_in
def take_at_home(slug: str) -> ResponseReturnValue:
    """Take the pledge of a caller who takes part at home."""
    return _take(_at_home(slug), HomeCallForm())


@blueprint.get("/for-a-caller/done/<token>")
@signed_in
def done(token: str) -> ResponseReturnValue:
    """Show what is read out to a caller, and lead to the next."""
    _require_trust()
    entry = entry_of_token(token)
    receipt = Receipt(entry.moment_id, entry.nonce)
    promise = Promise.of_entry(db.session, entry, current_language(), utc_now())
    receipt_url = full_address(url_for("pledges.receipt", token=token))
    return render_template(
        "vouching/call_done.html",
        moment=promise.moment,
        event=promise.event,
        pledged=stands(db.session, receipt),
        call_code=code_of_call(db.session, receipt),
        receipt_url=receipt_url,
        code=code(receipt_url),
        demonstration=promise.is_demonstration,
    )


def _take(promise: Promise, form: CallForm) -> ResponseReturnValue:
    is_valid, home = form.validate(), _home(form)
    if not (promise.is_open and is_valid and home):
        return _ask(promise, form), 422
    try:
        nonce = nonce_sent(promise)
    except (NonceExpiredError, NonceInvalidError):
        form.form_errors.append(_("This page was too old. Nothing was counted: send it once more."))
        return _ask(promise, form), 422
    how = {"by": current_user, "now": utc_now(), "origin": origin_of_request(), "home": home}
    taken = take_call(db.session, nonce, party=form.party.data, via=carried(), **how)
    db.session.commit()
    return redirect(url_for("calls.done", token=signer().sign_receipt(taken)), 303)


def _home(form: CallForm) -> Home | None:
    """Return what a typed postcode tells; None with a sentence beside it where we know none such."""
    if not isinstance(form, HomeCallForm) or not form.postcode.data or form.postcode.errors:
        return NOT_TOLD
    home = home_of(db.session, form.postcode.data)
    if home is None:
        form.refuse_postcode()
    return home


def _ask(promise: Promise, form: CallForm) -> str:
    return render_template(
        "vouching/call.html",
        form=form,
        nonce=nonce_to_ask_with(promise),
        moment=promise.moment,
        event=promise.event,
        is_open=promise.is_open,
        demonstration=promise.is_demonstration,
    )


def _at_event(public_id: str) -> Promise:
    event = event_of_address(db.session, public_id) or abort(404)
    lead_on(event)
    authorise(current_user, Act.SEE, event)
    if not may_vouch(current_user, event):
        abort(403)
    found = Promise.at_event(db.session, public_id, current_language(), utc_now())
    return found or abort(404)


def _at_home(slug: str) -> Promise:
    _require_trust()
    today = local(utc_now()).date()
    return Promise.at_home(db.session, slug, current_language(), today) or abort(404)


def _require_trust() -> None:
    if not is_believed(current_user, groups_of(db.session, current_user)):
        abort(403)
